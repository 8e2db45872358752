/**
 * How a pod fares when a node runs out of memory: Guaranteed, Burstable or BestEffort.
 *
 * Source: `pkg/apis/core/helper/qos/qos.go`.
 */
import { compareQuantities, quantitySign } from "../../quantity.ts";
import type { Pod, PodSpec } from "../../schema/types.ts";
import { addResources, type ResourceList, type ResourceSum } from "./resources.ts";

export type QosClass = "Guaranteed" | "Burstable" | "BestEffort";

/** The class in the pod's status, or the one that its spec gives. */
export const qosClass = (pod: Pod): QosClass => (pod.status?.qosClass as QosClass | undefined) || computeQos(pod.spec);

/** Requests and limits of cpu and memory that are more than nothing. */
function compute(list: ResourceList | undefined): ResourceList {
  const entries = Object.entries(list ?? {});
  return Object.fromEntries(
    entries.filter(([name, quantity]) => (name === "cpu" || name === "memory") && quantitySign(quantity) > 0),
  );
}

export function computeQos(spec: PodSpec): QosClass {
  const requests: ResourceSum = {};
  const limits: ResourceSum = {};
  let guaranteed = true;
  // What the pod says for itself counts instead of what its containers say.
  const sources = spec.resources
    ? [spec.resources]
    : [...spec.containers ?? [], ...spec.initContainers ?? []].map(({ resources }) => resources);
  for (const source of sources) {
    addResources(requests, compute(source?.requests));
    const limited = compute(source?.limits);
    addResources(limits, limited);
    const podWithoutLimits = spec.resources !== undefined && Object.keys(source?.limits ?? {}).length === 0;
    if (!podWithoutLimits && !(limited.cpu && limited.memory)) guaranteed = false;
  }
  const names = Object.keys(requests);
  if (names.length === 0 && Object.keys(limits).length === 0) return "BestEffort";
  if (!guaranteed || names.length !== Object.keys(limits).length) return "Burstable";
  const equal = names.every((name) => limits[name] && compareQuantities(limits[name], requests[name]) === 0);
  return equal ? "Guaranteed" : "Burstable";
}
