/**
 * Which pods go first when there are too many: those that are of least use and whose loss costs least.
 *
 * Source: `pkg/controller/controller_utils.go` (ActivePodsWithRanks).
 */
import { instant } from "../api/timestamps.ts";
import type { Pod } from "../kinds/schema/types.ts";
import { isActive, isReady, podCondition } from "./pod_state.ts";

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * The `count` pods to delete.
 *
 * @param related the pods of all the owner's replica sets: where several share a node, one of them goes first
 * @param now in milliseconds since the epoch
 */
export function podsToDelete(pods: readonly Pod[], related: readonly Pod[], count: number, now: number): Pod[] {
  if (count >= pods.length) return pods.slice(0, count);
  const onNode = new Map<string, number>();
  for (const pod of related) {
    const node = pod.spec.nodeName ?? "";
    if (isActive(pod)) onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const rank = (pod: Pod) => onNode.get(pod.spec.nodeName ?? "") ?? 0;
  return [...pods].sort((a, b) => compare(a, b, rank, now)).slice(0, count);
}

/** Orders pods by how little is lost with them, where neither costs nor nodes count: for the pods of a Job. */
export function byUsefulness(a: Pod, b: Pod): number {
  return Number(assigned(a)) - Number(assigned(b)) || phase(a) - phase(b) || Number(isReady(a)) - Number(isReady(b)) ||
    (isReady(a) ? (readySince(b) ?? 0) - (readySince(a) ?? 0) : 0) || compareRestarts(a, b) ||
    (instant(b.metadata.creationTimestamp) ?? 0) - (instant(a.metadata.creationTimestamp) ?? 0);
}

/** Negative when `a` should rather be deleted. */
function compare(a: Pod, b: Pod, rank: (pod: Pod) => number, now: number): number {
  return Number(assigned(a)) - Number(assigned(b)) ||
    phase(a) - phase(b) ||
    Number(isReady(a)) - Number(isReady(b)) ||
    deletionCost(a) - deletionCost(b) ||
    rank(b) - rank(a) ||
    (isReady(a) ? compareAges(a, b, readySince(a), readySince(b), now) : 0) ||
    compareRestarts(a, b) ||
    compareAges(a, b, instant(a.metadata.creationTimestamp), instant(b.metadata.creationTimestamp), now);
}

const assigned = ({ spec }: Pod) => spec.nodeName !== undefined && spec.nodeName !== "";
const phase = ({ status }: Pod) => PHASES[status?.phase ?? ""] ?? 0;
const readySince = (pod: Pod) => instant(podCondition(pod, "Ready")?.lastTransitionTime);

function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"];
  return text !== undefined && /^(0|-?[1-9][0-9]*)$/.test(text) ? Number(text) : 0;
}

/** The younger first, where ages differ by a factor of two; else by uid, so that no order is preferred. */
function compareAges(a: Pod, b: Pod, since: number | undefined, sinceB: number | undefined, now: number): number {
  if (since === sinceB) return 0;
  if (since === undefined || sinceB === undefined) return since === undefined ? -1 : 1;
  return magnitude(now - since) - magnitude(now - sinceB) || (a.metadata.uid! < b.metadata.uid! ? -1 : 1);
}

/** log2 of a duration's nanoseconds, without the fraction. */
const magnitude = (ms: number) => ms > 0 ? Math.floor(Math.log2(ms * 1e6)) : -1;

/** The pod whose containers have restarted more often first; sidecars count where the others are even. */
function compareRestarts(a: Pod, b: Pod): number {
  return mostRestarts(b.status?.containerStatuses) - mostRestarts(a.status?.containerStatuses) ||
    mostRestarts(sidecars(b)) - mostRestarts(sidecars(a));
}

const mostRestarts = (statuses: readonly { readonly restartCount?: number }[] = []) =>
  statuses.reduce((most, { restartCount = 0 }) => Math.max(most, restartCount), 0);

function sidecars({ spec, status }: Pod) {
  const names = new Set(spec.initContainers?.filter((c) => c.restartPolicy === "Always").map(({ name }) => name));
  return status?.initContainerStatuses?.filter(({ name }) => names.has(name));
}
