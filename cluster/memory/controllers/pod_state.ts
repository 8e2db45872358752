/**
 * What controllers ask of a pod.
 *
 * Source: `pkg/api/v1/pod/util.go`, `pkg/controller/controller_utils.go`.
 */
import { instant } from "../api/timestamps.ts";
import { isTerminal } from "../kinds/core/pod/phase.ts";
import type { Pod, PodCondition } from "../kinds/schema/types.ts";

export { isTerminal };

/** The pod's condition of this type. */
export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}

export const isReady = (pod: Pod): boolean => podCondition(pod, "Ready")?.status === "True";

export const becameReady = (pod: Pod, old: Pod): boolean => isReady(pod) && !isReady(old);

/** Ready for at least `minReadySeconds` at the instant `now` (milliseconds). */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (!isReady(pod)) return false;
  return minReadySeconds === 0 || untilAvailable(pod, minReadySeconds, now) === 0;
}

/** The milliseconds until a ready pod has been so for `minReadySeconds`; undefined when it is not ready. */
export function untilAvailable(pod: Pod, minReadySeconds: number, now: number): number | undefined {
  const ready = podCondition(pod, "Ready");
  const since = instant(ready?.lastTransitionTime);
  if (ready?.status !== "True" || since === undefined) return undefined;
  return Math.max(0, since + minReadySeconds * 1000 - now);
}

/** When the next of these pods becomes available, in milliseconds from now; undefined when none is about to. */
export function nextAvailabilityCheck(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  const waits = pods.map((pod) => untilAvailable(pod, minReadySeconds, now)).filter((ms) => ms !== undefined && ms > 0);
  return waits.length === 0 ? undefined : Math.min(...waits as number[]);
}

/** Neither at its end nor being deleted. */
export const isActive = (pod: Pod): boolean => !isTerminal(pod) && pod.metadata.deletionTimestamp === undefined;

/** Being deleted, and still there. */
export const isTerminating = (pod: Pod): boolean => !isTerminal(pod) && pod.metadata.deletionTimestamp !== undefined;
