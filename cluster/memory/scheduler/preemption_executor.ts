/**
 * Takes pods away for a more important one: marks each as disrupted, deletes it and tells of it.
 *
 * Source: `pkg/scheduler/framework/preemption/executor.go`.
 */
import type { Client } from "../api/client.ts";
import type { SeriesRecorder } from "../api/event_recorder.ts";
import { pods } from "../api/kind_refs.ts";
import { StatusError } from "../api/status.ts";
import type { Clock } from "../clock.ts";
import type { Pod } from "../kinds/schema/types.ts";
import type { PodInfo } from "./framework/pod_info.ts";
import { patchPodStatus } from "./pod_status.ts";
import type { Candidate } from "./preemption.ts";

export interface ExecutorOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly recorder: SeriesRecorder;
  readonly report: (error: unknown) => void;
}

/** @param nominated less important pods that were to get the node, and now will not */
export async function evictVictims(
  options: ExecutorOptions,
  preemptor: Pod,
  { node, victims }: Candidate,
  nominated: readonly PodInfo[],
): Promise<void> {
  for (const { pod } of nominated) {
    await patchPodStatus(options, pod, { nominatedNodeName: "" }).catch(options.report);
  }
  for (const { pod } of victims) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    try {
      await evict(options, preemptor, pod, node);
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 404) options.report(error);
    }
  }
}

async function evict({ client, clock, recorder }: ExecutorOptions, preemptor: Pod, victim: Pod, node: string) {
  const scheduler = preemptor.spec?.schedulerName ?? "default-scheduler";
  await patchPodStatus({ client, clock }, victim, {
    condition: {
      type: "DisruptionTarget",
      status: "True",
      reason: "PreemptionByScheduler",
      message: `${scheduler}: preempting to accommodate a higher priority pod`,
    },
  });
  await client.delete(pods, victim.metadata.namespace, victim.metadata.name!);
  const note = `Preempted by pod ${preemptor.metadata.uid} on node ${node}`;
  // The real one passes on a wrapper of the preemptor, to which no reference can be made: none is told.
  recorder.event(victim, undefined, "Normal", "Preempted", "Preempting", note);
}
