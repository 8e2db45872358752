/**
 * Which pod goes first when a node runs short, and what is said of it.
 *
 * Source: `pkg/kubelet/eviction/helpers.go` (orderedBy, evictionMessage).
 */
import { formatQuantity, quantityOf } from "../../kinds/quantity.ts";
import type { Pod } from "../../kinds/schema/types.ts";
import { amount, podRequests } from "../../scheduler/helper/resources.ts";
import { type Container, runningContainers } from "../container.ts";
import type { PodWorker } from "../pod_worker.ts";
import { type Crossed, SIGNALS } from "./signals.ts";
import { diskOf, memoryOf, podDisk, podMemory, podProcesses } from "./usage.ts";

const SYSTEM_CRITICAL = 2_000_000_000;
const priority = ({ pod }: PodWorker) => pod.spec?.priority ?? 0;

/** A pod that the cluster cannot do without. */
export const isImportant = ({ spec }: Pod): boolean => (spec?.priority ?? 0) >= SYSTEM_CRITICAL;

/** A pod that the kubelet does not evict. */
export const isCritical = (worker: PodWorker): boolean => worker.isStatic || isImportant(worker.pod);

const REQUESTS: Readonly<Record<string, (pod: Pod) => number>> = {
  memory: (pod) => podRequests(pod).memory ?? 0,
  "ephemeral-storage": (pod) => podRequests(pod)["ephemeral-storage"] ?? 0,
};
const USAGE: Readonly<Record<string, (worker: PodWorker) => number>> = {
  memory: podMemory,
  "ephemeral-storage": podDisk,
  pids: podProcesses,
};
const CONTAINER_USAGE: Readonly<Record<string, (container: Container) => number>> = {
  memory: memoryOf,
  "ephemeral-storage": diskOf,
};

/** The pods in the order in which they go: beyond their requests first, then the less important, then by how much. */
export function ranked(workers: readonly PodWorker[], resource: string): readonly PodWorker[] {
  const requests = REQUESTS[resource];
  const beyond = new Map(workers.map((worker) => {
    return [worker, USAGE[resource](worker) - (requests?.(worker.pod) ?? 0)];
  }));
  const exceeds = (worker: PodWorker) => Number(requests !== undefined && beyond.get(worker)! > 0);
  return workers.toSorted((a, b) =>
    exceeds(b) - exceeds(a) || priority(a) - priority(b) || beyond.get(b)! - beyond.get(a)!
  );
}

const inBytes = (bytes: number) => formatQuantity(quantityOf(BigInt(Math.round(bytes)), "BinarySI"));
/** Memory is given in pages. */
const PAGE = 4096;
const text = (resource: string, number: number) => {
  if (resource === "pids") return String(number);
  return inBytes(resource === "memory" ? Math.round(number / PAGE) * PAGE : number);
};

/** Why a pod is evicted, and what its containers use of what the node lacks. */
export function evictionMessage({ pod, runtime }: PodWorker, { signal, threshold, available }: Crossed): string {
  const [resource] = SIGNALS[signal];
  const used = CONTAINER_USAGE[resource];
  const low = `The node was low on resource: ${resource}. Threshold quantity: ${text(resource, threshold)}, ` +
    `available: ${text(resource, Math.max(0, available))}. `;
  if (used === undefined) return low;
  const specs = [...pod.spec!.containers, ...pod.spec!.initContainers ?? []];
  return low + runningContainers(runtime).map((container) => {
    const spec = specs.find(({ name }) => name === container.name);
    const asked = spec?.resources?.requests?.[resource] ?? "0";
    if (spec === undefined || used(container) <= amount(resource, asked)) return "";
    const amounts = `was using ${text(resource, used(container))}, request is ${asked}`;
    return `Container ${container.name} ${amounts}, has larger consumption of ${resource}. `;
  }).join("");
}
