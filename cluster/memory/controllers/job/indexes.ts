/** The indexes of an indexed Job: which have succeeded, which have failed for good. Source: `pkg/controller/job/indexed_job_utils.go`. */
import type { Job, Pod } from "../../kinds/schema/types.ts";
import {
  allIndexFailures,
  finishedAt,
  hasLimitPerIndex,
  indexFailures,
  indexOf,
  isFailed,
  isTracked,
} from "./job_state.ts";
import { countIndexes, hasIndex, parseIntervals, withIndexes } from "./intervals.ts";
import { matchFailurePolicy } from "./pod_failure_policy.ts";
import { countable, type Sync } from "./sync.ts";

/** Fills in what the sync knows of indexes, from the status and the pods. */
export function calculateIndexes(sync: Sync): void {
  const job = sync.job as Job;
  const { completions = 0 } = job.spec;
  const indexesOf = (pods: readonly Pod[]) => pods.flatMap((pod) => indexOf(job, pod) ?? []);
  const tracked = sync.pods.filter(isTracked);
  sync.previousIndexes = parseIntervals(job.status.completedIndexes, completions);
  const succeeded = tracked.filter(({ status }) => status?.phase === "Succeeded");
  sync.succeededIndexes = withIndexes(sync.previousIndexes, indexesOf(succeeded));
  sync.succeeded = countIndexes(sync.succeededIndexes);
  if (!hasLimitPerIndex(job)) return;
  const failed = parseIntervals(job.status.failedIndexes, completions);
  sync.failedIndexes = withIndexes(failed, indexesOf(tracked.filter((pod) => isIndexFailed(job, pod))));
  sync.delayedDeletion = delayedDeletion(sync);
}

/** Whether with this pod its index has failed for the last time. */
function isIndexFailed(job: Job, pod: Pod): boolean {
  if (!isFailed(job, pod)) return false;
  const { action, counts } = matchFailurePolicy(job.spec.podFailurePolicy, pod);
  return action === "FailIndex" || (counts && indexFailures(pod) >= job.spec.backoffLimitPerIndex!);
}

/** Of each index that is to be tried again, the pod that failed last. */
function delayedDeletion(sync: Sync): Map<number, Pod> {
  const job = sync.job as Job;
  const active = new Set(sync.activePods.map((pod) => indexOf(job, pod)));
  const result = new Map<number, Pod>();
  for (const pod of countable(sync, new Set())) {
    const index = indexOf(job, pod)!;
    const done = hasIndex(sync.succeededIndexes, index) || hasIndex(sync.failedIndexes ?? [], index);
    if (!isFailed(job, pod) || done || active.has(index)) continue;
    const last = result.get(index);
    const later = last === undefined ||
      (allIndexFailures(last) <= allIndexFailures(pod) && finishedAt(pod) >= finishedAt(last));
    if (later) result.set(index, pod);
  }
  return result;
}
