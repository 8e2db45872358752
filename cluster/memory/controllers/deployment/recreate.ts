/** Recreate: the new pods begin when the last of the old ones has gone. */
import { cleanUp } from "./cleanup.ts";
import type { Pod } from "../../kinds/schema/types.ts";
import { controlledBy } from "../controller_ref.ts";
import { isTerminal } from "../pod_state.ts";
import { syncRolloutStatus } from "./progress.ts";
import { syncRevision } from "./replica_sets.ts";
import { activeOf, isComplete, replicasOf, type Sets, type Sync } from "./rollout.ts";
import { scaleReplicaSet } from "./scaling.ts";

export async function rolloutRecreate(sync: Sync): Promise<void> {
  let sets = await syncRevision(sync, false);
  let scaledDown = false;
  for (const old of activeOf(sets.old)) scaledDown = (await scaleReplicaSet(sync, old, 0)).scaled || scaledDown;
  if (scaledDown || oldPodsRunning(sync, sets)) return await syncRolloutStatus(sync, sets);

  if (sets.current === undefined) sets = await syncRevision(sync, true);
  await scaleReplicaSet(sync, sets.current!, replicasOf(sync.deployment));
  if (isComplete(sync.deployment, sync.deployment.status ?? {})) await cleanUp(sync, sets.old);
  await syncRolloutStatus(sync, sets);
}

function oldPodsRunning({ room }: Sync, { old }: Sets): boolean {
  if (old.some(({ status }) => status.replicas > 0)) return true;
  return old.some((set) => controlledBy<Pod>(room.pods, set, "ReplicaSet").some((pod) => !isTerminal(pod)));
}
