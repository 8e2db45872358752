/** One reconciliation of a Job. Source: `pkg/controller/job/job_controller.go` (syncJob). */
import { splitKey } from "../../api/informer.ts";
import { jobs as jobKind, pods as podKind } from "../../api/kind_refs.ts";
import { timestamp } from "../../api/timestamps.ts";
import { draft } from "../../kinds/object.ts";
import type { Job, Pod } from "../../kinds/schema/types.ts";
import { conditionOf } from "../conditions.ts";
import { claim, controlledBy, orphansIn } from "../controller_ref.ts";
import { isActive, isReady, isTerminating } from "../pod_state.ts";
import { matches } from "../selectors.ts";
import { NO_FAILURES, withFinished } from "./backoff.ts";
import { findEnd } from "./end.ts";
import { condition, isFailed, isFinished, isIndexed, isManagedElsewhere, isSuspended, TRACKING } from "./job_state.ts";
import { deleteActivePods, type Managed, manageJob } from "./manage.ts";
import { calculateIndexes } from "./indexes.ts";
import { matchFailurePolicy } from "./pod_failure_policy.ts";
import { countable, type Room, type Sync } from "./sync.ts";
import { trackJob } from "./tracking.ts";

export async function reconcile(room: Room, key: string): Promise<void> {
  const { namespace, name } = splitKey(key);
  const shared = room.jobs.get(namespace, name);
  if (shared === undefined) {
    room.expectations.forget(key);
    room.released.delete(key);
    room.failures.delete(key);
    return;
  }
  if (isManagedElsewhere(shared)) return;
  if (isFinished(shared)) {
    room.failures.delete(key);
    room.finished.delete(shared.metadata.uid!);
    return;
  }
  if (room.finished.has(shared.metadata.uid!)) return;
  const { clock } = room.context;
  const satisfied = room.expectations.satisfied(key);
  const sync = begin(room, key, shared, await podsOf(room, shared));
  const { job } = sync;
  if (job.status.startTime === undefined && !isSuspended(shared)) job.status.startTime = timestamp(clock.now());

  if (isIndexed(shared)) calculateIndexes(sync);
  sync.finished = findEnd(sync);
  let active = sync.activePods.length;
  let changed = false;
  let failure: unknown;
  if (sync.finished !== undefined) {
    const { deleted, error } = await deleteActivePods(sync);
    if (deleted !== active || !satisfied) sync.finished = undefined;
    active -= deleted;
    failure = error;
  } else {
    const manages = satisfied && job.metadata.deletionTimestamp === undefined;
    if (manages) ({ active, error: failure } = await manageJob(sync) as Managed);
    const { completions } = job.spec;
    const complete = completions === undefined ? sync.succeeded > 0 : sync.succeeded >= completions;
    if (complete && active === 0) {
      const message = "Reached expected number of succeeded pods";
      sync.finished = condition(clock.now(), "SuccessCriteriaMet", "True", "CompletionsReached", message);
    } else if (manages) changed = noteSuspension(sync);
  }
  const { status } = job;
  changed ||= active !== (status.active ?? 0) || sync.ready !== status.ready || sync.terminating !== status.terminating;
  if (active === 0) delete status.active;
  else status.active = active;
  status.ready = sync.ready;
  status.terminating = sync.terminating;
  await trackJob(sync, changed);
  if (failure !== undefined) throw failure;
}

async function podsOf({ context: { client }, pods }: Room, job: Job): Promise<Pod[]> {
  const { namespace } = job.metadata;
  const claimed = await claim({
    client,
    kind: podKind,
    owner: job,
    ownerKind: jobKind,
    matches: (pod: Pod) => matches(job.spec.selector, pod.metadata.labels),
    finalizers: [TRACKING],
  }, [...controlledBy(pods, job, "Job"), ...orphansIn(pods, namespace!)]);
  return claimed.map((pod) => {
    const adopted = !pod.metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid);
    if (!adopted || pod.metadata.finalizers?.includes(TRACKING)) return pod;
    return { ...pod, metadata: { ...pod.metadata, finalizers: [...pod.metadata.finalizers ?? [], TRACKING] } };
  });
}

function begin(room: Room, key: string, shared: Job, pods: readonly Pod[]): Sync {
  const job = draft(shared);
  job.status ??= {};
  job.status.uncountedTerminatedPods ??= {};
  const { succeeded = [], failed = [] } = job.status.uncountedTerminatedPods;
  const activePods = pods.filter(isActive);
  const sync: Sync = {
    room,
    key,
    job,
    pods,
    activePods,
    uncounted: { succeeded: new Set(succeeded), failed: new Set(failed) },
    released: new Set(room.released.get(key)),
    ready: activePods.filter(isReady).length,
    terminating: pods.filter(isTerminating).length,
    succeeded: 0,
    failed: 0,
    failures: room.failures.get(key) ?? NO_FAILURES,
    finished: undefined,
    previousIndexes: [],
    succeededIndexes: [],
    failedIndexes: undefined,
    delayedDeletion: new Map(),
  };
  const newSucceeded = countable(sync, sync.uncounted.succeeded).filter(({ status }) => status?.phase === "Succeeded");
  const newFailed = countable(sync, sync.uncounted.failed).filter((pod) => isFailed(shared, pod));
  const counted = newFailed.filter((pod) => matchFailurePolicy(job.spec.podFailurePolicy, pod).counts);
  sync.succeeded = (job.status.succeeded ?? 0) + newSucceeded.length + succeeded.length;
  sync.failed = (job.status.failed ?? 0) + counted.length + failed.length;
  sync.failures = withFinished(sync.failures, newSucceeded, newFailed);
  return sync;
}

/** Says that the job is suspended, or goes on; an event tells of either. */
function noteSuspension({ job, room: { context: { clock }, recorder } }: Sync): boolean {
  const now = clock.now();
  const suspended = isSuspended(job as Job);
  const current = conditionOf(job.status.conditions, "Suspended");
  if (suspended === (current?.status === "True")) return false;
  const wanted = suspended
    ? condition(now, "Suspended", "True", "JobSuspended", "Job suspended")
    : condition(now, "Suspended", "False", "JobResumed", "Job resumed");
  const conditions = job.status.conditions ?? [];
  job.status.conditions = current === undefined
    ? [...conditions, wanted]
    : conditions.map((other) => other === current ? wanted : other);
  if (suspended) delete job.status.startTime;
  else job.status.startTime = timestamp(now);
  recorder.event(
    job as Job,
    "Normal",
    suspended ? "Suspended" : "Resumed",
    suspended ? "Job suspended" : "Job resumed",
  );
  return true;
}
