/**
 * The order of ports in a subset: by a hash of each, so that subsets are written the same way every time.
 *
 * Source: SortSubsets of `pkg/api/v1/endpoints/util.go`.
 */
import type { EndpointPort } from "../../kinds/schema/types.ts";

const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x1000000000000000000013bn;

/** FNV-1a of 128 bits. */
function fnv128a(text: string): bigint {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * PRIME);
  return hash;
}

/** A port as Go's `dump.ForHash` prints it. */
function printed({ name = "", port, protocol = "", appProtocol }: EndpointPort): string {
  const application = appProtocol === undefined ? "<nil>" : appProtocol;
  return `(v1.EndpointPort){Name:(string)${name} Port:(int32)${port} Protocol:(v1.Protocol)${protocol} ` +
    `AppProtocol:(*string)${application}}`;
}

/**
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inPortOrder } from "./port_order.ts";
 *
 * const ports = [
 *   { name: "dns", port: 53, protocol: "UDP" },
 *   { name: "dns-tcp", port: 53, protocol: "TCP" },
 *   { name: "metrics", port: 9153, protocol: "TCP" },
 * ] as const;
 * assert.deepEqual(inPortOrder(ports).map(({ name }) => name), ["metrics", "dns-tcp", "dns"]);
 * ```
 */
export function inPortOrder(ports: readonly EndpointPort[]): EndpointPort[] {
  if (ports.length < 2) return [...ports];
  const hashed = ports.map((port) => ({ port, hash: fnv128a(printed(port)) }));
  return hashed.sort((a, b) => a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0).map(({ port }) => port);
}
