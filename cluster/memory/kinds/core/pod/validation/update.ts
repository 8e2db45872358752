/**
 * What may change in a pod: its images, its deadline, more tolerations; more while it is gated.
 *
 * Source: ValidatePodUpdate of `pkg/apis/core/validation/validation.go`.
 */
import { child, type FieldError, forbidden, invalid, required } from "../../../field_error.ts";
import { internalJson } from "../../../go/internal_json.ts";
import { diffJson } from "../../../go/unified_diff.ts";
import { equalJson, sortKeys } from "../../../json.ts";
import { rangeError } from "../../../names.ts";
import { metadataErrors } from "../../../object_meta.ts";
import type {
  Container,
  NodeAffinity,
  NodeSelectorTerm,
  Pod,
  PodSchedulingGate,
  PodSpec,
} from "../../../schema/types.ts";
import { validateAnnotationUpdate, validatePodAnnotations } from "./annotations.ts";
import { validateImageSpaces } from "./containers.ts";
import { type PodOptions, podOptions } from "./options.ts";
import { validateAnnotationsAndSpec } from "./pod.ts";
import { validateOnlyAddedTolerations } from "./tolerations.ts";

const MAX_INT32 = 2147483647;
const UPDATABLE = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
];

/** Errors that any change of a pod can have: the pod is judged as a whole again, and annotations that stay. */
export function validateChangedPod(pod: Pod, old: Pod, options: PodOptions): FieldError[] {
  return [
    ...metadataErrors(pod),
    ...validateAnnotationsAndSpec(pod, options),
    ...validateAnnotationChanges(pod, old, options),
  ];
}

export function validateAnnotationChanges(pod: Pod, old: Pod, options: PodOptions): FieldError[] {
  const at = "metadata.annotations";
  return [
    ...validateAnnotationUpdate(pod.metadata.annotations, old.metadata.annotations, at),
    ...validatePodAnnotations(pod.metadata.annotations, pod.spec, at, options),
  ];
}

export const updateOptions = (old: Pod): PodOptions => podOptions(true, old.spec, old.metadata);

export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const options = updateOptions(old);
  const { spec } = pod;
  const errors = validateChangedPod(pod, old, options);
  for (const field of ["containers", "initContainers"] as const) {
    const [containers, before] = [spec[field] ?? [], old.spec[field] ?? []];
    const at = child("spec", field);
    if (containers.length !== before.length) {
      return [...errors, forbidden(at, "pod updates may not add or remove containers")];
    }
    containers.forEach((container, i) => errors.push(...validateImage(container, child(at, i))));
  }
  const deadline = validateDeadline(spec.activeDeadlineSeconds, old.spec.activeDeadlineSeconds);
  errors.push(...deadline.errors);
  if (deadline.stop) return errors;
  errors.push(
    ...validateOnlyAddedTolerations(spec.tolerations, old.spec.tolerations, "spec.tolerations", options),
    ...validateOnlyRemovedGates(spec.schedulingGates, old.spec.schedulingGates, "spec.schedulingGates"),
  );
  if (equalJson(spec, old.spec)) return errors;

  let munged = withUpdatableFieldsOf(old.spec, spec);
  if (old.spec.schedulingGates?.length) {
    errors.push(...validateGatedPlacement(munged, old.spec));
    munged = withPlacementOf(old.spec, munged);
  }
  if (equalJson(munged, old.spec)) return errors;
  const difference = diffJson(internalJson("PodSpec", old.spec), internalJson("PodSpec", munged));
  const message = `pod updates may not change fields other than ${UPDATABLE.join(",")}\n${difference}`;
  return [...errors, forbidden("spec", message)];
}

const validateImage = (container: Container, path: string): FieldError[] => [
  ...container.image ? [] : [required(child(path, "image"))],
  ...validateImageSpaces(container, path),
];

/** A deadline can be set once and then only come nearer. */
function validateDeadline(now: number | undefined, before: number | undefined) {
  const at = "spec.activeDeadlineSeconds";
  if (now === undefined) {
    const gone = before === undefined
      ? []
      : [invalid(at, null, "must not update from a positive integer to nil value")];
    return { errors: gone, stop: false };
  }
  if (now < 0 || now > MAX_INT32) return { errors: [invalid(at, now, rangeError(0, MAX_INT32))], stop: true };
  if (before === undefined || before >= now) return { errors: [], stop: false };
  return { errors: [invalid(at, now, "must be less than or equal to previous value")], stop: true };
}

