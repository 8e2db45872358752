/**
 * StatefulSets keep pods that are told apart: each has its name, its place in the order and its claims.
 *
 * Source: `pkg/apis/apps/validation/validation.go`, `pkg/registry/apps/statefulset/strategy.go`.
 */
import { child } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import type { Draft } from "../object.ts";
import type { StatefulSet } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { claimSpecWarnings } from "../core/claim_spec.ts";
import { defaultResourceList } from "../core/pod/defaults.ts";
import { validateStatefulSet, validateStatefulSetUpdate } from "./stateful_set_validation.ts";
import {
  containerCells,
  defaultTemplate,
  prepareTemplate,
  scaleSelector,
  validateCollisions,
  validateCounts,
  workloadWarnings,
} from "./workload.ts";

export const statefulSet = defineKind<StatefulSet>({
  group: "apps",
  version: "v1",
  kind: "StatefulSet",
  plural: "statefulsets",
  singular: "statefulset",
  shortNames: ["sts"],
  categories: ["all"],
  namespaced: true,
  type: "apps.v1.StatefulSet",
  strategy: {
    names: "label",
    defaults,
    prepareForCreate(set) {
      set.status = { replicas: 0, availableReplicas: 0 };
      dropMaxUnavailable(set);
      prepareTemplate(set.spec.template);
    },
    prepareForUpdate(set, old) {
      if (old.spec.updateStrategy?.rollingUpdate?.maxUnavailable === undefined) dropMaxUnavailable(set);
      prepareTemplate(set.spec.template, old.spec.template);
    },
    validate: validateStatefulSet,
    validateUpdate: validateStatefulSetUpdate,
    warnings(set, old) {
      const template = old === undefined || !equalJson(set.spec, old.spec)
        ? workloadWarnings(undefined, set.spec.template)
        : [];
      const claims = (set.spec.volumeClaimTemplates ?? []).flatMap(({ spec }, i) =>
        claimSpecWarnings(spec, child("spec.volumeClaimTemplates", i, ...old === undefined ? [] : ["Spec"]))
      );
      if ((set.spec.revisionHistoryLimit ?? 0) >= 0) return [...template, ...claims];
      const why = "a negative value retains all historical revisions; a value >= 0 is recommended";
      return [...template, ...claims, `spec.revisionHistoryLimit: ${why}`];
    },
  },
  status: {
    validateUpdate: ({ status }, old) => [
      ...validateCounts(status, [
        "replicas",
        "readyReplicas",
        "currentReplicas",
        "updatedReplicas",
        "availableReplicas",
        "observedGeneration",
        "collisionCount",
      ], [
        ["readyReplicas", "replicas"],
        ["currentReplicas", "replicas"],
        ["updatedReplicas", "replicas"],
        ["availableReplicas", "replicas"],
        ["availableReplicas", "readyReplicas"],
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
  table: tableOf<StatefulSet>("apps.v1.StatefulSet", ({ metadata, spec, status }, now) => [
    metadata.name ?? "",
    `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
    age(metadata.creationTimestamp, now),
    ...containerCells(spec.template),
  ]),
});

/** `maxUnavailable` is a feature that is off. */
function dropMaxUnavailable({ spec }: Draft<StatefulSet>): void {
  delete spec.updateStrategy?.rollingUpdate?.maxUnavailable;
}

function defaults({ spec }: Draft<StatefulSet>): void {
  spec.podManagementPolicy ||= "OrderedReady";
  const strategy = spec.updateStrategy ??= {};
  if (!strategy.type) {
    strategy.type = "RollingUpdate";
    strategy.rollingUpdate ??= {};
  }
  if (strategy.type === "RollingUpdate" && strategy.rollingUpdate) strategy.rollingUpdate.partition ??= 0;
  const retention = spec.persistentVolumeClaimRetentionPolicy ??= {};
  retention.whenDeleted ||= "Retain";
  retention.whenScaled ||= "Retain";
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  defaultTemplate(spec.template);
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.apiVersion = "v1";
    claim.kind = "PersistentVolumeClaim";
    (claim.status ??= {}).phase ||= "Pending";
    claim.spec ??= {} as typeof claim.spec;
    claim.spec.volumeMode ??= "Filesystem";
    defaultResourceList(claim.spec.resources?.limits);
    defaultResourceList(claim.spec.resources?.requests);
  }
}
