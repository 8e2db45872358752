/** Errors of StatefulSets. Source: `pkg/apis/apps/validation/validation.go`. */
import { child, type FieldError, forbidden, invalid, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { check, dns1123Label } from "../names.ts";
import { validateAnnotations, validateLabels } from "../object_meta.ts";
import type { PodTemplateSpec, StatefulSet, StatefulSetSpec } from "../schema/types.ts";
import { validateClaimSpec } from "../core/claim_spec.ts";
import { validatePodAnnotations } from "../core/pod/validation/annotations.ts";
import type { PodOptions } from "../core/pod/validation/options.ts";
import {
  templateOptions,
  validateAlwaysRestarts,
  validatePodTemplateSpec,
  validateTemplateLabels,
} from "../core/pod/validation/template.ts";
import { intOrPercentNumber, nonNegative, notMoreThanAll, validateIntOrPercent, validateSelector } from "./workload.ts";

export const validateStatefulSet = ({ spec }: StatefulSet): FieldError[] => validateSpec(spec, templateOptions(), {});

interface SpecOptions {
  readonly anyServiceName?: boolean;
  readonly anyClaims?: boolean;
  readonly anyTemplate?: boolean;
}

export function validateStatefulSetUpdate(set: StatefulSet, old: StatefulSet): FieldError[] {
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
