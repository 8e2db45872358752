/**
 * Resource amounts as numbers, and what a pod as a whole asks for.
 *
 * CPU is counted in thousandths, everything else in whole units (bytes, pieces). A pod needs the sum of its containers
 * and sidecars, or what its init phase needs at its height, whichever is more; plus its overhead.
 *
 * Source: `k8s.io/component-helpers/resource/helpers.go`, `pkg/scheduler/framework/types.go` (Resource).
 */
import { quantityMilliValue, quantityValue } from "../../kinds/quantity.ts";
import type { Container, ContainerStatus, Pod } from "../../kinds/schema/types.ts";

type ResourceList = Readonly<Record<string, string>>;

/** Amounts by resource name: `{ cpu: 250, memory: 67108864 }` is a quarter of a CPU and 64 MiB. */
export type Amounts = Record<string, number>;

const known = new Map<string, number>();

/** One amount as a number; parsing the same text again is a look-up. */
export function amount(name: string, quantity: string): number {
  const key = name === "cpu" ? `m${quantity}` : quantity;
  let value = known.get(key);
  if (value === undefined) {
    value = Number(name === "cpu" ? quantityMilliValue(quantity) : quantityValue(quantity));
    if (known.size > 5000) known.clear();
    known.set(key, value);
  }
  return value;
}

export function amounts(list: ResourceList | undefined): Amounts {
  const result: Amounts = {};
  for (const name in list) result[name] = amount(name, list[name]);
  return result;
}

export function add(into: Amounts, more: Amounts, times = 1): Amounts {
  for (const name in more) into[name] = (into[name] ?? 0) + more[name] * times;
  return into;
}

function atLeast(into: Amounts, floor: Amounts): Amounts {
  for (const name in floor) into[name] = Math.max(into[name] ?? 0, floor[name]);
  return into;
}

export interface PodRequestsOptions {
  /** Taken for containers that ask for no amount of a resource: what scoring counts a container as. */
  readonly missing?: Amounts;
  readonly withoutOverhead?: boolean;
}

export const isSidecar = (container: Container): boolean => container.restartPolicy === "Always";

/** What a pod that is being resized really holds: the most of what it asks for, has been promised and uses. */
function containerRequests(container: Container, status: ContainerStatus | undefined, missing: Amounts | undefined) {
  const requests = amounts(container.resources?.requests);
  if (status?.resources !== undefined) {
    atLeast(requests, amounts(status.resources.requests));
    atLeast(requests, amounts(status.allocatedResources));
  }
  for (const name in missing) requests[name] ??= missing[name];
  return requests;
}

/**
 * What a pod asks of its node, in all.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { podRequests } from "./resources.ts";
 *
 * const container = (cpu: string) => ({ name: cpu, resources: { requests: { cpu } } });
 * const spec = { initContainers: [container("2")], containers: [container("500m"), container("1")] };
 * assert.deepEqual(podRequests({ metadata: {}, spec, status: {} }), { cpu: 2000 });
 * ```
 */
export function podRequests(pod: Pod, { missing, withoutOverhead = false }: PodRequestsOptions = {}): Amounts {
  const total: Amounts = {};
  const spec = pod.spec!;
  const statusOf = (name: string, list: readonly ContainerStatus[] | undefined) => list?.find((s) => s.name === name);
  for (const container of spec.containers) {
    add(total, containerRequests(container, statusOf(container.name, pod.status?.containerStatuses), missing));
  }
  if (spec.initContainers !== undefined) {
    const sidecars: Amounts = {};
    const height: Amounts = {};
    for (const container of spec.initContainers) {
      const status = isSidecar(container) ? statusOf(container.name, pod.status?.initContainerStatuses) : undefined;
      const requests = containerRequests(container, status, missing);
      if (isSidecar(container)) {
        add(total, requests);
        atLeast(height, add(sidecars, requests));
      } else {
        atLeast(height, add(requests, sidecars));
      }
    }
    atLeast(total, height);
  }
  for (const name in spec.resources?.requests) {
    if (isPodLevel(name)) total[name] = amount(name, spec.resources.requests[name]);
  }
  return withoutOverhead || spec.overhead === undefined ? total : add(total, amounts(spec.overhead));
}

/** Resources that may be asked for by a pod as a whole. */
const isPodLevel = (name: string) => name === "cpu" || name === "memory" || name.startsWith("hugepages-");

/** What a container without requests is counted as when nodes are scored: 0.1 CPU and 200 MB. */
export const NON_ZERO_REQUESTS: Amounts = { cpu: 100, memory: 200 * 1024 * 1024 };
