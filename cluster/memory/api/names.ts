/**
 * Names that the server makes up.
 *
 * Source: `k8s.io/apiserver/pkg/storage/names/generate.go`, `k8s.io/apimachinery/pkg/util/rand`.
 */
import type { Clock } from "../clock.ts";

/** No vowels, so that no words come out; no 0, 1 and 3, which look like letters. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

const LONGEST_BASE = 58;

/** Random characters as Kubernetes uses them in names, five unless said. */
export function randomSuffix(clock: Clock, length = 5): string {
  let suffix = "";
  for (let i = 0; i < length; i++) suffix += ALPHABET[Math.floor(clock.random() * ALPHABET.length)];
  return suffix;
}

/** "web-" → "web-x7k2p" */
export function generateName(base: string, clock: Clock): string {
  return base.slice(0, LONGEST_BASE) + randomSuffix(clock);
}

/** A version 4 UUID from the clock's numbers: the same seed gives the same uids. */
export function randomUuid(clock: Clock): string {
  const hex = (digits: number) => {
    let text = "";
    for (let i = 0; i < digits; i++) text += Math.floor(clock.random() * 16).toString(16);
    return text;
  };
  const variant = "89ab"[Math.floor(clock.random() * 4)];
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
}
