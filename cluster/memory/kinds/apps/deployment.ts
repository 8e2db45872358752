/**
 * Deployments replace pods by newer ones, a ReplicaSet after the other.
 *
 * Source: `pkg/apis/apps/validation/validation.go`, `pkg/registry/apps/deployment/strategy.go`.
 */
import { child, type FieldError, forbidden, invalid, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { formatSelector } from "../label_selector.ts";
import type { Draft } from "../object.ts";
import type { Deployment, DeploymentStrategy } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import type { PodOptions } from "../core/pod/validation/options.ts";
import { templateOptions } from "../core/pod/validation/template.ts";
import { validateReplicaTemplate } from "./replica_set.ts";
import {
  containerCells,
  defaultTemplate,
  immutableSelector,
  intOrPercentNumber,
  nonNegative,
  notMoreThanAll,
  parseSelector,
  prepareTemplate,
  scaleSelector,
  validateCollisions,
  validateCounts,
  validateIntOrPercent,
  validateSelector,
  workloadWarnings,
} from "./workload.ts";

export const deployment = defineKind<Deployment>({
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  singular: "deployment",
  shortNames: ["deploy"],
  categories: ["all"],
  namespaced: true,
  type: "apps.v1.Deployment",
  strategy: {
    names: "subdomain",
    defaults,
    prepareForCreate(deployment) {
      deployment.status = {};
      prepareTemplate(deployment.spec.template);
    },
    prepareForUpdate: (deployment, old) => prepareTemplate(deployment.spec.template, old.spec.template),
    validate: (deployment) => validateSpec(deployment, templateOptions()),
    validateUpdate: (deployment, old) => [
      ...validateSpec(deployment, templateOptions(old.spec.template)),
      ...equalJson(deployment.spec.selector ?? null, old.spec.selector ?? null)
        ? []
        : [immutableSelector(deployment.spec.selector)],
    ],
    warnings(deployment, old) {
      if (old === undefined) return workloadWarnings(deployment.metadata.name, deployment.spec.template);
      return differs(deployment, old) ? workloadWarnings(undefined, deployment.spec.template) : [];
    },
    generation: differs,
  },
  status: {
    prepareForUpdate(deployment, old) {
      if (old.metadata.labels === undefined) delete deployment.metadata.labels;
      else deployment.metadata.labels = { ...old.metadata.labels };
    },
    validateUpdate: ({ status }, old) => [
      ...validateCounts(status, [
        "observedGeneration",
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
        "unavailableReplicas",
        "terminatingReplicas",
        "collisionCount",
      ], [
        ["updatedReplicas", "replicas"],
        ["readyReplicas", "replicas"],
        ["availableReplicas", "replicas"],
        ["availableReplicas", "readyReplicas", "readyReplicas"],
      ]),
      ...validateCollisions(status.collisionCount, old.status?.collisionCount),
    ],
  },
  scale: {
    replicas: ({ spec }) => spec.replicas ?? 0,
    withReplicas: ({ spec }, replicas) => void (spec.replicas = replicas),
    currentReplicas: ({ status }) => status?.replicas ?? 0,
    selector: ({ spec }) => scaleSelector(spec.selector),
  },
  table: tableOf<Deployment>("apps.v1.Deployment", ({ metadata, spec, status }, now) => {
    const { selects, broken } = parseSelector(spec.selector);
    return [
      metadata.name ?? "",
      `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
      status?.updatedReplicas ?? 0,
      status?.availableReplicas ?? 0,
      age(metadata.creationTimestamp, now),
      ...containerCells(spec.template),
      broken ? "<invalid>" : formatSelector(selects ?? []),
    ];
  }),
});

/** Annotations count: the controller copies them to the ReplicaSets. */
function differs(deployment: Deployment, old: Deployment): boolean {
  return !equalJson(deployment.spec, old.spec) ||
    !equalJson(deployment.metadata.annotations ?? {}, old.metadata.annotations ?? {});
}

function defaults({ spec }: Draft<Deployment>): void {
  spec.replicas ??= 1;
  const strategy = spec.strategy ??= {};
  strategy.type ||= "RollingUpdate";
  if (strategy.type === "RollingUpdate") {
    const rolling = strategy.rollingUpdate ??= {};
    rolling.maxUnavailable ??= "25%";
    rolling.maxSurge ??= "25%";
  }
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  defaultTemplate(spec.template);
}

function validateSpec({ spec }: Deployment, options: PodOptions): FieldError[] {
  const { errors, selects, broken } = validateSelector(spec.selector, "spec.selector", "deployment");
  const deadline = spec.progressDeadlineSeconds ?? undefined;
  const deadlineAt = "spec.progressDeadlineSeconds";
  return [
    ...nonNegative(spec.replicas, "spec.replicas"),
    ...errors,
    ...broken ? [] : validateReplicaTemplate(spec.template, selects, "spec.template", options),
    ...validateStrategy(spec.strategy, "spec.strategy"),
    ...nonNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...nonNegative(spec.revisionHistoryLimit, "spec.revisionHistoryLimit"),
    ...nonNegative(deadline, deadlineAt),
    ...deadline !== undefined && deadline <= (spec.minReadySeconds ?? 0)
      ? [invalid(deadlineAt, deadline, "must be greater than minReadySeconds")]
      : [],
  ];
}

function validateStrategy({ type = "", rollingUpdate }: DeploymentStrategy, path: string): FieldError[] {
  const at = child(path, "rollingUpdate");
  if (type === "Recreate") {
    if (!rollingUpdate) return [];
    return [forbidden(at, "may not be specified when strategy `type` is 'Recreate'")];
  }
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {};
  if (type !== "RollingUpdate") {
    const value = {
      Type: type,
      RollingUpdate: rollingUpdate ? { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge } : null,
    };
    return [notSupported(path, value, ["Recreate", "RollingUpdate"])];
  }
  if (!rollingUpdate) return [required(at, "this should be defaulted and never be nil")];
  const [unavailableAt, surgeAt] = [child(at, "maxUnavailable"), child(at, "maxSurge")];
  const none = intOrPercentNumber(maxUnavailable) === 0 && intOrPercentNumber(maxSurge) === 0;
  return [
    ...validateIntOrPercent(maxUnavailable, unavailableAt),
    ...validateIntOrPercent(maxSurge, surgeAt),
    ...none ? [invalid(unavailableAt, maxUnavailable, "may not be 0 when `maxSurge` is 0")] : [],
    ...notMoreThanAll(maxUnavailable, unavailableAt),
  ];
}
