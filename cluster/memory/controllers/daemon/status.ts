/** A DaemonSet's status: its nodes, and how their pods are. */
import { daemonSets as daemonSetKind } from "../../api/kind_refs.ts";
import type { DaemonSet, DaemonSetStatus, Node, Pod } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import { isAvailable, isReady } from "../pod_state.ts";
import { daemonSpec, isUpdated, verdictFor } from "./nodes.ts";
import { byAge, type Room } from "./room.ts";

export interface StatusInput {
  readonly nodes: readonly Node[];
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>;
  readonly hash: string;
  /** Whether what was observed has been acted upon. */
  readonly acted: boolean;
}

export async function updateStatus(room: Room, daemonSet: DaemonSet, input: StatusInput): Promise<void> {
  const { context: { client, clock }, requeueAfter } = room;
  const status = calculateStatus(daemonSet, input, clock.now());
  const { minReadySeconds = 0 } = daemonSet.spec;
  if (!same(daemonSet.status, status)) {
    try {
      await client.updateStatus(daemonSetKind, { ...daemonSet, status });
    } catch {
      const { namespace, name } = daemonSet.metadata;
      const fresh = await client.get<DaemonSet>(daemonSetKind, namespace, name!);
      await client.updateStatus(daemonSetKind, { ...fresh, status: { ...fresh.status, ...status } });
    }
  }
  if (minReadySeconds > 0 && status.numberReady !== (status.numberAvailable ?? 0)) {
    requeueAfter(daemonSet, minReadySeconds * 1000);
  }
}

function calculateStatus(daemonSet: DaemonSet, input: StatusInput, now: number): DaemonSetStatus {
  const { nodes, podsByNode, hash, acted } = input;
  const { minReadySeconds = 0 } = daemonSet.spec;
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, updated: 0, available: 0 };
  for (const node of nodes) {
    const pods = [...podsByNode.get(node.metadata.name!) ?? []].sort(byAge);
    if (!verdictFor(daemonSpec(daemonSet), node).shouldRun) {
      if (pods.length > 0) counts.misscheduled++;
      continue;
    }
    counts.desired++;
    const [pod] = pods;
    if (pod === undefined) continue;
    counts.current++;
    if (isReady(pod)) counts.ready++;
    if (isAvailable(pod, minReadySeconds, now)) counts.available++;
    if (isUpdated(pod, daemonSet, hash)) counts.updated++;
  }
  const { observedGeneration, collisionCount, conditions } = daemonSet.status ?? {};
  const observed = acted ? daemonSet.metadata.generation : observedGeneration;
  const unavailable = counts.desired - counts.available;
  return {
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    ...observed ? { observedGeneration: observed } : {},
    ...counts.updated === 0 ? {} : { updatedNumberScheduled: counts.updated },
    ...counts.available === 0 ? {} : { numberAvailable: counts.available },
    ...unavailable === 0 ? {} : { numberUnavailable: unavailable },
    ...collisionCount === undefined ? {} : { collisionCount },
    ...conditions === undefined ? {} : { conditions },
  };
}
