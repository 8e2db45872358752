/**
 * Addresses for Services of type LoadBalancer, out of a pool. A cluster has one only where it is asked for: without,
 * such services wait for their address as on bare machines.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { Service } from "../kinds/schema/types.ts";
 * import { loadBalancerPool } from "./load_balancer_pool.ts";
 *
 * const service: Service = { metadata: { uid: "a" }, spec: { type: "LoadBalancer" }, status: { loadBalancer: {} } };
 * const address = loadBalancerPool("172.30.200.0/29", () => [service]);
 * assert.equal(address(service), "172.30.200.1");
 * ```
 */
import { ipText, ipv4Number, ipv4Text, networkOf, parseCidr } from "../kinds/ip_address.ts";
import type { Service } from "../kinds/schema/types.ts";

/**
 * @param range IPv4, "172.30.200.0/24"
 * @param services all that are there; who is gone has given its address back
 * @returns gives a service the address that it has, or the one of its spec.loadBalancerIP, or the first free one
 * @throws {Error} when the range is none; what is returned throws when there is no address left
 */
export function loadBalancerPool(range: string, services: () => readonly Service[]): (service: Service) => string {
  const cidr = parseCidr(range);
  if (cidr === undefined || cidr.address.family !== 4) throw new Error(`not a range of IPv4 addresses: "${range}"`);
  const first = ipv4Number(ipText(networkOf(cidr)));
  const size = 2 ** (32 - cidr.prefix);
  // What was given may not be in a status yet.
  const given = new Map<string, string>();
  return ({ metadata, spec }) => {
    const present = services();
    const owners = new Map(present.flatMap((service) => addressesOf(service).map((ip) => [ip, service.metadata.uid!])));
    const known = new Set(present.map((service) => service.metadata.uid!));
    for (const uid of given.keys()) if (!known.has(uid)) given.delete(uid);
    const uid = metadata.uid!;
    const own = given.get(uid) ?? [...owners].find(([, owner]) => owner === uid)?.[0];
    const wanted = spec.loadBalancerIP || undefined;
    const taken = new Set([...given].filter(([owner]) => owner !== uid).map(([, ip]) => ip));
    for (const ip of wanted !== undefined ? [wanted] : own !== undefined ? [own] : all(first, size)) {
      if (taken.has(ip) || (owners.get(ip) ?? uid) !== uid) continue;
      given.set(uid, ip);
      return ip;
    }
    throw new Error(wanted === undefined ? `no address left in ${range}` : `${wanted} is another service's`);
  };
}

const addressesOf = ({ status }: Service): readonly string[] =>
  status?.loadBalancer?.ingress?.flatMap(({ ip }) => ip ?? []) ?? [];

/** Without the first and the last, which are the network's own. */
function* all(first: number, size: number): Iterable<string> {
  for (let i = 1; i < size - 1; i++) yield ipv4Text(first + i);
}