function validateOnlyRemovedGates(
  gates: readonly PodSchedulingGate[] = [],
  old: readonly PodSchedulingGate[] = [],
  path: string,
): FieldError[] {
  return gates.flatMap(({ name }, i) =>
    old.some((gate) => gate.name === name)
      ? []
      : [forbidden(child(path, i, "name"), `only deletion is allowed, but found new scheduling gate '${name}'`)]
  );
}

/** The new spec, with all that may change as it was: what differs now may not. */
function withUpdatableFieldsOf(old: PodSpec, spec: PodSpec): PodSpec {
  const images = (containers: readonly Container[] | undefined, before: readonly Container[] | undefined) =>
    containers?.map((container, i) => ({ ...container, image: before?.[i].image }));
  const grace = spec.terminationGracePeriodSeconds === 1 && (old.terminationGracePeriodSeconds ?? 0) < 0;
  return {
    ...spec,
    containers: images(spec.containers, old.containers)!,
    initContainers: images(spec.initContainers, old.initContainers),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    schedulingGates: old.schedulingGates,
    tolerations: old.tolerations,
    terminationGracePeriodSeconds: grace ? old.terminationGracePeriodSeconds : spec.terminationGracePeriodSeconds,
  };
}

/** A gated pod's nodes may become fewer, never others. */
function validateGatedPlacement({ nodeSelector, affinity }: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  const changed = Object.entries(old.nodeSelector ?? {}).some(([key, value]) => nodeSelector?.[key] !== value);
  if (changed) {
    const message = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
    errors.push(invalid("spec.nodeSelector", nodeSelector ? sortKeys(nodeSelector) : null, message));
  }
  const before = old.affinity?.nodeAffinity;
  if (equalJson(affinity?.nodeAffinity ?? null, before ?? null)) return errors;
  return [...errors, ...validateNodeAffinityChange(affinity?.nodeAffinity, before)];
}

function validateNodeAffinityChange(affinity: NodeAffinity | undefined, old: NodeAffinity | undefined): FieldError[] {
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const before = old?.[required]?.nodeSelectorTerms ?? [];
  const terms = affinity?.[required]?.nodeSelectorTerms;
  const at = child("spec.affinity.nodeAffinity", required, "nodeSelectorTerms");
  const json = (term: NodeSelectorTerm) => internalJson("NodeSelectorTerm", term);
  if (before.length > 0 && before.length !== (terms ?? []).length) {
    const message = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
    return [invalid(at, terms?.map(json) ?? null, message)];
  }
  return before.flatMap((term, i) =>
    hasOnlyAdditions(terms![i], term)
      ? []
      : [invalid(child(at, i), json(terms![i]), "only additions are allowed (no mutations or deletions)")]
  );
}

function hasOnlyAdditions(term: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const fields = ["matchExpressions", "matchFields"] as const;
  const count = (it: NodeSelectorTerm) => fields.reduce((sum, field) => sum + (it[field]?.length ?? 0), 0);
  // A term without requirements matches no node: with requirements, it would match some.
  if (count(old) === 0 && count(term) > 0) return false;
  return fields.every((field) =>
    (old[field] ?? []).every((requirement, i) => equalJson(requirement, term[field]?.[i]))
  );
}

function withPlacementOf(old: PodSpec, spec: PodSpec): PodSpec {
  const before = old.affinity?.nodeAffinity;
  const { affinity } = spec;
  const rest = affinity?.podAffinity || affinity?.podAntiAffinity;
  let restored = affinity;
  if (!equalJson(affinity?.nodeAffinity ?? null, before ?? null)) {
    if (affinity === undefined) restored = { nodeAffinity: before };
    else if (old.affinity === undefined && !rest) restored = undefined;
    else restored = { ...affinity, nodeAffinity: before };
  }
  return { ...spec, nodeSelector: old.nodeSelector, affinity: restored };
}
