/**
 * Pods that wrote more to their node's disk than they may: their emptyDirs' limits, and their containers'.
 *
 * Source: `pkg/kubelet/eviction/eviction_manager.go` (localStorageEviction).
 */
import { formatQuantity } from "../../kinds/quantity.ts";
import { podLimits } from "../../kinds/core/pod/resources.ts";
import { amount } from "../../scheduler/helper/resources.ts";
import { runningContainers } from "../container.ts";
import type { PodWorker } from "../pod_worker.ts";
import { diskOf, emptyDirs, podDisk, volumeSize } from "./usage.ts";

const STORAGE = "ephemeral-storage";

/** Why a pod has to go, undefined where it keeps within its limits. */
export function overLimit(worker: PodWorker): string | undefined {
  const { pod, runtime } = worker;
  for (const volume of emptyDirs(pod)) {
    const limit = volume.emptyDir!.sizeLimit;
    if (limit === undefined || amount(STORAGE, limit) === 0) continue;
    if (volumeSize(worker, volume) > amount(STORAGE, limit)) {
      return `Usage of EmptyDir volume ${JSON.stringify(volume.name)} exceeds the limit ${JSON.stringify(limit)}. `;
    }
  }
  const all = podLimits(pod.spec!)[STORAGE];
  if (all === undefined) return undefined;
  const total = formatQuantity(all);
  if (podDisk(worker) > amount(STORAGE, total)) {
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${total}. `;
  }
  for (const container of runningContainers(runtime)) {
    const { resources } = pod.spec!.containers.find(({ name }) => name === container.name) ?? {};
    const limit = resources?.limits?.[STORAGE];
    if (limit === undefined || diskOf(container) <= amount(STORAGE, limit)) continue;
    return `Container ${container.name} exceeded its local ephemeral storage limit ${JSON.stringify(limit)}. `;
  }
  return undefined;
}
