/** Deletes the oldest replica sets beyond the revision history limit. */
import { replicaSets } from "../../api/kind_refs.ts";
import type { ReplicaSet } from "../../kinds/schema/types.ts";
import { isNotFound } from "../controller.ts";
import { revisionOf } from "./revisions.ts";
import { byCreation, hasRevisionHistoryLimit, replicasOf, type Sync } from "./rollout.ts";

export async function cleanUp({ deployment, room }: Sync, old: readonly ReplicaSet[]): Promise<void> {
  if (!hasRevisionHistoryLimit(deployment)) return;
  const alive = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined).sort(byRevision);
  const surplus = alive.length - deployment.spec.revisionHistoryLimit!;
  for (const set of alive.slice(0, Math.max(0, surplus))) {
    const { generation = 0, namespace, name } = set.metadata;
    const empty = set.status.replicas === 0 && replicasOf(set) === 0;
    if (!empty || generation > (set.status.observedGeneration ?? 0)) continue;
    try {
      await room.context.client.delete(replicaSets, namespace, name!);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

function byRevision(a: ReplicaSet, b: ReplicaSet): number {
  const [x, y] = [revisionOf(a), revisionOf(b)];
  return x === undefined || y === undefined || x === y ? byCreation(a, b) : x - y;
}
