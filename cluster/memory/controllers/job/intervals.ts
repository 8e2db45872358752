/**
 * Sets of indexes as intervals in order: the text of `status.completedIndexes`.
 *
 * Source: `pkg/controller/job/indexed_job_utils.go` (orderedIntervals).
 */

export interface Interval {
  readonly first: number;
  readonly last: number;
}

export type Intervals = readonly Interval[];

/**
 * ```ts
 * import { formatIntervals, parseIntervals, withIndexes } from "./intervals.ts";
 * import assert from "node:assert/strict";
 * assert.equal(formatIntervals(withIndexes(parseIntervals("1,3-5", 10), [0, 7])), "0,1,3-5,7");
 * ```
 *
 * @param completions indexes from here on are left out
 */
export function parseIntervals(text: string | undefined, completions: number): Intervals {
  if (!text) return [];
  const parsed: Interval[] = [];
  for (const part of text.split(",")) {
    const [first, last = first] = part.split("-").map(Number);
    if (Number.isNaN(first) || Number.isNaN(last)) continue;
    if (first >= completions) break;
    parsed.push({ first, last: Math.min(last, completions - 1) });
  }
  return merge(parsed, []);
}

/** "0-2,5,7-9": two neighbours stand by themselves. */
export function formatIntervals(intervals: Intervals): string {
  return intervals.map(({ first, last }) => {
    if (first === last) return String(first);
    return `${first}${last === first + 1 ? "," : "-"}${last}`;
  }).join(",");
}

export const countIndexes = (intervals: Intervals): number =>
  intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0);

export const hasIndex = (intervals: Intervals, index: number): boolean =>
  intervals.some(({ first, last }) => first <= index && index <= last);

/** @param indexes in any order */
export function withIndexes(intervals: Intervals, indexes: Iterable<number>): Intervals {
  return merge(intervals, [...indexes].sort((a, b) => a - b).map((index) => ({ first: index, last: index })));
}

export function merge(a: Intervals, b: Intervals): Intervals {
  const result: { first: number; last: number }[] = [];
  for (const { first, last } of [...a, ...b].sort((x, y) => x.first - y.first)) {
    const previous = result.at(-1);
    if (previous === undefined || first > previous.last + 1) result.push({ first, last });
    else previous.last = Math.max(previous.last, last);
  }
  return result;
}

/** How many indexes are in both. */
export function overlap(a: Intervals, b: Intervals): number {
  let count = 0;
  for (const x of a) {
    for (const y of b) count += Math.max(0, Math.min(x.last, y.last) - Math.max(x.first, y.first) + 1);
  }
  return count;
}

/** The first `count` indexes below `completions` that are not taken. */
export function firstFree(taken: Intervals, count: number, completions: number): number[] {
  const free: number[] = [];
  let candidate = 0;
  for (const { first, last } of [...taken, { first: completions, last: completions }]) {
    for (; candidate < Math.min(first, completions) && free.length < count; candidate++) free.push(candidate);
    candidate = Math.max(candidate, last + 1);
  }
  return free;
}
