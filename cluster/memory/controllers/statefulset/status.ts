/** A StatefulSet's status. */
import { statefulSets as statefulSetKind } from "../../api/kind_refs.ts";
import type { Client } from "../../api/client.ts";
import type { Pod, StatefulSet, StatefulSetStatus } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import { isAvailable, isReady } from "../pod_state.ts";
import { replicasOf, revisionOf } from "./identity.ts";
import type { Revisions } from "./revisions.ts";

export interface Counts {
  replicas: number;
  ready: number;
  available: number;
  current: number;
  updated: number;
}

/** Whether the API has the pod: one that is only planned has no phase. */
export const isCreated = ({ status }: Pod): boolean => !!status?.phase;

export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === "Running" && isReady(pod);

/** @param now milliseconds since the epoch */
export function countPods(set: StatefulSet, pods: readonly Pod[], { current, update }: Revisions, now: number): Counts {
  const counts: Counts = { replicas: 0, ready: 0, available: 0, current: 0, updated: 0 };
  const { minReadySeconds = 0 } = set.spec;
  for (const pod of pods) {
    if (!isCreated(pod)) continue;
    counts.replicas++;
    if (isRunningAndReady(pod)) {
      counts.ready++;
      if (isAvailable(pod, minReadySeconds, now)) counts.available++;
    }
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    if (revisionOf(pod) === current.metadata.name) counts.current++;
    if (revisionOf(pod) === update.metadata.name) counts.updated++;
  }
  return counts;
}

export async function updateStatus(
  client: Client,
  set: StatefulSet,
  counts: Counts,
  { current, update, collisionCount }: Revisions,
): Promise<void> {
  const replicas = replicasOf(set);
  const complete = set.spec.updateStrategy?.type === "RollingUpdate" && counts.updated === replicas &&
    counts.ready === replicas && counts.replicas === replicas;
  const nonZero = {
    observedGeneration: set.metadata.generation ?? 0,
    readyReplicas: counts.ready,
    currentReplicas: complete ? counts.updated : counts.current,
    updatedReplicas: counts.updated,
  };
  const { conditions } = set.status ?? {};
  const status: StatefulSetStatus = {
    replicas: counts.replicas,
    availableReplicas: counts.available,
    ...Object.fromEntries(Object.entries(nonZero).filter(([, count]) => count !== 0)),
    currentRevision: complete ? update.metadata.name : current.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount,
    ...conditions === undefined ? {} : { conditions },
  };
  if (same(set.status, status)) return;
  try {
    await client.updateStatus(statefulSetKind, { ...set, status });
  } catch {
    const fresh = await client.get<StatefulSet>(statefulSetKind, set.metadata.namespace, set.metadata.name!);
    await client.updateStatus(statefulSetKind, { ...fresh, status });
  }
}
