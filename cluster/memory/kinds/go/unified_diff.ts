/**
 * The unified diff that Kubernetes puts into messages. It chooses the longest common block first, unlike shortest-edit
 * algorithms, and ignores lines that are very common in long texts: the hunks would differ otherwise.
 *
 * Source: `github.com/pmezard/go-difflib`, a port of Python's difflib; `k8s.io/apimachinery/pkg/util/diff`.
 */

/** Lines of context around a change. */
const CONTEXT = 3;
/** In texts of at least so many lines, a line in more than one of a hundred is popular and does not begin a match. */
const POPULAR_FROM = 200;

interface Change {
  readonly equal: boolean;
  /** The lines of a, from `i1` up to `i2`, and of b. */
  readonly i1: number;
  readonly i2: number;
  readonly j1: number;
  readonly j2: number;
}

/**
 * The diff of two values as Go prints them: JSON with one blank of indentation. Ends with a newline unless empty.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { diffJson } from "./unified_diff.ts";
 *
 * assert.equal(diffJson({ a: 1 }, { a: 2 }), '@@ -1,3 +1,3 @@\n {\n- "a": 1\n+ "a": 2\n }\n');
 * ```
 */
export function diffJson(a: unknown, b: unknown): string {
  const lines = (value: unknown) => JSON.stringify(value, null, 1).replace(/[<>&]/g, escaped).split("\n");
  return unifiedDiff(lines(a), lines(b));
}

/** Go's JSON is safe inside HTML. */
const escaped = (character: string) => `\\u00${character.charCodeAt(0).toString(16)}`;

export function unifiedDiff(a: readonly string[], b: readonly string[]): string {
  return grouped(changes(a, b)).map((group) => {
    const [first, last] = [group[0], group[group.length - 1]];
    const lines = [`@@ -${range(first.i1, last.i2)} +${range(first.j1, last.j2)} @@`];
    for (const { equal, i1, i2, j1, j2 } of group) {
      if (equal) lines.push(...a.slice(i1, i2).map((line) => ` ${line}`));
      else lines.push(...a.slice(i1, i2).map((line) => `-${line}`), ...b.slice(j1, j2).map((line) => `+${line}`));
    }
    return lines.map((line) => `${line}\n`).join("");
  }).join("");
}

function range(start: number, end: number): string {
  const length = end - start;
  return length === 1 ? String(start + 1) : `${length === 0 ? start : start + 1},${length}`;
}

/** What is the same and what is not, from beginning to end. */
function changes(a: readonly string[], b: readonly string[]): Change[] {
  const result: Change[] = [];
  let [i, j] = [0, 0];
  for (const [matchI, matchJ, size] of [...matches(a, b), [a.length, b.length, 0]]) {
    if (i < matchI || j < matchJ) result.push({ equal: false, i1: i, i2: matchI, j1: j, j2: matchJ });
    [i, j] = [matchI + size, matchJ + size];
    if (size > 0) result.push({ equal: true, i1: matchI, i2: i, j1: matchJ, j2: j });
  }
  return result;
}

type Match = readonly [i: number, j: number, size: number];

function matches(a: readonly string[], b: readonly string[]): Match[] {
  const positions = new Map<string, number[]>();
  b.forEach((line, j) => positions.set(line, [...positions.get(line) ?? [], j]));
  if (b.length >= POPULAR_FROM) {
    const limit = Math.floor(b.length / 100) + 1;
    for (const [line, all] of positions) if (all.length > limit) positions.delete(line);
  }
  const found: Match[] = [];
  const search = (aLow: number, aHigh: number, bLow: number, bHigh: number) => {
    const [i, j, size] = longest(a, b, positions, aLow, aHigh, bLow, bHigh);
    if (size === 0) return;
    if (aLow < i && bLow < j) search(aLow, i, bLow, j);
    found.push([i, j, size]);
    if (i + size < aHigh && j + size < bHigh) search(i + size, aHigh, j + size, bHigh);
  };
  search(0, a.length, 0, b.length);
  return merged(found);
}

function longest(
  a: readonly string[],
  b: readonly string[],
  positions: ReadonlyMap<string, readonly number[]>,
  aLow: number,
  aHigh: number,
  bLow: number,
  bHigh: number,
): Match {
  let [bestI, bestJ, size] = [aLow, bLow, 0];
  let lengths = new Map<number, number>();
  for (let i = aLow; i < aHigh; i++) {
    const next = new Map<number, number>();
    for (const j of positions.get(a[i]) ?? []) {
      if (j < bLow) continue;
      if (j >= bHigh) break;
      const length = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, length);
      if (length > size) [bestI, bestJ, size] = [i - length + 1, j - length + 1, length];
    }
    lengths = next;
  }
  // Popular lines may not begin a match, but belong to the one they stand beside.
  while (bestI > aLow && bestJ > bLow && a[bestI - 1] === b[bestJ - 1]) {
    [bestI, bestJ, size] = [bestI - 1, bestJ - 1, size + 1];
  }
  while (bestI + size < aHigh && bestJ + size < bHigh && a[bestI + size] === b[bestJ + size]) size++;
  return [bestI, bestJ, size];
}

/** Matches that follow each other without a gap, as one. */
function merged(found: readonly Match[]): Match[] {
  const result: Match[] = [];
  for (const [i, j, size] of found) {
    const last = result[result.length - 1];
    if (last && last[0] + last[2] === i && last[1] + last[2] === j) {
      result[result.length - 1] = [last[0], last[1], last[2] + size];
    } else result.push([i, j, size]);
  }
  return result;
}

/** The changes with their context, those near each other together. */
function grouped(all: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  let group: Change[] = [];
  for (const [index, change] of all.entries()) {
    if (!change.equal) {
      group.push(change);
      continue;
    }
    const { i2, j2 } = change;
    let { i1, j1 } = change;
    if (index === 0) [i1, j1] = [Math.max(i1, i2 - CONTEXT), Math.max(j1, j2 - CONTEXT)];
    const isLast = index === all.length - 1;
    const end = { i2: Math.min(i2, i1 + CONTEXT), j2: Math.min(j2, j1 + CONTEXT) };
    if (isLast) group.push({ equal: true, i1, j1, ...end });
    else if (i2 - i1 > 2 * CONTEXT) {
      group.push({ equal: true, i1, j1, ...end });
      groups.push(group);
      group = [{ equal: true, i1: Math.max(i1, i2 - CONTEXT), i2, j1: Math.max(j1, j2 - CONTEXT), j2 }];
    } else group.push({ equal: true, i1, i2, j1, j2 });
  }
  groups.push(group);
  return groups.filter((group) => group.some(({ equal }) => !equal));
}
