/** How long a Job waits before it replaces failed pods. Source: `pkg/controller/job/backoff_utils.go`. */
import type { Pod } from "../../kinds/schema/types.ts";
import { allIndexFailures, finishedAt } from "./job_state.ts";

/** Milliseconds. */
const FIRST = 10_000;
const LONGEST = 10 * 60_000;

export interface Failures {
  /** Since the last success. */
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly last?: number;
}

export const NO_FAILURES: Failures = { count: 0 };

/** Takes pods into account that have ended since: only what failed after the last success counts. */
export function withFinished(failures: Failures, succeeded: readonly Pod[], failed: readonly Pod[]): Failures {
  const ends = failed.map(finishedAt).sort((a, b) => a - b);
  if (succeeded.length === 0) {
    return ends.length === 0 ? failures : { count: failures.count + ends.length, last: ends.at(-1) };
  }
  const lastSuccess = Math.max(...succeeded.map(finishedAt));
  const after = ends.filter((end) => end > lastSuccess);
  return { count: after.length, last: after.at(-1) };
}

/** The milliseconds left before the next pod. */
export function remaining({ count, last = 0 }: Failures, now: number): number {
  if (count === 0) return 0;
  return Math.max(0, last + Math.min(LONGEST, FIRST * 2 ** (count - 1)) - now);
}

/** The milliseconds left before the index of a failed pod is tried again. */
export function remainingForIndex(failed: Pod | undefined, now: number): number {
  return failed === undefined ? 0 : remaining({ count: allIndexFailures(failed) + 1, last: finishedAt(failed) }, now);
}
