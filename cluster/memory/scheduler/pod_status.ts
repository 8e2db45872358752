/**
 * What the scheduler writes into a pod: why it waits, which node it is to get, and that it is being preempted.
 *
 * Source: `pkg/scheduler/schedule_one.go` (updatePod), `pkg/scheduler/framework/preemption/executor.go`.
 */
import type { Client } from "../api/client.ts";
import { pods } from "../api/kind_refs.ts";
import { timestamp } from "../api/timestamps.ts";
import type { Clock } from "../clock.ts";
import type { Pod, PodCondition } from "../kinds/schema/types.ts";

export interface PodStatusChange {
  readonly condition?: Pick<PodCondition, "type" | "status" | "reason" | "message">;
  /** The node to get; "" takes it back. */
  readonly nominatedNodeName?: string;
}

/** Writes what differs from the pod's status; nothing when nothing does. */
export async function patchPodStatus(
  { client, clock }: { readonly client: Client; readonly clock: Clock },
  pod: Pod,
  { condition, nominatedNodeName }: PodStatusChange,
): Promise<void> {
  const status: Record<string, unknown> = {};
  const { conditions = [] } = pod.status ?? {};
  const old = conditions.find(({ type }) => type === condition?.type);
  if (condition !== undefined && !sameCondition(old, condition)) {
    const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : timestamp(clock.now());
    status.conditions = [{ ...condition, lastTransitionTime, observedGeneration: pod.metadata.generation }];
    // A new one comes last. Without their order, what a patch says comes first.
    status["$setElementOrder/conditions"] = (old === undefined ? [...conditions, condition] : conditions)
      .map(({ type }) => ({ type }));
  }
  if (nominatedNodeName !== undefined && nominatedNodeName !== (pod.status?.nominatedNodeName ?? "")) {
    status.nominatedNodeName = nominatedNodeName === "" ? null : nominatedNodeName;
  }
  if (Object.keys(status).length === 0) return;
  const { namespace, name } = pod.metadata;
  await client.patch(pods, namespace, name!, { type: "strategic", body: { status }, subresource: "status" });
}

const sameCondition = (old: PodCondition | undefined, condition: NonNullable<PodStatusChange["condition"]>) =>
  old?.status === condition.status && old.reason === condition.reason && old.message === condition.message;
