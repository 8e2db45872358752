/** The range of pods' addresses as kubeadm sets it, and whether an address is in one. */
import { cidrContains, parseCidr, parseIp } from "../kinds/ip_address.ts";

/** Pods' addresses, kubeadm's `podSubnet` as flannel wants it; each node has a part of it. */
export const POD_RANGE = "10.244.0.0/16";

/**
 * Whether an address is in a range. What is no range has none in it, and what is no address is in none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inRange, POD_RANGE } from "./ranges.ts";
 *
 * assert.deepEqual(["10.244.3.7", "10.96.0.1", "web"].map((ip) => inRange(POD_RANGE, ip)), [true, false, false]);
 * ```
 */
export function inRange(range: string, ip: string): boolean {
  const [cidr, address] = [parseCidr(range.trim()), parseIp(ip)];
  return cidr !== undefined && address !== undefined && cidrContains(cidr, address);
}
