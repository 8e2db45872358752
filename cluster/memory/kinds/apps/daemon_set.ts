/**
 * DaemonSets keep one pod on every node.
 *
 * Source: `pkg/apis/apps/validation/validation.go`, `pkg/registry/apps/daemonset/strategy.go`.
 */
import { child, type FieldError, invalid, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { formatLabelSelector, hasInvalidLabelValue, validateLabelSelector } from "../label_selector.ts";
import type { Draft } from "../object.ts";
import type { DaemonSet, DaemonSetUpdateStrategy } from "../schema/types.ts";
import { age, labelsText, tableOf } from "../table.ts";
import type { PodOptions } from "../core/pod/validation/options.ts";
import {
  templateOptions,
  validateAlwaysRestarts,
  validatePodTemplateSpec,
  validateTemplateLabels,
} from "../core/pod/validation/template.ts";
import {
  containerCells,
  defaultTemplate,
  immutableSelector,
  intOrPercentNumber,
  isEmptySelector,
  nonNegative,
  notMoreThanAll,
  parseSelector,
  prepareTemplate,
  validateCollisions,
  validateCounts,
  validateIntOrPercent,
  workloadWarnings,
} from "./workload.ts";

/** Counts the templates that the DaemonSet has had: a field once, an annotation since. */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

export const daemonSet = defineKind<DaemonSet>({
  group: "apps",
  version: "v1",
  kind: "DaemonSet",
  plural: "daemonsets",
  singular: "daemonset",
  shortNames: ["ds"],
  categories: ["all"],
  namespaced: true,
  type: "apps.v1.DaemonSet",
  strategy: {
    names: "subdomain",
    defaults,
    prepareForCreate(set) {
      set.status = { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 };
      const given = Number(set.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
      setTemplateGeneration(set, given >= 1 ? given : 1);
      prepareTemplate(set.spec.template);
    },
    prepareForUpdate(set, old) {
      prepareTemplate(set.spec.template, old.spec.template);
      const changed = !equalJson(set.spec.template, old.spec.template);
      setTemplateGeneration(set, templateGeneration(old) + (changed ? 1 : 0));
    },
    validate: (set) => validateSpec(set, templateOptions()),
    validateUpdate(set, old) {
      const options = templateOptions(old.spec.template);
      const anySelectorValue = options.anySelectorValue || hasInvalidLabelValue(old.spec.selector);
      return [
        ...equalJson(set.spec.selector ?? null, old.spec.selector ?? null)
          ? []
          : [immutableSelector(set.spec.selector)],
        ...validateSpec(set, { ...options, anySelectorValue }),
      ];
    },
    warnings(set, old) {
      if (old !== undefined && equalJson(set.spec.template, old.spec.template)) return [];
      return workloadWarnings(undefined, set.spec.template);
    },
  },
  status: {
    validateUpdate: ({ status }, old) => [
      ...validateCounts(status, [
        "currentNumberScheduled",
        "numberMisscheduled",
        "desiredNumberScheduled",
        "numberReady",
        "observedGeneration",
        "updatedNumberScheduled",
        "numberAvailable",
        "numberUnavailable",
        "collisionCount",
      ]),
      ...validateCollisions(status.collisionCount, old.status?.collisionCount),
    ],
  },
  table: {
    ...tableOf<DaemonSet>("apps.v1.DaemonSet", ({ metadata, spec, status }, now) => [
      metadata.name ?? "",
      status?.desiredNumberScheduled ?? 0,
      status?.currentNumberScheduled ?? 0,
      status?.numberReady ?? 0,
      status?.updatedNumberScheduled ?? 0,
      status?.numberAvailable ?? 0,
      labelsText(spec.template.spec.nodeSelector),
      age(metadata.creationTimestamp, now),
      ...containerCells(spec.template),
      formatLabelSelector(spec.selector),
    ]),
    metadata: withoutTemplateGeneration,
  },
});

export const templateGeneration = ({ metadata }: DaemonSet): number =>
  Number(metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);

/** Inside of a real server the count is a field; only the object as a whole, made for a client, says it so. */
function withoutTemplateGeneration({ metadata }: DaemonSet): DaemonSet["metadata"] {
  const { annotations = {}, ...rest } = metadata;
  const { [TEMPLATE_GENERATION]: _count, ...others } = annotations;
  return Object.keys(others).length === 0 ? rest : { ...metadata, annotations: others };
}

function setTemplateGeneration({ metadata }: Draft<DaemonSet>, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [TEMPLATE_GENERATION]: String(generation) };
}

function defaults({ metadata, spec }: Draft<DaemonSet>): void {
  // The count is part of every DaemonSet that the server reads, before the strategy sets it: so the writer owns it.
  metadata.annotations = { [TEMPLATE_GENERATION]: "0", ...metadata.annotations };
  const strategy = spec.updateStrategy ??= {};
  strategy.type ||= "RollingUpdate";
  if (strategy.type === "RollingUpdate") {
    const rolling = strategy.rollingUpdate ??= {};
    rolling.maxUnavailable ??= 1;
    rolling.maxSurge ??= 0;
  }
  spec.revisionHistoryLimit ??= 10;
  defaultTemplate(spec.template);
}

function validateSpec({ metadata, spec }: DaemonSet, options: PodOptions): FieldError[] {
  const selectorAt = "spec.selector";
  const { selects, broken } = parseSelector(spec.selector);
  const generation = metadata.annotations?.[TEMPLATE_GENERATION];
  return [
    ...validateLabelSelector(spec.selector, selectorAt, { anyValue: options.anySelectorValue }),
    ...broken ? [] : validateTemplateLabels(spec.template, selects, "spec.template"),
    ...spec.selector && isEmptySelector(spec.selector)
      ? [invalid(selectorAt, {}, "empty selector is invalid for daemonset")]
      : [],
    ...validatePodTemplateSpec(spec.template, "spec.template", options),
    ...validateAlwaysRestarts(spec.template, "spec.template", "DaemonSet"),
    ...nonNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...nonNegative(Number(generation ?? 0), "spec.templateGeneration"),
    ...validateStrategy(spec.updateStrategy, "spec.updateStrategy"),
    ...nonNegative(spec.revisionHistoryLimit, "spec.revisionHistoryLimit"),
  ];
}

function validateStrategy({ type = "", rollingUpdate }: DaemonSetUpdateStrategy, path: string): FieldError[] {
  if (type === "OnDelete") return [];
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {};
  if (type !== "RollingUpdate") {
    const value = {
      Type: type,
      RollingUpdate: rollingUpdate ? { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge } : null,
    };
    return [notSupported(path, value, ["RollingUpdate", "OnDelete"])];
  }
  const at = child(path, "rollingUpdate");
  if (!rollingUpdate) return [required(at)];
  const [unavailableAt, surgeAt] = [child(at, "maxUnavailable"), child(at, "maxSurge")];
  const errors = [
    ...validateIntOrPercent(maxUnavailable, unavailableAt),
    ...validateIntOrPercent(maxSurge, surgeAt),
    ...notMoreThanAll(maxUnavailable, unavailableAt),
    ...notMoreThanAll(maxSurge, surgeAt),
  ];
  const [unavailable, surge] = [intOrPercentNumber(maxUnavailable) !== 0, intOrPercentNumber(maxSurge) !== 0];
  if (unavailable && surge) errors.push(invalid(surgeAt, maxSurge, "may not be set when maxUnavailable is non-zero"));
  if (!unavailable && !surge) errors.push(required(unavailableAt, "cannot be 0 when maxSurge is 0"));
  return errors;
}
