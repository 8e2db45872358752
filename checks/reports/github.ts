/** For GitHub Actions: workflow commands that become annotations at the check's line. */
import type { Language } from "../../cluster/text.ts";
import { VERDICTS } from "../verdict.ts";
import { mismatchText } from "./mismatch_text.ts";
import { outcomeOf, type ReportEntry } from "./report.ts";

/** Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
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
      return `::${level} file=${property(file)},line=${line},col=${column},title=${property(title)}::${message(text)}`;
    }),
    ...entry.trouble.map((text) => {
      const level = outcomeOf(entry) === "not-passed" ? "error" : "warning";
      const file = entry.file === undefined ? "" : `file=${property(entry.file)},`;
      return `::${level} ${file}title=${property(entry.id)}::${message(text[language])}`;
    }),
  ]).join("\n");
}

const message = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string) => message(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
