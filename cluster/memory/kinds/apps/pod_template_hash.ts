/**
 * The hash that names a Deployment's ReplicaSets and labels their pods, the same that a real controller computes.
 *
 * Source: ComputeHash of `pkg/controller/controller_utils.go`.
 */
import { dumpForHash } from "../go/spew.ts";
import type { PodTemplateSpec } from "../schema/types.ts";

/**
 * @param template with the API's defaults
 * @param collisionCount the Deployment's, when another template had the same hash
 * @returns such as "5d7d745dff"
 */
export function podTemplateHash(template: PodTemplateSpec, collisionCount?: number): string {
  const hash = fnv32a(new TextEncoder().encode(dumpForHash("v1.PodTemplateSpec", template)));
  return safeEncode(String(collisionCount === undefined ? hash : fnv32a(collisionBytes(collisionCount), hash)));
}

/** Eight bytes, of which Kubernetes writes four, lowest first. */
function collisionBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(0, count, true);
  return bytes;
}

/** FNV-1a of 32 bits; `hash` goes on from an earlier one. */
export function fnv32a(bytes: Uint8Array, hash = 0x811c9dc5): number {
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** Without vowels and what looks like them, so that no hash reads as a word. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** Every byte of a text as one of the safe characters. Source: `k8s.io/apimachinery/pkg/util/rand`. */
export function safeEncode(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
