/**
 * How endpoints are packed into slices of at most a hundred, with as few slices changed as possible.
 *
 * Source: `k8s.io/endpointslice/reconciler.go` (reconcileByPortMapping).
 */
import type { Endpoint, EndpointSlice } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";

/** The most endpoints in a slice. */
const MAX_ENDPOINTS = 100;

/** What to do with slices. */
export interface Plan {
  readonly create: EndpointSlice[];
  readonly update: EndpointSlice[];
  readonly remove: EndpointSlice[];
}

/** By what an endpoint is the same before and after a change. */
const identity = ({ addresses, hostname, targetRef }: Endpoint): string =>
  [[...addresses].sort().join(","), hostname, targetRef?.namespace, targetRef?.name].join("\n");

/**
 * Distributes the desired endpoints of one set of ports: into the slices that have them, then into those that change
 * anyway, then into one that they fill best, and into new ones at last.
 *
 * @param existing the Service's slices with these ports
 * @param labelled the slice with the labels it should have; the same object where nothing changes
 * @param empty makes a slice without endpoints
 */
export function pack(
  existing: readonly EndpointSlice[],
  desired: readonly Endpoint[],
  labelled: (slice: EndpointSlice) => EndpointSlice,
  empty: () => EndpointSlice,
): Plan {
  const waiting = new Map(desired.map((endpoint) => [identity(endpoint), endpoint]));
  const unchanged: EndpointSlice[] = [];
  const changed: EndpointSlice[] = [];
  const remove: EndpointSlice[] = [];
  for (const slice of existing) {
    const before = slice.endpoints ?? [];
    const endpoints = before.flatMap((endpoint) => {
      const wanted = waiting.get(identity(endpoint));
      waiting.delete(identity(endpoint));
      return wanted ?? [];
    });
    const next = labelled(slice);
    if (before.length > 0 && endpoints.length === 0) remove.push(slice);
    else if (!same(before, endpoints)) changed.push({ ...next, endpoints });
    else if (next !== slice) changed.push(next);
    else unchanged.push(slice);
  }

  const rest = [...waiting.values()];
  const fill = (slice: EndpointSlice): EndpointSlice => {
    const endpoints = slice.endpoints ?? [];
    return { ...slice, endpoints: [...endpoints, ...rest.splice(0, Math.max(0, MAX_ENDPOINTS - endpoints.length))] };
  };
  changed.sort((a, b) => count(b) - count(a));
  const update = changed.map((slice) => rest.length === 0 ? slice : fill(slice));
  const create: EndpointSlice[] = [];
  while (rest.length > 0) {
    const best = rest.length < MAX_ENDPOINTS ? sliceToFill(unchanged, rest.length) : undefined;
    if (best === undefined) create.push(fill(empty()));
    else {
      unchanged.splice(unchanged.indexOf(best), 1);
      update.push(fill(best));
    }
  }
  return { create, update, remove };
}

/** A list that was written empty comes back as null. */
const count = ({ endpoints }: EndpointSlice) => (endpoints ?? []).length;

/** The fullest slice that still takes all of them. */
function sliceToFill(slices: readonly EndpointSlice[], endpoints: number): EndpointSlice | undefined {
  return slices.filter((slice) => count(slice) + endpoints <= MAX_ENDPOINTS)
    .sort((a, b) => count(b) - count(a))[0];
}
