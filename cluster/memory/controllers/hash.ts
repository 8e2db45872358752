/** Hashes that controllers name things by. */
export { safeEncode } from "../kinds/apps/pod_template_hash.ts";

/** FNV-1 of 32 bits: multiplies first, where FNV-1a multiplies last. */
export function fnv32(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  return hash;
}
