/** What a report tells: for each exercise, its checks' results. Each format is a pure function of this. */
import type { Text } from "../../cluster/text.ts";
import { type CheckResult, type Outcome, outcome, type Score, score } from "../verdict.ts";

export interface ReportEntry {
  readonly id: string;
  readonly title: Text;
  readonly results: readonly CheckResult[];
  /** What kept the exercise from being judged, or what is wrong with the exercise itself. */
  readonly trouble: readonly Text[];
  /** What it comes to; unless said, what the results come to. */
  readonly outcome?: EntryOutcome;
  /** The file that trouble is reported against. */
  readonly file?: string;
}

export type EntryOutcome = Outcome | "not-checkable-here";

/** Of an entry without one, that of its results. */
export const outcomeOf = (entry: ReportEntry): EntryOutcome => entry.outcome ?? outcome(entry.results);

/** The points of all entries together. */
export function totalScore(entries: readonly ReportEntry[]): Score {
  return score(entries.flatMap(({ results }) => results));
}

/** What all entries come to: as with checks, trouble outweighs a failure only when nothing failed. */
export function totalOutcome(entries: readonly ReportEntry[]): Outcome {
  const outcomes = entries.map(outcomeOf);
  if (outcomes.includes("not-passed")) return "not-passed";
  return outcomes.includes("could-not-check") ? "could-not-check" : "passed";
}
