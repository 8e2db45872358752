/**
 * StatefulSets keep pods that are told apart: each has its name, its place in the order and its claims.
 *
 * Source: `pkg/apis/apps/validation/validation.go`, `pkg/registry/apps/statefulset/strategy.go`.
 */
import { child, type FieldError, forbidden, invalid, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { check, dns1123Label } from "../names.ts";
import type { Draft } from "../object.ts";
import { validateAnnotations, validateLabels } from "../object_meta.ts";
import type { PodTemplateSpec, StatefulSet, StatefulSetSpec } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { claimSpecWarnings, validateClaimSpec } from "../core/claim_spec.ts";
import { defaultResourceList } from "../core/pod/defaults.ts";
import { validatePodAnnotations } from "../core/pod/validation/annotations.ts";
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
  intOrPercentNumber,
  nonNegative,
  notMoreThanAll,
  prepareTemplate,
  scaleSelector,
  validateCollisions,
  validateCounts,
  validateIntOrPercent,
  validateSelector,
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
    validate: (set) => validateSpec(set.spec, templateOptions(), {}),
    validateUpdate,
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

interface SpecOptions {
  readonly anyServiceName?: boolean;
  readonly anyClaims?: boolean;
  readonly anyTemplate?: boolean;
}

function validateUpdate(set: StatefulSet, old: StatefulSet): FieldError[] {
  const options = templateOptions(old.spec.template);
  // These cannot change, so what is wrong with them was so before.
  const stored = { anyServiceName: true, anyClaims: true };
  const anyTemplate = validateSpec(old.spec, options, stored).length > 0;
  const errors = validateSpec(set.spec, options, { ...stored, anyTemplate });
  const fixed = (spec: StatefulSetSpec) => ({
    ...spec,
    replicas: 0,
    template: null,
    updateStrategy: null,
    minReadySeconds: 0,
    ordinals: null,
    revisionHistoryLimit: 0,
    persistentVolumeClaimRetentionPolicy: null,
  });
  if (equalJson(fixed(set.spec), fixed(old.spec))) return errors;
  const fields =
    "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
  return [...errors, forbidden("spec", `updates to statefulset spec for fields other than ${fields} are forbidden`)];
}

const RETENTION_POLICIES = ["Retain", "Delete"];

function validateSpec(spec: StatefulSetSpec, podOptions: PodOptions, options: SpecOptions): FieldError[] {
  const policy = spec.podManagementPolicy ?? "";
  const errors: FieldError[] = [];
  const policyAt = "spec.podManagementPolicy";
  if (policy === "") errors.push(required(policyAt));
  else if (policy !== "OrderedReady" && policy !== "Parallel") {
    errors.push(invalid(policyAt, policy, "must be 'OrderedReady' or 'Parallel'"));
  }
  errors.push(...validateStrategy(spec, "spec.updateStrategy"));
  for (const field of ["whenDeleted", "whenScaled"] as const) {
    const retention = spec.persistentVolumeClaimRetentionPolicy?.[field];
    if (retention === undefined || RETENTION_POLICIES.includes(retention)) continue;
    const at = child("spec.persistentVolumeClaimRetentionPolicy", field);
    errors.push(notSupported(at, retention, RETENTION_POLICIES));
  }
  if (!options.anyClaims) {
    for (const [i, claim] of (spec.volumeClaimTemplates ?? []).entries()) {
      errors.push(...validateClaimSpec(claim.spec, child("spec.volumeClaimTemplates", i, "spec")));
    }
  }
  errors.push(
    ...nonNegative(spec.replicas, "spec.replicas"),
    ...nonNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...nonNegative(spec.ordinals?.start, "spec.ordinals.start"),
  );
  if (!options.anyServiceName && spec.serviceName) {
    errors.push(...check("spec.serviceName", spec.serviceName, dns1123Label));
  }
  const selector = validateSelector(spec.selector, "spec.selector", "statefulset", "");
  errors.push(...selector.errors);
  if (!selector.broken) {
    const { selects } = selector;
    const at = "spec.template";
    if (selects?.length !== 0) errors.push(...validateTemplateLabels(spec.template, selects, at));
    errors.push(...validateTemplate(spec, at, podOptions, options));
  }
  return [...errors, ...validateAlwaysRestarts(spec.template, "spec.template", "StatefulSet")];
}

/** The template as the pods will have it: with the claims' volumes, without host names of its own. */
function validateTemplate(spec: StatefulSetSpec, path: string, podOptions: PodOptions, options: SpecOptions) {
  const { metadata = {}, spec: pod } = spec.template;
  const claims = [...new Set((spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name ?? ""))];
  const volumes = [
    ...claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
    ...(pod.volumes ?? []).filter(({ name }) => !claims.includes(name)),
  ];
  const template: PodTemplateSpec = {
    metadata,
    spec: { ...pod, subdomain: "", hostname: "", ...claims.length > 0 ? { volumes } : {} },
  };
  const annotationsAt = child(path, "annotations");
  return [
    ...options.anyTemplate ? [] : validatePodTemplateSpec(template, path, podOptions),
    ...validateLabels(metadata.labels, child(path, "labels")),
    ...validateAnnotations(metadata.annotations, annotationsAt),
    ...validatePodAnnotations(metadata.annotations, template.spec, annotationsAt, podOptions),
  ];
}

function validateStrategy({ updateStrategy = {} }: StatefulSetSpec, path: string): FieldError[] {
  const { type = "", rollingUpdate } = updateStrategy;
  const { partition = 0, maxUnavailable } = rollingUpdate ?? {};
  const at = child(path, "rollingUpdate");
  const json = { Partition: partition, MaxUnavailable: maxUnavailable ?? null };
  if (type === "") return [required(path)];
  if (type === "OnDelete") {
    return rollingUpdate ? [invalid(at, json, "only allowed for updateStrategy 'RollingUpdate'")] : [];
  }
  if (type !== "RollingUpdate") {
    const value = { Type: type, RollingUpdate: rollingUpdate ? json : null };
    return [invalid(path, value, "must be 'RollingUpdate' or 'OnDelete'")];
  }
  const errors = nonNegative(partition, child(at, "partition"));
  if (maxUnavailable === undefined) return errors;
  const field = child(at, "maxUnavailable");
  return [
    ...errors,
    ...validateIntOrPercent(maxUnavailable, field),
    ...intOrPercentNumber(maxUnavailable) === 0 ? [invalid(field, maxUnavailable, "cannot be 0")] : [],
    ...notMoreThanAll(maxUnavailable, field),
  ];
}
