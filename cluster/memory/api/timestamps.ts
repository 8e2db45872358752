/** Instants as the API writes them. */

/**
 * An instant to the second, as metav1.Time has it.
 *
 * ```ts
 * import { timestamp } from "./timestamps.ts";
 * import assert from "node:assert/strict";
 * assert.equal(timestamp(1_767_225_600_999), "2026-01-01T00:00:00Z");
 * ```
 */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** An instant to the microsecond, as metav1.MicroTime has it: "2026-01-01T00:00:00.999000Z". */
export function microTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}

/** Milliseconds since the epoch of an instant that the API wrote; undefined when there is none. */
export function instant(text: string | null | undefined): number | undefined {
  return text === undefined || text === null ? undefined : Date.parse(text);
}
