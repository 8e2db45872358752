/**
 * What a node watches of itself, and how little of each may be left.
 *
 * Source: `pkg/kubelet/eviction/{helpers,types}.go`, `pkg/kubelet/apis/config/v1beta1/defaults.go` (evictionHard).
 */
import type { NodeCondition } from "../../kinds/schema/types.ts";
import { amount } from "../../scheduler/helper/resources.ts";

/** "imagefs.available": where nodes keep images and what containers write; here it is the node's only disk. */
export type Signal = "memory.available" | "nodefs.available" | "imagefs.available" | "pid.available";

/** A quantity, "100Mi", or a part of the whole, "10%". */
export type Thresholds = Readonly<Partial<Record<Signal, string>>>;

export const DEFAULT_THRESHOLDS: Thresholds = {
  "memory.available": "100Mi",
  "nodefs.available": "10%",
  "imagefs.available": "15%",
};

/** The resource of which pods are ended, and the condition that tells of it. */
export const SIGNALS: Readonly<Record<Signal, readonly [resource: string, condition: Pressure]>> = {
  "memory.available": ["memory", "MemoryPressure"],
  "nodefs.available": ["ephemeral-storage", "DiskPressure"],
  "imagefs.available": ["ephemeral-storage", "DiskPressure"],
  "pid.available": ["pids", "PIDPressure"],
};

export type Pressure = "MemoryPressure" | "DiskPressure" | "PIDPressure";

/** The condition of a node under pressure, without its times; and the events that tell of its begin and end. */
export const PRESSURES: Readonly<
  Record<Pressure, Pick<NodeCondition, "reason" | "message"> & { readonly begins: string; readonly ends: string }>
> = {
  MemoryPressure: {
    reason: "KubeletHasInsufficientMemory",
    message: "kubelet has insufficient memory available",
    begins: "NodeHasInsufficientMemory",
    ends: "NodeHasSufficientMemory",
  },
  DiskPressure: {
    reason: "KubeletHasDiskPressure",
    message: "kubelet has disk pressure",
    begins: "NodeHasDiskPressure",
    ends: "NodeHasNoDiskPressure",
  },
  PIDPressure: {
    reason: "KubeletHasInsufficientPID",
    message: "kubelet has insufficient PID available",
    begins: "NodeHasInsufficientPID",
    ends: "NodeHasSufficientPID",
  },
};

/** How much there is of something, and how much of it is left. */
export interface Observation {
  readonly capacity: number;
  readonly available: number;
}

export type Observations = Readonly<Partial<Record<Signal, Observation>>>;

/** A threshold that is crossed. */
export interface Crossed {
  readonly signal: Signal;
  /** In bytes, or processes. */
  readonly threshold: number;
  readonly available: number;
}

/** The thresholds that are crossed; memory first, for it cannot wait. */
export function crossed(thresholds: Thresholds, observations: Observations): readonly Crossed[] {
  return (Object.keys(SIGNALS) as Signal[]).flatMap((signal) => {
    const [text, observation] = [thresholds[signal], observations[signal]];
    if (text === undefined || observation === undefined) return [];
    const { capacity, available } = observation;
    const threshold = text.endsWith("%")
      ? Math.floor(capacity * Number(text.slice(0, -1)) / 100)
      : amount(SIGNALS[signal][0], text);
    return available < threshold ? [{ signal, threshold, available }] : [];
  });
}
