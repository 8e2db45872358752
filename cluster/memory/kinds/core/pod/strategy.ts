/**
 * What happens to a pod between the request and the store.
 *
 * Source: `pkg/registry/core/pod/strategy.go`.
 */
import { equalJson } from "../../json.ts";
import type { Draft } from "../../object.ts";
import type { AppArmorProfile, Container, LabelSelector, Pod, PodSpec } from "../../schema/types.ts";
import { dropDisabledFields } from "./disabled_fields.ts";
import { isTerminalPhase } from "./phase.ts";
import { qosClass } from "./qos.ts";
import { APP_ARMOR_CONTAINER } from "./validation/annotations.ts";

export function prepareForCreate(pod: Draft<Pod>): void {
  const { spec, metadata } = pod;
  pod.status = { phase: "Pending" };
  pod.status.qosClass = qosClass(pod as Pod);
  dropDisabledFields(spec);
  if (spec.schedulingGates?.length) {
    pod.status.conditions = [{
      type: "PodScheduled",
      status: "False",
      lastProbeTime: undefined,
      // The server has just set the time at which the pod was made.
      lastTransitionTime: metadata.creationTimestamp,
      reason: "SchedulingGated",
      message: "Scheduling is blocked due to non-empty scheduling gates",
    }];
  }
  applyLabelKeys(spec, metadata.labels ?? {});
  applyAppArmorAnnotations(pod);
}

export function prepareForUpdate(pod: Draft<Pod>, old: Pod): void {
  dropDisabledFields(pod.spec, old.spec);
}

/** Writes the values of the pod's own labels into the selectors that ask for them by key. */
function applyLabelKeys(spec: Draft<PodSpec>, labels: Readonly<Record<string, string>>): void {
  const apply = (selector: Draft<LabelSelector> | undefined, keys: readonly string[] | undefined, operator: string) => {
    if (!selector) return;
    for (const key of keys ?? []) {
      if (labels[key] !== undefined) (selector.matchExpressions ??= []).push({ key, operator, values: [labels[key]] });
    }
  };
  for (const affinity of [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity]) {
    const terms = [
      ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((it) => it.podAffinityTerm),
      ...affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
    ];
    for (const { labelSelector, matchLabelKeys, mismatchLabelKeys } of terms) {
      apply(labelSelector, matchLabelKeys, "In");
      apply(labelSelector, mismatchLabelKeys, "NotIn");
    }
  }
  for (const { labelSelector, matchLabelKeys } of spec.topologySpreadConstraints ?? []) {
    apply(labelSelector, matchLabelKeys, "In");
  }
}

/** A profile that is given by the old annotation becomes the field that took its place. */
function applyAppArmorAnnotations({ metadata, spec }: Draft<Pod>): void {
  if (spec.os?.name === "windows") return;
  for (const container of [...spec.initContainers ?? [], ...spec.containers ?? [], ...spec.ephemeralContainers ?? []]) {
    const annotation = metadata.annotations?.[APP_ARMOR_CONTAINER + container.name];
    if (annotation === undefined || container.securityContext?.appArmorProfile) continue;
    const profile = appArmorProfileOf(annotation);
    if (profile && !equalJson(profile, spec.securityContext?.appArmorProfile)) {
      (container.securityContext ??= {}).appArmorProfile = profile;
    }
  }
}

/** The profile that an annotation's value names, undefined when it names none. */
export function appArmorProfileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === "unconfined") return { type: "Unconfined" };
  if (annotation === "runtime/default") return { type: "RuntimeDefault" };
  const name = annotation.startsWith("localhost/") ? annotation.slice("localhost/".length) : "";
  return name === "" ? undefined : { type: "Localhost", localhostProfile: name };
}

/**
 * How many seconds a pod has to end: what was asked or what its spec says, none when no kubelet has it any more.
 *
 * @param asked the request's gracePeriodSeconds
 */
export function gracePeriod({ spec, status }: Pod, asked: number | undefined): number {
  if (!spec.nodeName || isTerminalPhase(status?.phase)) return 0;
  const period = asked ?? spec.terminationGracePeriodSeconds ?? 0;
  return period < 0 ? 1 : period;
}

/** What the status subresource may not change. */
export function prepareForStatusUpdate(pod: Draft<Pod>, old: Pod): void {
  delete pod.metadata.deletionTimestamp;
  if (old.metadata.ownerReferences === undefined) delete pod.metadata.ownerReferences;
  else pod.metadata.ownerReferences = old.metadata.ownerReferences as Draft<typeof old.metadata.ownerReferences>;
  pod.status.qosClass ||= old.status?.qosClass;
  pod.status.observedGeneration ||= old.status?.observedGeneration;
  // A kubelet that does not know observedGeneration must not clear it; conditions of one type keep theirs in order.
  const before = [...old.status?.conditions ?? []];
  for (const condition of pod.status.conditions ?? []) {
    const i = before.findIndex(({ type }) => type === condition.type);
    const known = i < 0 ? undefined : before.splice(i, 1)[0].observedGeneration;
    condition.observedGeneration ||= known;
  }
}

/** Only ephemeral containers change. */
export function prepareForEphemeralContainers(pod: Draft<Pod>, old: Draft<Pod>): void {
  const { ephemeralContainers } = pod.spec;
  pod.spec = { ...old.spec, ephemeralContainers };
  keepAllButSpec(pod, old);
}

/** Only resources and resize policies change, as long as the containers are the same ones. */
export function prepareForResize(pod: Draft<Pod>, old: Draft<Pod>): void {
  const { resources } = pod.spec;
  const [containers, initContainers] = [pod.spec.containers ?? [], pod.spec.initContainers ?? []];
  const counts = containers.length === old.spec.containers.length &&
    initContainers.length === (old.spec.initContainers ?? []).length;
  if (!counts) return;
  pod.spec = {
    ...old.spec,
    resources,
    containers: resized(containers, old.spec.containers),
    ...old.spec.initContainers ? { initContainers: resized(initContainers, old.spec.initContainers) } : {},
  };
  keepAllButSpec(pod, old);
}

function resized(now: Draft<Container>[], old: Draft<Container>[]): Draft<Container>[] {
  // Renamed containers are left as they are for the validation to find.
  if (now.some(({ name }, i) => name !== old[i].name)) return now;
  return now.map(({ resources, resizePolicy }, i) => ({ ...old[i], resources, resizePolicy }));
}

function keepAllButSpec(pod: Draft<Pod>, old: Draft<Pod>): void {
  pod.status = old.status;
  const { managedFields, resourceVersion } = pod.metadata;
  pod.metadata = { ...old.metadata, managedFields, resourceVersion };
}
