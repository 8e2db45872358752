/** For programs: everything that the report knows, in both languages. */
import { score } from "../verdict.ts";
import { outcomeOf, type ReportEntry, totalOutcome, totalScore } from "./report.ts";

/** The report as a plain value. */
export function jsonReport(entries: readonly ReportEntry[]) {
  return {
    outcome: totalOutcome(entries),
    points: totalScore(entries),
    exercises: entries.map((entry) => ({
      id: entry.id,
      title: entry.title,
      outcome: outcomeOf(entry),
      points: score(entry.results),
      trouble: entry.trouble,
      checks: entry.results.map(({ check, verdict, mismatches, events, trouble }) => ({
        id: check.id,
        title: check.title,
        role: check.role,
        points: check.points,
        verdict,
        mismatches,
        events,
        ...trouble === undefined ? {} : { trouble },
      })),
    })),
  };
}
