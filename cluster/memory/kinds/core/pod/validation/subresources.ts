/**
 * What changes through a pod's subresources: ephemeral containers are added, resources are resized.
 *
 * Source: `pkg/apis/core/validation/validation.go`.
 */
import { child, type FieldError, forbidden, invalid } from "../../../field_error.ts";
import { internalJson } from "../../../go/internal_json.ts";
import { diffJson } from "../../../go/unified_diff.ts";
import { equalJson } from "../../../json.ts";
import type { Container, Pod, ResourceRequirements } from "../../../schema/types.ts";
import { computeQos, qosClass } from "../qos.ts";
import { isSidecar } from "../resources.ts";
import { MIRROR_POD } from "./annotations.ts";
import { updateOptions, validateChangedPod } from "./update.ts";
import { metadataErrors } from "../../../object_meta.ts";
import { validateAnnotationsAndSpec } from "./pod.ts";

const isStatic = ({ metadata }: Pod) => metadata.annotations?.[MIRROR_POD] !== undefined;

export function validateEphemeralContainersUpdate(pod: Pod, old: Pod): FieldError[] {
  if (isStatic(old)) return [forbidden("", "static pods do not support ephemeral containers")];
  const errors = validateChangedPod(pod, old, updateOptions(old));
  const at = "spec.ephemeralContainers";
  for (const before of old.spec.ephemeralContainers ?? []) {
    const now = pod.spec.ephemeralContainers?.findLast(({ name }) => name === before.name);
    const what = `existing ephemeral containers ${JSON.stringify(before.name)}`;
    if (now === undefined) errors.push(forbidden(at, `${what} may not be removed\n`));
    else if (!equalJson(before, now)) {
      const json = (container: Container) => internalJson("EphemeralContainer", container);
      errors.push(forbidden(at, `${what} may not be changed\n${diffJson(json(before), json(now))}`));
    }
  }
  return errors;
}

export function validateResize(pod: Pod, old: Pod): FieldError[] {
  if (isStatic(old)) return [forbidden("", "static pods cannot be resized")];
  if (old.spec.os?.name === "windows") return [forbidden("", "windows pods cannot be resized")];
  const errors = [
    ...metadataErrors(pod),
    ...validateAnnotationsAndSpec(pod, updateOptions(old)),
  ];
  if (qosClass(old) !== computeQos(pod.spec)) {
    const message = "Pod QOS Class may not change as a result of resizing";
    errors.push(invalid("spec", pod.status?.qosClass ?? "", message));
  }
  const running = old.status?.containerStatuses?.find(({ state }) => state?.running);
  if (running && !running.resources) {
    errors.push(forbidden("spec", "Pod running on node without support for resize"));
  }
  let spec = pod.spec;
  if (hasResources(old) || hasResources(pod)) {
    if (old.spec.resources && !spec.resources) {
      errors.push(forbidden("spec.resources", "pod-level resources cannot be removed"));
    } else {
      errors.push(...removedResources(spec.resources, old.spec.resources, "spec.resources", "pod-level resource"));
      const munged = withOldAmounts(spec.resources, old.spec.resources);
      spec = { ...spec, resources: old.spec.resources === undefined && isEmpty(munged) ? undefined : munged };
      if (!equalJson(spec.resources ?? null, old.spec.resources ?? null)) {
        errors.push(forbidden("spec", "only cpu and memory resources are mutable at pod-level"));
      }
    }
  }
  const ordering = validateOrdering(pod, old);
  if (ordering.length > 0) return [...errors, ...ordering];
  for (
    const [field, containers] of [
      ["initContainers", old.spec.initContainers ?? []],
      ["containers", old.spec.containers ?? []],
    ] as const
  ) {
    for (const [i, before] of containers.entries()) {
      const at = child("spec", field, i, "resources");
      errors.push(...removedResources(spec[field]![i].resources, before.resources, at, "resource"));
    }
  }
  const containers = spec.containers.map((container, i) => {
    const munged = { ...container, resources: withOldAmounts(container.resources, old.spec.containers[i].resources) };
    if (!equalJson(munged, old.spec.containers[i])) {
      errors.push(forbidden("spec", "only cpu and memory resources are mutable"));
    }
    return munged;
  });
  const initContainers = spec.initContainers?.map((container, i) => {
    const before = old.spec.initContainers![i];
    const munged = { ...container, resources: withOldAmounts(container.resources, before.resources) };
    const at = child("spec.initContainers", i);
    if (!equalJson(munged, before)) {
      errors.push(forbidden(at, "only cpu and memory resources for init or sidecar containers are mutable"));
    }
    if (!isSidecar(container) && !equalJson(container, before)) {
      const message = "non-sidecar init containers with a resize policy of RestartContainer cannot be resized";
      for (const { restartPolicy } of container.resizePolicy ?? []) {
        if (restartPolicy === "RestartContainer") errors.push(forbidden(at, message));
      }
    }
    return munged;
  });
  if (errors.length > 0 || equalJson({ ...spec, containers, initContainers }, old.spec)) return errors;
  return [forbidden("spec", "only cpu and memory resources are mutable")];
}

const isEmpty = (requirements: ResourceRequirements | undefined) =>
  Object.values(requirements ?? {}).every((list) => Object.keys(list ?? {}).length === 0);
const hasResources = ({ spec }: Pod) =>
  !isEmpty({ requests: spec.resources?.requests, limits: spec.resources?.limits });

function removedResources(
  now: ResourceRequirements | undefined,
  old: ResourceRequirements | undefined,
  path: string,
  what: string,
): FieldError[] {
  return (["requests", "limits"] as const).flatMap((field) =>
    Object.keys(old?.[field] ?? {}).some((name) => now?.[field]?.[name] === undefined)
      ? [forbidden(child(path, field), `${what} ${field} cannot be removed`)]
      : []
  );
}

/** The requirements with cpu and memory as they were: what differs then is something else. */
function withOldAmounts(
  now: ResourceRequirements | undefined,
  old: ResourceRequirements | undefined,
): ResourceRequirements {
  const list = (field: "requests" | "limits") => {
    const { cpu: _cpu, memory: _memory, ...rest } = now?.[field] ?? {};
    const { cpu, memory } = old?.[field] ?? {};
    const result = { ...rest, ...cpu === undefined ? {} : { cpu }, ...memory === undefined ? {} : { memory } };
    return Object.keys(result).length === 0 ? {} : { [field]: result };
  };
  return { ...list("limits"), ...list("requests") };
}

function validateOrdering(pod: Pod, old: Pod): FieldError[] {
  return (["containers", "initContainers"] as const).flatMap((field) => {
    const [now, before] = [pod.spec[field] ?? [], old.spec[field] ?? []];
    if (now.length !== before.length) {
      return [forbidden(child("spec", field), `${field} may not be added or removed on resize`)];
    }
    return before.flatMap(({ name }, i) =>
      now[i].name === name
        ? []
        : [forbidden(child("spec", field, i, "name"), `${field} may not be renamed or reordered on resize`)]
    );
  });
}
