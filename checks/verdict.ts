/** What a check comes to, and what a set of checks adds up to. */
import type { Text } from "../cluster/text.ts";
import type { Check } from "./check.ts";
import type { Mismatch } from "./criteria/criterion.ts";

export type Verdict =
  | "passed"
  /** It does not hold, but the cluster is still moving. */
  | "not-yet"
  /** It does not hold, and nothing that goes on will make it. */
  | "wrong"
  /** What had to be left whole was broken, now or on the way. */
  | "safeguard-broken"
  /** The tool's or the cluster's own trouble: says nothing about the work. */
  | "could-not-check"
  /** The cluster lacks what the check needs. */
  | "not-checkable-here";

export const VERDICTS: Readonly<Record<Verdict, Text>> = {
  "passed": { en: "passed", ko: "통과" },
  "not-yet": { en: "not yet", ko: "진행 중" },
  "wrong": { en: "wrong", ko: "틀림" },
  "safeguard-broken": { en: "safeguard broken", ko: "보호 조건 위반" },
  "could-not-check": { en: "could not check", ko: "확인 실패" },
  "not-checkable-here": { en: "not checkable here", ko: "이 클러스터에서는 확인 불가" },
};

/** An event that helps to understand why a check does not hold. */
export interface ExplainingEvent {
  /** "Pod web-7d9c" */
  readonly about: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

/** What a report tells of a check: all but how it looks. */
export type JudgedCheck = Omit<Check, "criterion">;

export interface CheckResult {
  readonly check: JudgedCheck;
  readonly verdict: Verdict;
  readonly mismatches: readonly Mismatch[];
  readonly events: readonly ExplainingEvent[];
  /** Why it could not be checked. */
  readonly trouble?: Text;
}

export interface Score {
  readonly earned: number;
  /** Of the checks that could be checked here. */
  readonly possible: number;
  /** Points of checks that could not be checked: neither earned nor lost. */
  readonly open: number;
}

/**
 * Adds up points. A check that could not be checked costs nothing: its points stay open; one that is not checkable on
 * this cluster does not count at all.
 */
export function score(results: readonly CheckResult[]): Score {
  const points = (...verdicts: readonly Verdict[]) =>
    results.filter(({ verdict }) => verdicts.includes(verdict)).reduce((sum, { check }) => sum + check.points, 0);
  const earned = points("passed");
  return {
    earned,
    possible: earned + points("not-yet", "wrong", "safeguard-broken"),
    open: points("could-not-check"),
  };
}

export type Outcome = "passed" | "not-passed" | "could-not-check";

/** Passed when all that can be checked here holds; trouble outweighs a failure only when nothing failed. */
export function outcome(results: readonly CheckResult[]): Outcome {
  const has = (...verdicts: readonly Verdict[]) => results.some(({ verdict }) => verdicts.includes(verdict));
  if (has("not-yet", "wrong", "safeguard-broken")) return "not-passed";
  return has("could-not-check") ? "could-not-check" : "passed";
}
