/** Identifiers of containers and sandboxes: 64 hexadecimal digits, from the clock's own chance. */
import type { Clock } from "../clock.ts";

export function containerdId(clock: Clock): string {
  let id = "";
  while (id.length < 64) id += Math.floor(clock.random() * 2 ** 32).toString(16).padStart(8, "0");
  return id;
}
