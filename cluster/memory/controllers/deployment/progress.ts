/** Whether a rollout progresses, is complete or is stuck. Source: `pkg/controller/deployment/progress.go`. */
import { instant } from "../../api/timestamps.ts";
import type { Deployment, DeploymentCondition, DeploymentStatus } from "../../kinds/schema/types.ts";
import { conditionOf, same, withCondition, withoutCondition } from "../conditions.ts";
import {
  condition,
  NEW_REPLICA_SET_AVAILABLE,
  PROGRESSING,
  REPLICA_FAILURE,
  REPLICA_SET_UPDATED,
  TIMED_OUT,
} from "./conditions.ts";
import { allOf, hasProgressDeadline, isComplete, type Sets, type Sync, writeStatus } from "./rollout.ts";
import { calculateStatus } from "./status.ts";

export async function syncRolloutStatus(sync: Sync, sets: Sets): Promise<void> {
  const { deployment, room } = sync;
  const now = room.context.clock.now();
  const calculated = calculateStatus(deployment, sets, now);
  const failure = replicaFailure(sets);
  const progress = progressConditions(deployment, calculated, sets, now);
  const conditions = failure === undefined
    ? withoutCondition(progress, REPLICA_FAILURE)
    : withFailure(progress, failure);
  const status = { ...calculated, conditions };
  if (same(deployment.status, status)) return checkProgressLater(sync, status, now);
  await writeStatus(sync, { ...deployment, status });
}

function progressConditions(deployment: Deployment, status: DeploymentStatus, { current }: Sets, now: number) {
  const { conditions } = status;
  if (!hasProgressDeadline(deployment)) return withoutCondition(conditions, PROGRESSING);
  const before = conditionOf(deployment.status?.conditions, PROGRESSING);
  const settled = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) &&
    before?.reason === NEW_REPLICA_SET_AVAILABLE;
  if (settled) return conditions ?? [];
  const subject = current === undefined
    ? `Deployment ${JSON.stringify(deployment.metadata.name)}`
    : `ReplicaSet ${JSON.stringify(current.metadata.name)}`;
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return withCondition(conditions, condition(now, PROGRESSING, "True", NEW_REPLICA_SET_AVAILABLE, message));
  }
  if (hasProgressed(deployment.status ?? {}, status)) {
    const message = `${subject} is progressing.`;
    const progressing = condition(now, PROGRESSING, "True", REPLICA_SET_UPDATED, message);
    // Each step counts as an update, though it is no transition.
    const kept = before?.status === "True" ? { lastTransitionTime: before.lastTransitionTime } : {};
    return [...withoutCondition(conditions, PROGRESSING), { ...progressing, ...kept }];
  }
  if (hasTimedOut(deployment, conditions, now)) {
    const message = `${subject} has timed out progressing.`;
    return withCondition(conditions, condition(now, PROGRESSING, "False", TIMED_OUT, message));
  }
  return conditions ?? [];
}

function hasProgressed(old: DeploymentStatus, status: DeploymentStatus): boolean {
  const updated = (s: DeploymentStatus) => s.updatedReplicas ?? 0;
  const outdated = (s: DeploymentStatus) => (s.replicas ?? 0) - updated(s);
  return updated(status) > updated(old) || outdated(status) < outdated(old) ||
    (status.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (old.availableReplicas ?? 0);
}

function hasTimedOut(deployment: Deployment, conditions: DeploymentStatus["conditions"], now: number): boolean {
  const current = conditionOf(conditions, PROGRESSING);
  if (current === undefined || current.reason === NEW_REPLICA_SET_AVAILABLE) return false;
  if (current.reason === TIMED_OUT) return true;
  return deadline(deployment, current) < now;
}

const deadline = ({ spec }: Deployment, { lastUpdateTime }: DeploymentCondition): number =>
  (instant(lastUpdateTime) ?? 0) + spec.progressDeadlineSeconds! * 1000;

/** What the current replica set, or else any other, failed with. */
function replicaFailure(sets: Sets): DeploymentCondition | undefined {
  const [failure] = [sets.current, ...allOf(sets)].flatMap((set) =>
    conditionOf(set?.status.conditions, REPLICA_FAILURE) ?? []
  );
  return failure === undefined ? undefined : { ...failure, lastUpdateTime: failure.lastTransitionTime };
}

const withFailure = (conditions: readonly DeploymentCondition[], failure: DeploymentCondition) =>
  withCondition(conditions, failure);

/** Nothing changed: unless the rollout is done, comes back when its deadline has passed. */
function checkProgressLater({ deployment, room }: Sync, status: DeploymentStatus, now: number): void {
  const current = conditionOf(deployment.status?.conditions, PROGRESSING);
  if (!hasProgressDeadline(deployment) || current === undefined) return;
  if (isComplete(deployment, status) || current.reason === TIMED_OUT) return;
  const left = deadline(deployment, current) - now;
  room.checkProgressAfter(deployment, left < 1000 ? 5 : left + 1000);
}
