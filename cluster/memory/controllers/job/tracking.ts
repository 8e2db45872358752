/**
 * Counts pods that have ended, each exactly once: its uid is noted in the status, then its finalizer is removed, then
 * the note becomes a count.
 *
 * Source: `pkg/controller/job/job_controller.go` (trackJobStatusAndRemoveFinalizers).
 */
import { jobs as jobKind } from "../../api/kind_refs.ts";
import { draft } from "../../kinds/object.ts";
import type { Job, JobStatus, Pod } from "../../kinds/schema/types.ts";
import { conditionOf } from "../conditions.ts";
import { aggregate, isNotFound } from "../controller.ts";
import { countIndexes, formatIntervals, hasIndex, withIndexes } from "./intervals.ts";
import { condition, hasLimitPerIndex, indexOf, isFailed, isIndexed, isTracked } from "./job_state.ts";
import { releasePod } from "./manage.ts";
import { matchFailurePolicy } from "./pod_failure_policy.ts";
import type { Sync } from "./sync.ts";

/** The most uids that the status holds. */
const MAX_UNCOUNTED = 500;

/** @param changed whether the status must be written anyhow */
export async function trackJob(sync: Sync, changed: boolean): Promise<void> {
  const { room } = sync;
  const tracked = new Set(
    sync.pods.filter((pod) => isTracked(pod) && !sync.released.has(pod.metadata.uid!)).map(({ metadata }) =>
      metadata.uid!
    ),
  );
  changed = countUntracked(sync, tracked) || changed;
  const { pods, full, noted } = notePods(sync);
  changed = noteIndexes(sync) || noted || changed;
  changed = announceEnd(sync) || changed;

  if (changed) {
    await writeStatus(sync);
    room.failures.set(sync.key, sync.failures);
  }
  const failure = await releasePods(sync, pods, tracked);
  changed = countUntracked(sync, tracked);
  if (failure !== undefined) {
    if (changed) await writeStatus(sync);
    throw failure;
  }
  const ended = !full && enactEnd(sync);
  if (!changed && !ended) return;
  await writeStatus(sync);
  if (!ended) return;
  recordEnd(sync);
  room.finished.add(sync.job.metadata.uid!);
}

/** Notes become counts for pods without a finalizer. */
function countUntracked({ job }: Sync, tracked: ReadonlySet<string>): boolean {
  const status = job.status;
  const uncounted = status.uncountedTerminatedPods!;
  let changed = false;
  for (const result of ["succeeded", "failed"] as const) {
    const all = uncounted[result] ?? [];
    const left = all.filter((uid) => tracked.has(uid));
    if (left.length === all.length) continue;
    changed = true;
    status[result] = (status[result] ?? 0) + all.length - left.length;
    if (left.length === 0) delete uncounted[result];
    else uncounted[result] = left;
  }
  return changed;
}

/** Notes the pods that have ended, and finds those whose finalizer can go. */
function notePods(sync: Sync): { readonly pods: Pod[]; readonly full: boolean; readonly noted: boolean } {
  const job = sync.job as Job;
  const uncounted = sync.job.status.uncountedTerminatedPods!;
  const pods: Pod[] = [];
  const newIndexes: number[] = [];
  let noted = false;
  let full = false;
  const note = (result: "succeeded" | "failed", uid: string) => {
    uncounted[result] = [...uncounted[result] ?? [], uid];
    noted = true;
  };
  const inOrder = isIndexed(job)
    ? [...sync.pods].sort((a, b) => (indexOf(job, a) ?? -1) - (indexOf(job, b) ?? -1))
    : sync.pods;
  for (const pod of inOrder) {
    const uid = pod.metadata.uid!;
    if (!isTracked(pod) || sync.released.has(uid)) continue;
    const failed = isFailed(job, pod);
    if (!mayRelease(sync, pod, failed)) continue;
    pods.push(pod);
    const index = indexOf(job, pod);
    if (pod.status?.phase === "Succeeded" && !sync.uncounted.failed.has(uid)) {
      if (!isIndexed(job)) {
        if (!sync.uncounted.succeeded.has(uid)) note("succeeded", uid);
      } else if (index !== undefined && !hasIndex(sync.previousIndexes, index)) {
        newIndexes.push(index);
        noted = true;
      }
    } else if (failed || (sync.finished !== undefined && sync.finished.type !== "SuccessCriteriaMet")) {
      const known = sync.uncounted.failed.has(uid) || (isIndexed(job) && index === undefined);
      if (!known && matchFailurePolicy(job.spec.podFailurePolicy, pod).counts) note("failed", uid);
    }
    if (newIndexes.length + (uncounted.succeeded?.length ?? 0) + (uncounted.failed?.length ?? 0) >= MAX_UNCOUNTED) {
      full = true;
      break;
    }
  }
  sync.succeededIndexes = withIndexes(sync.succeededIndexes, newIndexes);
  return { pods, full, noted };
}

