/**
 * The pods of a StatefulSet, in their order: each is created when the one before it is available, and deleted, from the
 * last to the first, when the one after it has gone. With the policy Parallel, none waits for another.
 *
 * Source: `pkg/controller/statefulset/stateful_set_control.go` (updateStatefulSet).
 */
import type { Pod, StatefulSet } from "../../kinds/schema/types.ts";
import { aggregate } from "../controller.ts";
import { isAvailable, isTerminal } from "../pod_state.ts";
import {
  identityMatches,
  isInRange,
  newPod,
  ordinalOf,
  replicasOf,
  revisionOf,
  startOrdinal,
  storageMatches,
} from "./identity.ts";
import {
  createClaims,
  createStatefulPod,
  deleteStatefulPod,
  hasStaleClaim,
  retentionMatches,
  type StatefulPodControl,
  updateRetention,
  updateStatefulPod,
} from "./pod_control.ts";
import { applyRevision, type Revisions } from "./revisions.ts";
import { countPods, type Counts, isCreated, isRunningAndReady } from "./status.ts";

export interface Update {
  readonly control: StatefulPodControl;
  readonly set: StatefulSet;
  readonly revisions: Revisions;
  readonly pods: readonly Pod[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Outcome {
  readonly counts: Counts;
  readonly error?: unknown;
}

const isTerminating = ({ metadata }: Pod) => metadata.deletionTimestamp !== undefined;

export async function updateReplicas(update: Update): Promise<Outcome> {
  const { set, revisions, pods, now } = update;
  if (set.metadata.deletionTimestamp !== undefined) return { counts: countPods(set, pods, revisions, now) };
  const updateSet = applyRevision(set, revisions.update);
  const replicas = planReplicas(update, updateSet);
  const condemned = pods.filter((pod) => !isInRange(set, ordinalOf(pod)) && ordinalOf(pod) >= 0)
    .sort((a, b) => ordinalOf(b) - ordinalOf(a));
  const monotonic = set.spec.podManagementPolicy !== "Parallel";
  const unavailable = [...replicas, ...[...condemned].reverse()].find((pod) => isUnavailable(update, pod));
  const counts = () => countPods(set, [...replicas, ...condemned], revisions, now);

  const steps: (() => Promise<boolean>)[] = [
    () => forEach(replicas, monotonic, (pod) => processReplica(update, updateSet, monotonic, pod)),
    () => forEach(condemned, monotonic, (pod) => keepRetention(update, updateSet, pod)),
    () => forEach(condemned, monotonic, (pod) => processCondemned(update, monotonic, unavailable, pod)),
  ];
  try {
    for (const step of steps) if (await step()) return { counts: counts() };
    if (set.spec.updateStrategy?.type === "OnDelete") return { counts: counts() };
    const removed = await removeOutdated(update, replicas);
    const result = counts();
    return { counts: { ...result, current: result.current - removed } };
  } catch (error) {
    return { counts: counts(), error };
  }
}

/** The pods that there should be: those there are, and new ones in the place of those missing. */
function planReplicas({ set, revisions, pods }: Update, updateSet: StatefulSet): Pod[] {
  const currentSet = applyRevision(set, revisions.current);
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
  const start = startOrdinal(set);
  // Pods below the partition stay at (or come back to) the current revision.
  const currentUpTo = rollingUpdate === undefined
    ? type === "RollingUpdate" ? set.status?.currentReplicas ?? 0 : 0
    : rollingUpdate.partition ?? 0;
  return Array.from({ length: replicasOf(set) }, (_, i) => {
    const existing = pods.find((pod) => ordinalOf(pod) === start + i);
    if (existing !== undefined) return existing;
    return i < currentUpTo
      ? newPod(currentSet, start + i, revisions.current.metadata.name!)
      : newPod(updateSet, start + i, revisions.update.metadata.name!);
  });
}

/** In order, up to the first that must be waited for; or all of them. @returns whether to wait */
async function forEach(
  pods: readonly Pod[],
  monotonic: boolean,
  task: (pod: Pod) => Promise<boolean>,
): Promise<boolean> {
  const errors: unknown[] = [];
  for (const pod of pods) {
    try {
      if (await task(pod) && monotonic) return true;
    } catch (error) {
      if (monotonic) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw aggregate(errors);
  return false;
}

const isUnavailable = ({ set, now }: Update, pod: Pod) =>
  !isAvailable(pod, set.spec.minReadySeconds ?? 0, now) || isTerminating(pod);

async function processReplica(update: Update, updateSet: StatefulSet, monotonic: boolean, pod: Pod): Promise<boolean> {
  const { control, set, now } = update;
  if (isTerminal(pod)) {
    if (!isTerminating(pod)) await deleteStatefulPod(control, set, pod);
    return true;
  }
  if (!isCreated(pod)) {
    if (hasStaleClaim(control, set, pod)) return true;
    await createStatefulPod(control, set, pod);
    return true;
  }
  if (pod.status?.phase === "Pending") {
    await createClaims(control, set, pod);
    await updateRetention(control, set, pod);
  }
  if (monotonic && (isTerminating(pod) || !isRunningAndReady(pod))) return true;
  if (monotonic && !isAvailable(pod, set.spec.minReadySeconds ?? 0, now)) return true;
  const whole = identityMatches(set, pod) && storageMatches(set, pod) && retentionMatches(control, updateSet, pod);
  if (!whole) await updateStatefulPod(control, updateSet, pod);
  return false;
}

async function keepRetention({ control }: Update, updateSet: StatefulSet, pod: Pod): Promise<boolean> {
  if (!retentionMatches(control, updateSet, pod)) await updateRetention(control, updateSet, pod);
  return false;
}

async function processCondemned(
  { control, set, now }: Update,
  monotonic: boolean,
  firstUnavailable: Pod | undefined,
  pod: Pod,
): Promise<boolean> {
  if (isTerminating(pod)) return monotonic;
  if (monotonic && pod !== firstUnavailable) {
    if (!isRunningAndReady(pod) || !isAvailable(pod, set.spec.minReadySeconds ?? 0, now)) return true;
  }
  await deleteStatefulPod(control, set, pod);
  return true;
}

/** Deletes the last pod that is of an earlier revision, unless one after it must be waited for. @returns how many */
async function removeOutdated(update: Update, replicas: readonly Pod[]): Promise<number> {
  const { control, set, revisions } = update;
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let i = replicas.length - 1; i >= partition; i--) {
    const pod = replicas[i];
    if (revisionOf(pod) !== revisions.update.metadata.name && !isTerminating(pod)) {
      await deleteStatefulPod(control, set, pod);
      return 1;
    }
    if (isUnavailable(update, pod)) return 0;
  }
  return 0;
}
