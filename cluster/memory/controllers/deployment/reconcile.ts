/** One reconciliation of a deployment. Source: `pkg/controller/deployment/deployment_controller.go` (syncDeployment). */
import { splitKey } from "../../api/informer.ts";
import { deployments as deploymentKind, replicaSets as replicaSetKind } from "../../api/kind_refs.ts";
import type { Deployment, ReplicaSet } from "../../kinds/schema/types.ts";
import { conditionOf, withCondition } from "../conditions.ts";
import { claim, controlledBy, orphansIn } from "../controller_ref.ts";
import { compile, matches } from "../selectors.ts";
import { cleanUp } from "./cleanup.ts";
import { condition, PAUSED, PROGRESSING, RESUMED, TIMED_OUT } from "./conditions.ts";
import { rolloutRecreate } from "./recreate.ts";
import { syncRevision } from "./replica_sets.ts";
import { rollback, rollbackTo } from "./rollback.ts";
import { rolloutRolling } from "./rolling.ts";
import { hasProgressDeadline, type Room, type Sync, writeStatus } from "./rollout.ts";
import { isScalingEvent, scale } from "./scaling.ts";
import { syncStatus } from "./status.ts";

export async function reconcile(room: Room, key: string): Promise<void> {
  const { namespace, name } = splitKey(key);
  const deployment = room.deployments.get(namespace, name);
  if (deployment === undefined) return;
  const sync: Sync = { room, deployment, replicaSets: [] };
  if (compile(deployment.spec.selector)?.length === 0) return await refuseSelectingAll(sync);

  sync.replicaSets = await claimReplicaSets(room, deployment);
  if (deployment.metadata.deletionTimestamp !== undefined) {
    return await syncStatus(sync, await syncRevision(sync, false));
  }
  await syncPausedCondition(sync);
  if (sync.deployment.spec.paused) return await syncSize(sync);
  if (rollbackTo(sync.deployment) !== undefined) return await rollback(sync);
  if (isScalingEvent(sync.deployment, await syncRevision(sync, false))) return await syncSize(sync);
  if (deployment.spec.strategy?.type === "Recreate") return await rolloutRecreate(sync);
  await rolloutRolling(sync);
}

async function refuseSelectingAll(sync: Sync): Promise<void> {
  const { deployment, room: { recorder } } = sync;
  const message = "This deployment is selecting all pods. A non-empty selector is required.";
  recorder.event(deployment, "Warning", "SelectingAll", message);
  const { generation: observedGeneration = 0 } = deployment.metadata;
  if ((deployment.status?.observedGeneration ?? 0) < observedGeneration) {
    await writeStatus(sync, { ...deployment, status: { ...deployment.status, observedGeneration } });
  }
}

async function claimReplicaSets({ context, replicaSets }: Room, deployment: Deployment): Promise<ReplicaSet[]> {
  const candidates = [
    ...controlledBy(replicaSets, deployment, "Deployment"),
    ...orphansIn(replicaSets, deployment.metadata.namespace!),
  ];
  const selected = (set: ReplicaSet) => matches(deployment.spec.selector, set.metadata.labels);
  return await claim(
    { client: context.client, kind: replicaSetKind, owner: deployment, ownerKind: deploymentKind, matches: selected },
    candidates,
  );
}

/** Says that a rollout is paused or resumed, so that the time it is paused does not count against its deadline. */
async function syncPausedCondition(sync: Sync): Promise<void> {
  const { deployment, room: { context: { clock } } } = sync;
  if (!hasProgressDeadline(deployment)) return;
  const current = conditionOf(deployment.status?.conditions, PROGRESSING);
  if (current?.reason === TIMED_OUT) return;
  const { paused = false } = deployment.spec;
  if (paused === (current?.reason === PAUSED)) return;
  const progress = paused
    ? condition(clock.now(), PROGRESSING, "Unknown", PAUSED, "Deployment is paused")
    : condition(clock.now(), PROGRESSING, "Unknown", RESUMED, "Deployment is resumed");
  const conditions = withCondition(deployment.status?.conditions, progress);
  await writeStatus(sync, { ...deployment, status: { ...deployment.status, conditions } });
}

/** Scales without rolling out: the deployment is paused, or has just been scaled. */
async function syncSize(sync: Sync): Promise<void> {
  const sets = await syncRevision(sync, false);
  await scale(sync, sets);
  if (sync.deployment.spec.paused && rollbackTo(sync.deployment) === undefined) await cleanUp(sync, sets.old);
  await syncStatus(sync, sets);
}
