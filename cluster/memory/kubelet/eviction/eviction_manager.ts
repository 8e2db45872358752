/**
 * Keeps a node from running out of memory, disk or processes: says when little is left, throws unused images away, and
 * ends one pod after the other.
 *
 * Source: `pkg/kubelet/eviction/eviction_manager.go`.
 */
import { timestamp } from "../../api/timestamps.ts";
import type { Timer } from "../../clock.ts";
import { untolerated } from "../../scheduler/helper/tolerations.ts";
import type { NodeCondition, Pod, PodCondition } from "../../kinds/schema/types.ts";
import { computeQos } from "../../kinds/core/pod/qos.ts";
import { amount } from "../../scheduler/helper/resources.ts";
import type { Rejection } from "../admission.ts";
import { nodeEvent } from "../node_context.ts";
import type { Kubelet } from "../kubelet.ts";
import type { PodWorker } from "../pod_worker.ts";
import { overLimit } from "./local_storage.ts";
import {
  type Crossed,
  crossed,
  DEFAULT_THRESHOLDS,
  type Observations,
  type Pressure,
  PRESSURES,
  SIGNALS,
  type Thresholds,
} from "./signals.ts";
import { podDisk, podMemory, podProcesses } from "./usage.ts";
import { evictionMessage, isCritical, isImportant, ranked } from "./victims.ts";

const INTERVAL = 10_000;
/** The node is said to be under pressure until it has been well for so long, in milliseconds. */
const TRANSITION = 5 * 60_000;
/** Seconds that a pod gets which is ended at once. */
const IMMEDIATELY = 1;
/** What the operating system itself has on the disk, in bytes, but never more than this part of it. */
const SYSTEM_DISK = 3 * 1024 ** 3;
const SYSTEM_PART = 0.15;
/** The processes that a node can have, and those of its own. */
const MOST_PROCESSES = 32_768;
const SYSTEM_PROCESSES = 150;
const MEMORY_TAINT = { key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" };

export interface EvictionOptions {
  readonly kubelet: Kubelet;
  readonly thresholds?: Thresholds;
  /** The node's conditions that are not as they should be; changed here. */
  readonly conditions: Map<string, NodeCondition>;
  /** Called when these have changed. */
  readonly changed: () => void;
}

/** Looks every ten seconds at what is left of the node, and ends pods while it is too little. */
export class EvictionManager {
  #timer!: Timer;
  /** Until when each pressure is told of, in milliseconds of the clock. */
  readonly #until = new Map<Pressure, number>();

  constructor(readonly options: EvictionOptions) {
    this.#later();
  }

  stop(): void {
    this.#timer.cancel();
  }

  /** Why a node under pressure takes no more pods; critical ones it takes. */
  refuse(pod: Pod): Rejection | undefined {
    const pressures = [...this.options.conditions.keys()].filter((type) => type in PRESSURES);
    if (pressures.length === 0 || isImportant(pod)) return undefined;
    if (pressures.length === 1 && pressures[0] === "MemoryPressure") {
      const tolerated = ({ spec }: Pod) => untolerated([MEMORY_TAINT], spec!.tolerations, ["NoSchedule"]) === undefined;
      if (computeQos(pod.spec!) !== "BestEffort" || tolerated(pod)) return undefined;
    }
    return { reason: "Evicted", message: `The node had condition: [${pressures.join(" ")}]. ` };
  }

  #later(): void {
    this.#timer = this.options.kubelet.context.clock.after(INTERVAL, () => {
      this.check();
      this.#later();
    }, { background: true });
  }

  /** Looks once at what the node has left. */
  check(): void {
    const workers = [...this.options.kubelet.workers].filter(({ terminated }) => !terminated);
    const { thresholds = DEFAULT_THRESHOLDS } = this.options;
    const over = crossed(thresholds, this.#observe(workers));
    this.#tell(new Set(over.map(({ signal }) => SIGNALS[signal][1])));
    if (this.#endGreedy(workers) || over.length === 0) return;
    const [first] = over;
    const [resource] = SIGNALS[first.signal];
    const { context } = this.options.kubelet;
    nodeEvent(context, "Warning", "EvictionThresholdMet", `Attempting to reclaim ${resource}`);
    if (resource === "ephemeral-storage") {
      context.images.removeUnused(workers.flatMap(({ runtime }) => runtime.containers.map(({ image }) => image.name)));
      if (crossed(thresholds, this.#observe(workers)).length === 0) return;
    }
    this.#endOne(workers, first);
  }

  #observe(workers: readonly PodWorker[]): Observations {
    const { kubelet } = this.options;
    const { capacity } = kubelet.node()?.status ?? {};
    if (capacity === undefined) return {};
    const used = (of: (worker: PodWorker) => number) => workers.reduce((sum, worker) => sum + of(worker), 0);
    const left = (capacity: number, used: number) => ({ capacity, available: capacity - used });
    const disk = amount("ephemeral-storage", capacity["ephemeral-storage"] ?? "0");
    const images = kubelet.context.images.images.reduce((sum, { image }) => sum + image.size, 0);
    const onDisk = left(disk, Math.min(SYSTEM_DISK, disk * SYSTEM_PART) + images + used(podDisk));
    return {
      "memory.available": left(amount("memory", capacity.memory ?? "0"), used(podMemory)),
      "nodefs.available": onDisk,
      "imagefs.available": onDisk,
      "pid.available": left(MOST_PROCESSES, SYSTEM_PROCESSES + used(podProcesses)),
    };
  }

  #tell(seen: ReadonlySet<Pressure>): void {
    const { conditions, changed, kubelet: { context } } = this.options;
    const now = context.clock.now();
    for (const type of Object.keys(PRESSURES) as Pressure[]) {
      if (seen.has(type)) this.#until.set(type, now + TRANSITION);
      const low = now < (this.#until.get(type) ?? 0);
      if (conditions.has(type) === low) continue;
      const { reason, message, begins, ends } = PRESSURES[type];
      nodeEvent(context, "Normal", low ? begins : ends, `Node ${context.name} status is now: ${low ? begins : ends}`);
      if (low) conditions.set(type, { type, status: "True", reason, message, lastTransitionTime: timestamp(now) });
      else conditions.delete(type);
      changed();
    }
  }

  /** Ends the pods that wrote more than they may. @returns whether there were any */
  #endGreedy(workers: readonly PodWorker[]): boolean {
    const greedy = workers.flatMap((worker) => {
      const message = isCritical(worker) ? undefined : overLimit(worker);
      return message === undefined ? [] : [[worker, message] as const];
    });
    for (const [worker, message] of greedy) this.#end(worker, message);
    return greedy.length > 0;
  }

  #endOne(workers: readonly PodWorker[], over: Crossed): void {
    const victim = ranked(workers, SIGNALS[over.signal][0]).find((worker) => !isCritical(worker));
    if (victim === undefined) return;
    const message = evictionMessage(victim, over);
    const { generation: observedGeneration } = victim.pod.metadata;
    const reason = "TerminationByKubelet";
    this.#end(victim, message, { type: "DisruptionTarget", status: "True", reason, message, observedGeneration });
  }

  #end(worker: PodWorker, message: string, condition?: PodCondition): void {
    this.options.kubelet.context.recorder.event(worker.pod, "Warning", "Evicted", message);
    const end = { reason: "Evicted", message, gracePeriod: IMMEDIATELY };
    worker.evict(condition === undefined ? end : { ...end, condition });
  }
}
