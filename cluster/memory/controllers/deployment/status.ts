/** What a deployment's status says. Source: `pkg/controller/deployment/sync.go` (calculateStatus). */
import type { Deployment, DeploymentStatus, ReplicaSet } from "../../kinds/schema/types.ts";
import { same, withCondition } from "../conditions.ts";
import { AVAILABLE, condition } from "./conditions.ts";
import { allOf, maxUnavailable, replicasOf, type Sets, sumOfReplicas, type Sync, writeStatus } from "./rollout.ts";

/** @param now milliseconds since the epoch */
export function calculateStatus(deployment: Deployment, sets: Sets, now: number): DeploymentStatus {
  const all = allOf(sets);
  const sum = (count: (status: ReplicaSet["status"]) => number | undefined) =>
    all.reduce((total, { status }) => total + (count(status) ?? 0), 0);
  const available = sum((status) => status.availableReplicas);
  const counts = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: sum((status) => status.replicas),
    updatedReplicas: sets.current?.status.replicas ?? 0,
    readyReplicas: sum((status) => status.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sumOfReplicas(all) - available),
  };
  const terminating = terminatingReplicas(all);
  const { collisionCount, conditions } = deployment.status ?? {};
  const enough = available >= replicasOf(deployment) - maxUnavailable(deployment);
  const availability = enough
    ? condition(now, AVAILABLE, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    : condition(
      now,
      AVAILABLE,
      "False",
      "MinimumReplicasUnavailable",
      "Deployment does not have minimum availability.",
    );
  return {
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    ...terminating === undefined ? {} : { terminatingReplicas: terminating },
    ...collisionCount === undefined ? {} : { collisionCount },
    conditions: withCondition(conditions, availability),
  };
}

/** Undefined while a replica set that was observed does not tell. */
function terminatingReplicas(sets: readonly ReplicaSet[]): number | undefined {
  let total = 0;
  for (const { status } of sets) {
    if ((status.observedGeneration ?? 0) === 0 && status.terminatingReplicas === undefined) continue;
    if (status.terminatingReplicas === undefined) return undefined;
    total += status.terminatingReplicas;
  }
  return total;
}

/** Writes the status where it changed, without a look at progress: while the deployment is paused, scaled or deleted. */
export async function syncStatus(sync: Sync, sets: Sets): Promise<void> {
  const status = calculateStatus(sync.deployment, sets, sync.room.context.clock.now());
  if (!same(sync.deployment.status, status)) await writeStatus(sync, { ...sync.deployment, status });
}
