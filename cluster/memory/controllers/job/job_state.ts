/** What is asked of a Job and of its pods. Source: `pkg/controller/job/{job_controller,indexed_job_utils}.go`. */
import { instant, timestamp } from "../../api/timestamps.ts";
import type { Job, JobCondition, Pod } from "../../kinds/schema/types.ts";
import { conditionOf } from "../conditions.ts";
import { podCondition } from "../pod_state.ts";
import { matchFailurePolicy } from "./pod_failure_policy.ts";

export const TRACKING = "batch.kubernetes.io/job-tracking";
export const COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index";
const INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";
const INDEX_IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count";

export const isFinished = ({ status }: Job): boolean =>
  ["Complete", "Failed"].some((type) => conditionOf(status?.conditions, type)?.status === "True");

export const isSuspended = ({ spec }: Job): boolean => spec.suspend === true;
export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === "Indexed";
export const hasLimitPerIndex = ({ spec }: Job): boolean => spec.backoffLimitPerIndex !== undefined;

/** Somebody else cares for the job. */
export const isManagedElsewhere = ({ spec }: Job): boolean =>
  spec.managedBy !== undefined && spec.managedBy !== "kubernetes.io/job-controller";

/** Whether a pod is replaced only when it has failed, not when it begins to terminate. */
export const replacesOnlyFailed = ({ spec }: Job): boolean =>
  spec.podReplacementPolicy === "Failed" || spec.podFailurePolicy !== undefined;

export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(TRACKING) === true;

export function isFailed(job: Job, { metadata, status }: Pod): boolean {
  if (status?.phase === "Failed") return true;
  return !replacesOnlyFailed(job) && metadata.deletionTimestamp !== undefined && status?.phase !== "Succeeded";
}

/** The pod's index; undefined when it has none, or none that the job has. */
export function indexOf(job: Job, { metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[COMPLETION_INDEX];
  if (text === undefined || !/^[0-9]+$/.test(text)) return undefined;
  return Number(text) < (job.spec.completions ?? 0) ? Number(text) : undefined;
}

const countOf = ({ metadata }: Pod, annotation: string) => {
  const text = metadata.annotations?.[annotation];
  return text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : 0;
};

/** How often pods of the index failed before this one, those that the failure policy ignores not counted. */
export const indexFailures = (pod: Pod): number => countOf(pod, INDEX_FAILURES);

/** All failures of the index before this pod's. */
export const allIndexFailures = (pod: Pod): number => indexFailures(pod) + countOf(pod, INDEX_IGNORED_FAILURES);

/** The annotations that count failures, for the pod in the place of `replaced`. */
export function failureAnnotations(job: Job, replaced: Pod | undefined): Readonly<Record<string, string>> {
  if (replaced === undefined) return { [INDEX_FAILURES]: "0" };
  const counts = matchFailurePolicy(job.spec.podFailurePolicy, replaced).counts;
  const ignored = countOf(replaced, INDEX_IGNORED_FAILURES) + (counts ? 0 : 1);
  return {
    [INDEX_FAILURES]: String(indexFailures(replaced) + (counts ? 1 : 0)),
    ...ignored > 0 ? { [INDEX_IGNORED_FAILURES]: String(ignored) } : {},
  };
}

/** @param now milliseconds since the epoch */
export function condition(now: number, type: string, status: string, reason: string, message: string): JobCondition {
  const time = timestamp(now);
  return { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message };
}

/** When a pod came to its end, in milliseconds since the epoch. */
export function finishedAt(pod: Pod): number {
  const { metadata, spec, status } = pod;
  const sidecars = new Set(spec.initContainers?.filter((c) => c.restartPolicy === "Always").map(({ name }) => name));
  const containers = [
    ...status?.containerStatuses ?? [],
    ...status?.initContainerStatuses?.filter(({ name }) => sidecars.has(name)) ?? [],
  ];
  const times = containers.map(({ state }) => instant(state?.terminated?.finishedAt));
  if (times.length > 0 && !times.includes(undefined)) return Math.max(...times as number[]);
  const ready = podCondition(pod, "Ready");
  const unready = ready?.status === "False" ? instant(ready.lastTransitionTime) : undefined;
  if (unready !== undefined) return unready;
  const deletion = instant(metadata.deletionTimestamp);
  if (deletion !== undefined) return deletion - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  return instant(metadata.creationTimestamp) ?? 0;
}
