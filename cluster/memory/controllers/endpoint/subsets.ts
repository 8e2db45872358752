/**
 * The subsets of an Endpoints object: addresses that offer the same ports stand together.
 *
 * Source: `pkg/api/v1/endpoints/util.go` (RepackSubsets).
 */
import type { EndpointAddress, EndpointPort, EndpointSubset } from "../../kinds/schema/types.ts";
import { inPortOrder } from "./port_order.ts";

/** The most addresses of one Endpoints object. */
const MAX_CAPACITY = 1000;

/** One address with one port (or none), as found. */
export interface Found {
  readonly address: EndpointAddress;
  readonly port?: EndpointPort;
  readonly ready: boolean;
}

const addressKey = ({ ip, targetRef }: EndpointAddress) => `${ip}\n${targetRef?.uid ?? ""}`;
const portKey = (port: EndpointPort | undefined) =>
  port === undefined ? "" : [port.name ?? "", port.port, port.protocol ?? "", port.appProtocol ?? ""].join("/");

/** Packs what was found into subsets, in a canonical order. */
export function packSubsets(found: readonly Found[]): EndpointSubset[] {
  const addresses = new Map<string, EndpointAddress>();
  const ports = new Map<string, { readonly port?: EndpointPort; readonly ready: Map<string, boolean> }>();
  for (const { address, port, ready } of found) {
    const key = addressKey(address);
    if (!addresses.has(key)) addresses.set(key, address);
    const at = ports.get(portKey(port)) ?? { port, ready: new Map() };
    // Not ready once is not ready.
    at.ready.set(key, ready && at.ready.get(key) !== false);
    ports.set(portKey(port), at);
  }
  const groups = new Map<string, { readonly ready: Map<string, boolean>; readonly ports: EndpointPort[] }>();
  for (const { port, ready } of ports.values()) {
    const key = [...ready].map(([address, isReady]) => `${address}\n${isReady}`).sort().join("\n\n");
    const group = groups.get(key) ?? { ready, ports: [] };
    if (port !== undefined) group.ports.push(port);
    groups.set(key, group);
  }
  const subsets = [...groups.values()].map(({ ready, ports }): EndpointSubset => {
    const those = (state: boolean) =>
      [...ready].filter(([, is]) => is === state).map(([key]) => addresses.get(key)!).sort(byAddress);
    const [readyOnes, others] = [those(true), those(false)];
    return {
      ...readyOnes.length === 0 ? {} : { addresses: readyOnes },
      ...others.length === 0 ? {} : { notReadyAddresses: others },
      ...ports.length === 0 ? {} : { ports: inPortOrder(ports) },
    };
  });
  return subsets.sort((a, b) => compare(portKey(a.ports?.[0]), portKey(b.ports?.[0])));
}

const compare = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;

function byAddress(a: EndpointAddress, b: EndpointAddress): number {
  const [x, y] = [bytes(a.ip), bytes(b.ip)];
  for (const [i, byte] of x.entries()) if (byte !== y[i]) return byte - (y[i] ?? 0);
  return compare(a.targetRef?.uid ?? "", b.targetRef?.uid ?? "");
}

/** An address's parts, for comparing: 10.0.0.9 comes before 10.0.0.10. */
const bytes = (ip: string) =>
  ip.includes(":") ? ip.split(":").map((part) => parseInt(part || "0", 16)) : ip.split(".").map(Number);

export const countAddresses = (subsets: readonly EndpointSubset[]): number =>
  subsets.reduce(
    (sum, { addresses = [], notReadyAddresses = [] }) => sum + addresses.length + notReadyAddresses.length,
    0,
  );

export const overCapacity = (subsets: readonly EndpointSubset[]): boolean => countAddresses(subsets) > MAX_CAPACITY;

/** Leaves out what is above the capacity, evenly from all subsets: addresses that are not ready first. */
export function truncate(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  if (!overCapacity(subsets)) return subsets;
  const ready = subsets.reduce((sum, { addresses = [] }) => sum + addresses.length, 0);
  const field = ready > MAX_CAPACITY ? "addresses" : "notReadyAddresses";
  const room = ready > MAX_CAPACITY ? MAX_CAPACITY : MAX_CAPACITY - ready;
  const total = ready > MAX_CAPACITY ? ready : countAddresses(subsets) - ready;
  let left = room;
  return subsets.map((subset) => {
    const all = subset[field] ?? [];
    const kept = all.slice(0, Math.min(left, Math.ceil(all.length / total * room)));
    left -= kept.length;
    const { addresses, notReadyAddresses, ...rest } = subset;
    return field === "addresses" ? { ...rest, addresses: kept } : {
      ...rest,
      ...addresses === undefined ? {} : { addresses },
      ...notReadyAddresses && { notReadyAddresses: kept },
    };
  });
}
