/** A new pod. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, forbidden } from "../../../field_error.ts";
import type { Pod } from "../../../schema/types.ts";
import { validatePodAnnotations, validateProfilesMatch } from "./annotations.ts";
import { validateImageSpaces } from "./containers.ts";
import { type PodOptions, podOptions } from "./options.ts";
import { validatePodSpec } from "./pod_spec.ts";

export function validatePod({ metadata, spec }: Pod): FieldError[] {
  return [
    ...validateAnnotationsAndSpec({ metadata, spec }, podOptions(true)),
    ...spec.ephemeralContainers?.length ? [forbidden("spec.ephemeralContainers", "cannot be set on create")] : [],
    ...spec.nodeName && spec.schedulingGates?.length
      ? [forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared")]
      : [],
    ...validateProfilesMatch(metadata, spec, "spec"),
  ];
}

/** What must hold of every pod, new or changed. */
export function validateAnnotationsAndSpec({ metadata, spec }: Pick<Pod, "metadata" | "spec">, options: PodOptions) {
  const errors = [
    ...validatePodAnnotations(metadata.annotations, spec, "metadata.annotations", options),
    ...validatePodSpec(spec, metadata, "spec", options),
  ];
  if (!spec.serviceAccountName) {
    for (const [i, { projected }] of (spec.volumes ?? []).entries()) {
      for (const [j, source] of (projected?.sources ?? []).entries()) {
        if (!source.serviceAccountToken) continue;
        const at = child("spec", "volumes", i, "projected", "sources", j, "serviceAccountToken");
        errors.push(forbidden(at, "must not be specified when serviceAccountName is not set"));
      }
    }
  }
  for (const field of ["containers", "initContainers"] as const) {
    (spec[field] ?? []).forEach((it, i) => errors.push(...validateImageSpaces(it, child("spec", field, i))));
  }
  return errors;
}
