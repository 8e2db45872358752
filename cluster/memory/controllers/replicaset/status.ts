/** A ReplicaSet's status: what its pods add up to. */
import type { Client, KindRef } from "../../api/client.ts";
import { timestamp } from "../../api/timestamps.ts";
import type { Pod, ReplicaSetCondition, ReplicaSetStatus } from "../../kinds/schema/types.ts";
import { conditionOf, same, withCondition, withoutCondition } from "../conditions.ts";
import { messageOf } from "../controller.ts";
import { isAvailable, isReady } from "../pod_state.ts";
import type { Replicator } from "./replicator.ts";

const REPLICA_FAILURE = "ReplicaFailure";

/**
 * @param terminating how many pods are on their way out; undefined where the status does not tell
 * @param failure what kept pods from being created or deleted
 * @param now milliseconds since the epoch
 */
export function calculateStatus(
  object: Replicator,
  active: readonly Pod[],
  terminating: number | undefined,
  failure: unknown,
  now: number,
): ReplicaSetStatus {
  const labels = Object.entries(object.spec.template?.metadata?.labels ?? {});
  const { minReadySeconds = 0 } = object.spec;
  const count = (predicate: (pod: Pod) => boolean) => active.filter(predicate).length;
  const conditions = calculateConditions(object, active.length, failure, now);
  const { observedGeneration } = object.status;
  return {
    replicas: active.length,
    ...nonZero({
      fullyLabeledReplicas: count(({ metadata }) => labels.every(([key, value]) => metadata.labels?.[key] === value)),
      readyReplicas: count(isReady),
      availableReplicas: count((pod) => isAvailable(pod, minReadySeconds, now)),
    }),
    ...terminating === undefined ? {} : { terminatingReplicas: terminating },
    ...observedGeneration === undefined ? {} : { observedGeneration },
    ...conditions.length === 0 ? {} : { conditions },
  };
}

/** Counts of zero are left out, as Go's `omitempty` does. */
function nonZero<T extends Readonly<Record<string, number>>>(counts: T): Partial<T> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)) as Partial<T>;
}

function calculateConditions(object: Replicator, active: number, failure: unknown, now: number) {
  const conditions: readonly ReplicaSetCondition[] = object.status.conditions ?? [];
  const current = conditionOf(conditions, REPLICA_FAILURE);
  if (failure === undefined) return withoutCondition(conditions, REPLICA_FAILURE);
  if (current !== undefined) return conditions;
  return withCondition(conditions, {
    type: REPLICA_FAILURE,
    status: "True",
    lastTransitionTime: timestamp(now),
    reason: active < (object.spec.replicas ?? 1) ? "FailedCreate" : "FailedDelete",
    message: messageOf(failure),
  });
}

/** Writes the status where it changed; once more on top of a newer object if need be. @returns the object written */
export async function updateStatus<T extends Replicator>(
  client: Client,
  kind: KindRef<T>,
  object: T,
  calculated: ReplicaSetStatus,
): Promise<T> {
  const { generation } = object.metadata;
  if (same(object.status, calculated) && generation === (calculated.observedGeneration ?? 0)) return object;
  // The generation that was acted on: not a later one, which nobody has looked at yet.
  const status = { ...calculated, observedGeneration: generation };
  try {
    return await client.updateStatus(kind, { ...object, status });
  } catch {
    const fresh = await client.get(kind, object.metadata.namespace, object.metadata.name!);
    return await client.updateStatus(kind, { ...fresh, status });
  }
}
