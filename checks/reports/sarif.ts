/** For code scanning: SARIF 2.1.0, a result for each check that does not hold. */
import type { Language } from "../../cluster/text.ts";
import { VERDICTS } from "../verdict.ts";
import { sarifLocation, sarifLog } from "./markup.ts";
import { mismatchText } from "./mismatch_text.ts";
import { outcomeOf, type ReportEntry } from "./report.ts";

export function sarifReport(entries: readonly ReportEntry[], language: Language) {
  const failing = entries.flatMap((entry) =>
    entry.results
      .filter(({ verdict }) => verdict !== "passed" && verdict !== "not-checkable-here")
      .map((result) => ({ entry, result }))
  );
  return sarifLog({
    tool: {
      driver: {
        name: "drydock",
        rules: failing.map(({ entry, result: { check } }) => ({
          id: `${entry.id}/${check.id}`,
          shortDescription: { text: check.title[language] },
        })),
      },
    },
    results: [
      ...failing.map(({ entry, result: { check, verdict, mismatches, trouble } }) => ({
        ruleId: `${entry.id}/${check.id}`,
        level: verdict === "could-not-check" ? "warning" : "error",
        message: {
          text: [
            `${check.title[language]} — ${VERDICTS[verdict][language]}`,
            ...mismatches.map((one) => mismatchText(one, language)),
            ...trouble === undefined ? [] : [trouble[language]],
          ].join("\n"),
        },
        locations: [sarifLocation(check.source.file, check.source.line, check.source.column)],
      })),
      ...entries.flatMap((entry) =>
        entry.trouble.map((text) => ({
          ruleId: entry.id,
          level: outcomeOf(entry) === "not-passed" ? "error" : "warning",
          message: { text: text[language] },
          locations: entry.file === undefined ? [] : [sarifLocation(entry.file, 1, 1)],
        }))
      ),
    ],
  });
}
