/** The pods that others make. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, forbidden, invalid, notSupported } from "../../../field_error.ts";
import { sortKeys } from "../../../json.ts";
import { type Selector, selectorMatches } from "../../../label_selector.ts";
import { validateAnnotations, validateLabels } from "../../../object_meta.ts";
import type { PodTemplateSpec } from "../../../schema/types.ts";
import { validatePodAnnotations, validateProfilesMatch } from "./annotations.ts";
import { type PodOptions, podOptions } from "./options.ts";
import { validatePodSpec } from "./pod_spec.ts";

export function validatePodTemplateSpec(template: PodTemplateSpec, path: string, options: PodOptions): FieldError[] {
  const { metadata = {}, spec } = template;
  const specAt = child(path, "spec");
  return [
    ...validateLabels(metadata.labels, child(path, "labels")),
    ...validateAnnotations(metadata.annotations, child(path, "annotations")),
    ...validatePodAnnotations(metadata.annotations, spec, child(path, "annotations"), options),
    ...validatePodSpec(spec, undefined, specAt, options),
    ...validateProfilesMatch(metadata, spec, specAt),
    ...spec.ephemeralContainers?.length
      ? [forbidden(child(specAt, "ephemeralContainers"), "ephemeral containers not allowed in pod template")]
      : [],
  ];
}

/** What may stay in a template as it was. */
export const templateOptions = (old?: PodTemplateSpec): PodOptions => podOptions(false, old?.spec, old?.metadata ?? {});

/**
 * The error of a selector that does not select the template's own pods.
 *
 * @param selector undefined selects nothing
 */
export function validateTemplateLabels(template: PodTemplateSpec, selector: Selector | undefined, path: string) {
  const labels = template.metadata?.labels;
  if (selector !== undefined && selectorMatches(selector, labels)) return [];
  const at = child(path, "metadata", "labels");
  return [invalid(at, sortKeys(labels ?? null), "`selector` does not match template `labels`")];
}

/** Pods that are replaced when they end must restart always, and have no end of their own. */
export function validateAlwaysRestarts({ spec }: PodTemplateSpec, path: string, kind: string): FieldError[] {
  const deadline = spec.activeDeadlineSeconds ?? undefined;
  return [
    ...spec.restartPolicy === "Always"
      ? []
      : [notSupported(child(path, "spec", "restartPolicy"), spec.restartPolicy ?? "", ["Always"])],
    ...deadline === undefined
      ? []
      : [forbidden(child(path, "spec", "activeDeadlineSeconds"), `activeDeadlineSeconds in ${kind} is not Supported`)],
  ];
}
