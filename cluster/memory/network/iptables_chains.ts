/**
 * The names of kube-proxy's chains, short enough for the kernel: a prefix and the beginning of a hash.
 *
 * Source: `pkg/proxy/iptables/proxier.go` (portProtoHash, servicePortEndpointChainName).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { serviceChain } from "./iptables_chains.ts";
 *
 * assert.equal(serviceChain("SVC", "default/kubernetes:https", "TCP"), "KUBE-SVC-NPX46M4PTMTKRN6Y");
 * ```
 */
import { createHash } from "node:crypto";
import type { Protocol } from "./connection.ts";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LENGTH = 16;

/** The first characters of a SHA-256 sum in base 32. */
function shortHash(text: string): string {
  const bits = [...createHash("sha256").update(text).digest().subarray(0, LENGTH * 5 / 8)]
    .map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: LENGTH }, (_, i) => BASE32[parseInt(bits.slice(5 * i, 5 * i + 5), 2)]).join("");
}

/**
 * @param kind SVC for all endpoints, SVL for those of the node, EXT for what comes from outside, FW for source ranges
 * @param id the port of a service, "default/web:http"
 */
export const serviceChain = (kind: "SVC" | "SVL" | "EXT" | "FW", id: string, protocol: Protocol): string =>
  `KUBE-${kind}-${shortHash(id + protocol.toLowerCase())}`;

/** @param endpoint "10.244.1.2:80" */
export const endpointChain = (id: string, protocol: Protocol, endpoint: string): string =>
  `KUBE-SEP-${shortHash(id + protocol.toLowerCase() + endpoint)}`;