function mayRelease({ job, finished, delayedDeletion }: Sync, pod: Pod, failed: boolean): boolean {
  if (job.metadata.deletionTimestamp !== undefined || finished !== undefined || pod.status?.phase === "Succeeded") {
    return true;
  }
  if (!failed) return false;
  const index = hasLimitPerIndex(job as Job) ? indexOf(job as Job, pod) : undefined;
  return index === undefined || delayedDeletion.get(index)?.metadata.uid !== pod.metadata.uid;
}

function noteIndexes({ job, succeededIndexes, failedIndexes }: Sync): boolean {
  if (!isIndexed(job as Job)) return false;
  const { status } = job;
  const completed = formatIntervals(succeededIndexes);
  const failed = failedIndexes === undefined ? undefined : formatIntervals(failedIndexes);
  const changed = completed !== (status.completedIndexes ?? "") || failed !== status.failedIndexes;
  setOrDrop(status, "succeeded", countIndexes(succeededIndexes) || undefined);
  setOrDrop(status, "completedIndexes", completed || undefined);
  setOrDrop(status, "failedIndexes", failed);
  return changed;
}

function setOrDrop<T extends object, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}

/** Says what the end will be, before it has come: then nobody starts new pods, or takes the job for finished. */
function announceEnd(sync: Sync): boolean {
  const { job, finished, room: { context: { clock } } } = sync;
  if (finished === undefined) return false;
  const { status } = job;
  if (finished.type === "FailureTarget") {
    status.conditions = [...status.conditions ?? [], finished];
    sync.finished = condition(clock.now(), "Failed", "True", finished.reason!, finished.message!);
    return true;
  }
  if (finished.type !== "SuccessCriteriaMet") return false;
  sync.finished = condition(clock.now(), "Complete", "True", finished.reason ?? "", finished.message ?? "");
  if (conditionOf(status.conditions, "SuccessCriteriaMet")?.status === "True") return false;
  status.conditions = [...status.conditions ?? [], finished];
  return true;
}

async function releasePods(sync: Sync, pods: readonly Pod[], tracked: Set<string>): Promise<unknown> {
  const { room, key } = sync;
  const released = room.released.get(key) ?? new Set();
  room.released.set(key, released);
  const errors: unknown[] = [];
  for (const pod of pods) {
    const uid = pod.metadata.uid!;
    released.add(uid);
    try {
      await releasePod(sync, pod);
    } catch (error) {
      released.delete(uid);
      if (!isNotFound(error)) {
        errors.push(error);
        continue;
      }
    }
    tracked.delete(uid);
  }
  return aggregate(errors);
}

/** Ends the job, unless pods are left that are not counted or not gone. */
function enactEnd(sync: Sync): boolean {
  const { job, finished, terminating } = sync;
  const { succeeded = [], failed = [] } = job.status.uncountedTerminatedPods ?? {};
  if (finished === undefined || succeeded.length + failed.length > 0 || terminating > 0) return false;
  job.status.conditions = [...(job.status.conditions ?? []).filter(({ type }) => type !== finished.type), finished];
  if (finished.type === "Complete") job.status.completionTime = finished.lastTransitionTime;
  return true;
}

function recordEnd({ job, finished, room: { recorder } }: Sync): void {
  const about = job as Job;
  if (finished!.type !== "Complete") return recorder.event(about, "Warning", finished!.reason!, finished!.message!);
  if (job.spec.completions !== undefined && (job.status.succeeded ?? 0) > job.spec.completions) {
    const message = "Too many succeeded pods running after completion count reached";
    recorder.event(about, "Warning", "TooManySucceededPods", message);
  }
  recorder.event(about, "Normal", "Completed", "Job completed");
}

async function writeStatus(sync: Sync): Promise<void> {
  const status = sync.job.status as JobStatus;
  const written = await sync.room.context.client.updateStatus(jobKind, { ...sync.job as Job, status });
  sync.job = draft(written);
  sync.job.status.uncountedTerminatedPods ??= {};
}
