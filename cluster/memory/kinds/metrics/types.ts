/**
 * What `metrics.k8s.io` tells: who serves it and who reads it mean the same.
 *
 * Source: `k8s.io/metrics/pkg/apis/metrics/v1beta1`.
 */
import type { KubeObject } from "../object.ts";

/** Quantities: { cpu: "12m", memory: "34Mi" }. */
export type ResourceUsage = Readonly<Record<"cpu" | "memory", string>>;

interface Sampled extends KubeObject {
  /** The end of the interval over which the usage was measured. */
  readonly timestamp: string;
  /** The length of the interval, "15s". */
  readonly window: string;
}

export interface NodeMetrics extends Sampled {
  readonly usage: ResourceUsage;
}

export interface PodMetrics extends Sampled {
  readonly containers: readonly { readonly name: string; readonly usage: ResourceUsage }[];
}
