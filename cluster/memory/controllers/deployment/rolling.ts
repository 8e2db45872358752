/** Rolling update: up with the new within the surge, down with the old as the new become available. */
import type { ReplicaSet } from "../../kinds/schema/types.ts";
import { cleanUp } from "./cleanup.ts";
import { syncRolloutStatus } from "./progress.ts";
import { syncRevision } from "./replica_sets.ts";
import {
  activeOf,
  allOf,
  byCreation,
  isComplete,
  maxUnavailable,
  replicasOf,
  type Sets,
  sumOfReplicas,
  type Sync,
} from "./rollout.ts";
import { newReplicas, scaleReplicaSet } from "./scaling.ts";

export async function rolloutRolling(sync: Sync): Promise<void> {
  const sets = await syncRevision(sync, true);
  const current = sets.current!;
  if (await scaleUp(sync, sets, current) || await scaleDown(sync, sets, current)) {
    return await syncRolloutStatus(sync, sets);
  }
  if (isComplete(sync.deployment, sync.deployment.status ?? {})) await cleanUp(sync, sets.old);
  await syncRolloutStatus(sync, sets);
}

async function scaleUp(sync: Sync, sets: Sets, current: ReplicaSet): Promise<boolean> {
  const desired = replicasOf(sync.deployment);
  const size = replicasOf(current) > desired ? desired : newReplicas(sync.deployment, allOf(sets), current);
  return (await scaleReplicaSet(sync, current, size)).scaled;
}

/** Removes old pods: those that are of no use first, then as many as availability permits. */
async function scaleDown(sync: Sync, sets: Sets, current: ReplicaSet): Promise<boolean> {
  const { deployment } = sync;
  const old = activeOf(sets.old).sort(byCreation);
  if (old.length === 0) return false;
  const minAvailable = replicasOf(deployment) - maxUnavailable(deployment);
  // New pods that are not available yet count as missing: they may never be.
  const unavailable = replicasOf(current) - (current.status.availableReplicas ?? 0);
  const removable = sumOfReplicas(allOf(sets)) - minAvailable - unavailable;
  if (removable <= 0) return false;
  try {
    const cleaned = await removeUnhealthy(sync, old, removable);
    if (cleaned === undefined) return false;
    const available = [...cleaned.sets, current].reduce((sum, set) => sum + (set.status.availableReplicas ?? 0), 0);
    const removed = await removeAvailable(sync, cleaned.sets, available - minAvailable);
    return cleaned.count + removed > 0;
  } catch (error) {
    // The status still tells how far it came; the next change, or the retry of a write, goes on.
    sync.room.context.report(error);
    return false;
  }
}

/** Undefined where a set still tells of more pods than it should have: what it says is from before it was scaled. */
async function removeUnhealthy(sync: Sync, old: readonly ReplicaSet[], limit: number) {
  const sets: ReplicaSet[] = [];
  let count = 0;
  for (const set of old) {
    const unhealthy = replicasOf(set) - (set.status.availableReplicas ?? 0);
    if (count < limit && unhealthy < 0) return undefined;
    const removed = Math.max(0, Math.min(limit - count, unhealthy));
    sets.push(removed === 0 ? set : (await scaleReplicaSet(sync, set, replicasOf(set) - removed)).replicaSet);
    count += removed;
  }
  return { sets, count };
}

async function removeAvailable(sync: Sync, old: readonly ReplicaSet[], limit: number): Promise<number> {
  let count = 0;
  for (const set of old) {
    const removed = Math.min(replicasOf(set), limit - count);
    if (removed <= 0) continue;
    await scaleReplicaSet(sync, set, replicasOf(set) - removed);
    count += removed;
  }
  return count;
}
