/**
 * What a pod asks for and may use: sums over its containers, as the scheduler, quotas and defaults count them.
 *
 * Init containers run one after the other, so the largest counts; sidecars run beside all that come after them.
 *
 * Source: `k8s.io/component-helpers/resource/helpers.go`.
 */
import { addQuantities, compareQuantities, parseQuantity, type Quantity, type QuantityLike } from "../../quantity.ts";
import type { Container, PodSpec } from "../../schema/types.ts";

/** "cpu" → a quantity, as text or parsed. */
export type ResourceList = Readonly<Record<string, QuantityLike>>;
export type ResourceSum = Record<string, Quantity>;

const asQuantity = (value: QuantityLike): Quantity => typeof value === "string" ? parseQuantity(value) : value;

/** Adds `more` to `sum`, in place. */
export function addResources(sum: ResourceSum, more: ResourceList | undefined): ResourceSum {
  for (const name in more) {
    sum[name] = Object.hasOwn(sum, name) ? addQuantities(sum[name], more[name]) : asQuantity(more[name]);
  }
  return sum;
}

/** Raises `sum` to `other` wherever that is more, in place. */
export function maxResources(sum: ResourceSum, other: ResourceList | undefined): ResourceSum {
  for (const name in other) {
    if (!Object.hasOwn(sum, name) || compareQuantities(other[name], sum[name]) > 0) sum[name] = asQuantity(other[name]);
  }
  return sum;
}

/** Whether an init container is a sidecar: it starts before the containers and stays. */
export const isSidecar = (container: Container): boolean => container.restartPolicy === "Always";

type Of = (container: Container) => ResourceList | undefined;

function aggregate(spec: PodSpec, of: Of): ResourceSum {
  const sum: ResourceSum = {};
  for (const container of spec.containers ?? []) addResources(sum, of(container));
  const sidecars: ResourceSum = {};
  const initial: ResourceSum = {};
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) {
      addResources(sum, of(container));
      addResources(sidecars, of(container));
      maxResources(initial, sidecars);
    } else maxResources(initial, addResources(addResources({}, of(container)), sidecars));
  }
  return maxResources(sum, initial);
}

/** What the containers request together, without what the pod itself says. */
export const containerRequests = (spec: PodSpec): ResourceSum =>
  aggregate(spec, ({ resources }) => resources?.requests);
/** What the containers may use together. */
export const containerLimits = (spec: PodSpec): ResourceSum => aggregate(spec, ({ resources }) => resources?.limits);

/** Resources that can be set for the pod as a whole. */
export const isPodLevelResource = (name: string): boolean =>
  name === "cpu" || name === "memory" || name.startsWith("hugepages-");

/** What the scheduler must find for the pod: its own requests where it has any, its containers' otherwise, and overhead. */
export function podRequests(spec: PodSpec): ResourceSum {
  const sum = containerRequests(spec);
  for (const [name, quantity] of Object.entries(spec.resources?.requests ?? {})) {
    if (isPodLevelResource(name)) sum[name] = parseQuantity(quantity);
  }
  return addResources(sum, spec.overhead);
}

/** What the pod may use at most; overhead counts only where there is a limit. */
export function podLimits(spec: PodSpec): ResourceSum {
  const sum = containerLimits(spec);
  for (const [name, quantity] of Object.entries(spec.resources?.limits ?? {})) {
    if (isPodLevelResource(name)) sum[name] = parseQuantity(quantity);
  }
  for (const [name, quantity] of Object.entries(spec.overhead ?? {})) {
    if (Object.hasOwn(sum, name) && sum[name].digits !== 0n) sum[name] = addQuantities(sum[name], quantity);
  }
  return sum;
}
