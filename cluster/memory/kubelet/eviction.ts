/**
 * Eviction under memory pressure: when a node has too little memory left, it says so, and ends the pod that uses most
 * beyond what it asked for.
 *
 * Source: `pkg/kubelet/eviction/{eviction_manager,helpers}.go`.
 */
import { timestamp } from "../api/timestamps.ts";
import type { Timer } from "../clock.ts";
import { formatQuantity, quantityOf } from "../kinds/quantity.ts";
import type { NodeCondition, Pod } from "../kinds/schema/types.ts";
import { amount, podRequests } from "../scheduler/helper/resources.ts";
import { runningContainers } from "./container.ts";
import type { Kubelet } from "./kubelet.ts";
import type { PodWorker } from "./pod_worker.ts";

const INTERVAL = 10_000;
/** Memory that has to be left, in bytes. */
const THRESHOLD = 100 * 1024 * 1024;
/** The node is said to be under pressure until it has been well for so long, in milliseconds. */
const TRANSITION = 5 * 60_000;

const memoryText = (bytes: number) => formatQuantity(quantityOf(BigInt(Math.round(bytes / 1024)) * 1024n, "BinarySI"));

/** What a pod's containers use, in bytes. */
export const memoryUsage = ({ runtime }: PodWorker): number =>
  runningContainers(runtime).reduce((sum, { process }) => sum + (process?.usage().memory ?? 0), 0);

const isCritical = (pod: Pod) => (pod.spec?.priority ?? 0) >= 2_000_000_000;

export interface EvictionOptions {
  readonly kubelet: Kubelet;
  /** The node's conditions that are not as they should be; changed here. */
  readonly conditions: Map<string, NodeCondition>;
  /** Called when these have changed. */
  readonly changed: () => void;
}

export class EvictionManager {
  #timer!: Timer;
  #lowUntil = 0;

  constructor(readonly options: EvictionOptions) {
    this.#later();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #later(): void {
    this.#timer = this.options.kubelet.context.clock.after(INTERVAL, () => {
      this.check();
      this.#later();
    }, { background: true });
  }

  /** Looks at the node's memory once. */
  check(): void {
    const { kubelet } = this.options;
    const capacity = kubelet.node()?.status?.capacity?.memory;
    if (capacity === undefined) return;
    const workers = [...kubelet.workers];
    const used = workers.reduce((sum, worker) => sum + memoryUsage(worker), 0);
    const available = amount("memory", capacity) - used;
    const now = kubelet.context.clock.now();
    if (available < THRESHOLD) this.#lowUntil = now + TRANSITION;
    this.#tell(now < this.#lowUntil);
    if (available < THRESHOLD) this.#evictOne(workers, available);
  }

  #tell(low: boolean): void {
    const { conditions, changed, kubelet } = this.options;
    if (conditions.has("MemoryPressure") === low) return;
    if (low) {
      conditions.set("MemoryPressure", {
        type: "MemoryPressure",
        status: "True",
        reason: "KubeletHasInsufficientMemory",
        message: "kubelet has insufficient memory available",
        lastTransitionTime: timestamp(kubelet.context.clock.now()),
      });
    } else conditions.delete("MemoryPressure");
    changed();
  }

  /** Ends the pod that ranks first: beyond its requests, less important, and by how much. */
  #evictOne(workers: readonly PodWorker[], available: number): void {
    const beyond = (worker: PodWorker) => memoryUsage(worker) - (podRequests(worker.pod).memory ?? 0);
    const priority = ({ pod }: PodWorker) => pod.spec?.priority ?? 0;
    const [victim] = workers.filter((worker) => !worker.terminated && !worker.isStatic && !isCritical(worker.pod))
      .sort((a, b) =>
        Number(beyond(b) > 0) - Number(beyond(a) > 0) || priority(a) - priority(b) || beyond(b) - beyond(a)
      );
    if (victim === undefined) return;
    const { recorder } = this.options.kubelet.context;
    const message = `The node was low on resource: memory. Threshold quantity: ${memoryText(THRESHOLD)}, available: ` +
      `${memoryText(Math.max(0, available))}. ${consumers(victim)}`;
    recorder.event(victim.pod, "Warning", "Evicted", message);
    const condition = {
      type: "DisruptionTarget",
      status: "True",
      reason: "TerminationByKubelet",
      message,
      observedGeneration: victim.pod.metadata.generation,
    };
    victim.evict({ reason: "Evicted", message, gracePeriod: 1, condition });
  }
}

/** The containers that use more than they asked for. */
function consumers({ pod, runtime }: PodWorker): string {
  return runningContainers(runtime).map(({ name, process }) => {
    const used = process?.usage().memory ?? 0;
    const asked = pod.spec!.containers.find((container) => container.name === name)?.resources?.requests?.memory ?? "0";
    if (used <= amount("memory", asked)) return "";
    return `Container ${name} was using ${memoryText(used)}, request is ${asked}, has larger consumption of memory. `;
  }).join("");
}
