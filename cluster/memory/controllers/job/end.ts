/** What ends a Job: limits, deadlines and policies. Source: `pkg/controller/job/job_controller.go` (syncJob). */
import { instant } from "../../api/timestamps.ts";
import type { Job, JobCondition, Pod } from "../../kinds/schema/types.ts";
import { conditionOf } from "../conditions.ts";
import { countIndexes } from "./intervals.ts";
import { condition, isFailed, isIndexed, isSuspended } from "./job_state.ts";
import { matchFailurePolicy } from "./pod_failure_policy.ts";
import { matchSuccessPolicy } from "./success_policy.ts";
import type { Sync } from "./sync.ts";

/** The condition with which the job ends; undefined while it goes on. */
export function findEnd(sync: Sync): JobCondition | undefined {
  const job = sync.job as Job;
  const { context: { clock }, requeueAfter } = sync.room;
  const now = clock.now();
  const { conditions } = job.status;
  const decided = conditionOf(conditions, "SuccessCriteriaMet");
  if (decided?.status === "True") return decided;
  const target = conditionOf(conditions, "FailureTarget");
  if (target?.status === "True") return condition(now, "Failed", "True", target.reason ?? "", target.message ?? "");
  const fails = (reason: string, message: string) => condition(now, "FailureTarget", "True", reason, message);

  const byPolicy = sync.pods.filter((pod) => isFailed(job, pod))
    .map((pod) => matchFailurePolicy(job.spec.podFailurePolicy, pod).failJob).find((text) => text !== undefined);
  if (byPolicy !== undefined) return fails("PodFailurePolicy", byPolicy);
  if (sync.failed > (job.spec.backoffLimit ?? 6) || pastLimitOnFailure(job, sync.pods)) {
    return fails("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  }
  const { activeDeadlineSeconds } = job.spec;
  if (activeDeadlineSeconds !== undefined && !isSuspended(job)) {
    const left = instant(job.status.startTime)! + activeDeadlineSeconds * 1000 - now;
    if (left <= 0) return fails("DeadlineExceeded", "Job was active longer than specified deadline");
    requeueAfter(sync.key, left);
  }
  return isIndexed(job) ? endByIndexes(sync, fails, now) : undefined;
}

function endByIndexes(sync: Sync, fails: (reason: string, message: string) => JobCondition, now: number) {
  const { spec } = sync.job as Job;
  const completions = spec.completions ?? 0;
  const failed = countIndexes(sync.failedIndexes ?? []);
  if (spec.maxFailedIndexes !== undefined && failed > spec.maxFailedIndexes) {
    return fails("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
  }
  if (failed > 0 && failed + countIndexes(sync.succeededIndexes) >= completions) {
    return fails("FailedIndexes", "Job has failed indexes");
  }
  const met = matchSuccessPolicy(spec.successPolicy, completions, sync.succeededIndexes);
  return met === undefined ? undefined : condition(now, "SuccessCriteriaMet", "True", "SuccessPolicy", met);
}

/** Containers that are restarted in place count as well. */
function pastLimitOnFailure({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec.restartPolicy !== "OnFailure") return false;
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== "Running" && status?.phase !== "Pending") continue;
    for (const { restartCount = 0 } of [...status.initContainerStatuses ?? [], ...status.containerStatuses ?? []]) {
      restarts += restartCount;
    }
  }
  const limit = spec.backoffLimit ?? 6;
  return limit === 0 ? restarts > 0 : restarts >= limit;
}
