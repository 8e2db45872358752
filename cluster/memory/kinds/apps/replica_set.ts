/**
 * ReplicaSets keep a number of equal pods.
 *
 * Source: `pkg/apis/apps/validation/validation.go`, `pkg/registry/apps/replicaset/strategy.go`.
 */
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { formatLabelSelector, type Selector } from "../label_selector.ts";
import type { Draft } from "../object.ts";
import type { PodTemplateSpec, ReplicaSet } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
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
  nonNegative,
  prepareTemplate,
  scaleSelector,
  validateCounts,
  validateSelector,
  workloadWarnings,
} from "./workload.ts";

export const replicaSet = defineKind<ReplicaSet>({
  group: "apps",
  version: "v1",
  kind: "ReplicaSet",
  plural: "replicasets",
  singular: "replicaset",
  shortNames: ["rs"],
  categories: ["all"],
  namespaced: true,
  type: "apps.v1.ReplicaSet",
  strategy: {
    names: "subdomain",
    defaults({ spec }) {
      spec.replicas ??= 1;
      defaultTemplate(spec.template ??= { metadata: {}, spec: { containers: [] } } as Draft<PodTemplateSpec>);
    },
    prepareForCreate(set) {
      set.status = { replicas: 0 };
      prepareTemplate(set.spec.template);
    },
    prepareForUpdate: (set, old) => prepareTemplate(set.spec.template, old.spec.template),
    validate: (set) => validateSpec(set, templateOptions()),
    validateUpdate: (set, old) => [
      ...validateSpec(set, templateOptions(old.spec.template)),
      ...equalJson(set.spec.selector ?? null, old.spec.selector ?? null) ? [] : [immutableSelector(set.spec.selector)],
    ],
    warnings(set, old) {
      if (old === undefined) return workloadWarnings(set.metadata.name, set.spec.template!);
      return equalJson(set.spec, old.spec) ? [] : workloadWarnings(undefined, set.spec.template!);
    },
  },
  status: {
    validateUpdate: ({ status }) =>
      validateCounts(status, [
        "replicas",
        "fullyLabeledReplicas",
        "readyReplicas",
        "availableReplicas",
        "observedGeneration",
        "terminatingReplicas",
      ], [
        ["fullyLabeledReplicas", "replicas"],
        ["readyReplicas", "replicas"],
        ["availableReplicas", "replicas"],
        ["availableReplicas", "readyReplicas", "readyReplicas"],
      ]),
  },
  scale: {
    replicas: ({ spec }) => spec.replicas ?? 0,
    withReplicas: ({ spec }, replicas) => void (spec.replicas = replicas),
    currentReplicas: ({ status }) => status?.replicas ?? 0,
    selector: ({ spec }) => scaleSelector(spec.selector),
  },
  table: tableOf<ReplicaSet>("apps.v1.ReplicaSet", ({ metadata, spec, status }, now) => [
    metadata.name ?? "",
    spec.replicas ?? 0,
    status?.replicas ?? 0,
    status?.readyReplicas ?? 0,
    age(metadata.creationTimestamp, now),
    ...containerCells(spec.template),
    formatLabelSelector(spec.selector),
  ]),
});

function validateSpec({ spec }: ReplicaSet, options: PodOptions) {
  const { errors, selects, broken } = validateSelector(spec.selector, "spec.selector", "deployment");
  return [
    ...nonNegative(spec.replicas, "spec.replicas"),
    ...nonNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...errors,
    ...broken ? [] : validateReplicaTemplate(spec.template!, selects, "spec.template", options),
  ];
}

/** The template of pods that a ReplicaSet, or a Deployment through one, makes. */
export function validateReplicaTemplate(
  template: PodTemplateSpec,
  selects: Selector | undefined,
  path: string,
  options: PodOptions,
) {
  return [
    ...selects?.length === 0 ? [] : validateTemplateLabels(template, selects, path),
    ...validatePodTemplateSpec(template, path, options),
    ...validateAlwaysRestarts(template, path, "ReplicaSet"),
  ];
}
