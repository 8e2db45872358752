/** For GitHub Actions: workflow commands that become annotations at the check's line. */
import type { Language } from "../../cluster/text.ts";
import { VERDICTS } from "../verdict.ts";
import { githubCommand } from "./markup.ts";
import { mismatchText } from "./mismatch_text.ts";
import { outcomeOf, type ReportEntry } from "./report.ts";

export function githubReport(entries: readonly ReportEntry[], language: Language): string {
  return entries.flatMap((entry) => [
    ...entry.results.filter(({ verdict }) => verdict !== "passed" && verdict !== "not-checkable-here").map((result) => {
      const { check, verdict, mismatches, trouble } = result;
      const level = verdict === "could-not-check" ? "warning" : "error";
      const details = [
        ...mismatches.map((one) => mismatchText(one, language)),
        ...trouble === undefined ? [] : [trouble[language]],
      ];
      const { file, line, column } = check.source;
      const title = `${entry.id}: ${VERDICTS[verdict][language]}`;
      const text = [check.title[language], ...details].join("\n");
      return githubCommand(level, { title, file, line, column }, text);
    }),
    ...entry.trouble.map((text) => {
      const level = outcomeOf(entry) === "not-passed" ? "error" : "warning";
      const file = entry.file === undefined ? {} : { file: entry.file };
      return githubCommand(level, { title: entry.id, ...file }, text[language]);
    }),
  ]).join("\n");
}
