/** For build servers: JUnit XML, one test suite an exercise. */
import type { Language } from "../../cluster/text.ts";
import { type CheckResult, VERDICTS } from "../verdict.ts";
import { xmlText } from "./markup.ts";
import { eventText, mismatchText } from "./mismatch_text.ts";
import { outcomeOf, type ReportEntry } from "./report.ts";

export function junitReport(entries: readonly ReportEntry[], language: Language): string {
  const suites = entries.map((entry) => {
    const cases = [
      ...entry.results.map((result) => testCase(entry, result, language)),
      ...troubleCase(entry, language),
    ];
    const count = (kind: string) => cases.filter((text) => text.includes(`<${kind} `)).length;
    const attributes = `name="${xmlText(entry.id)}" tests="${cases.length}" failures="${count("failure")}" errors="${
      count("error")
    }"`;
    return `  <testsuite ${attributes}>\n${cases.join("\n")}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="drydock">\n${suites.join("\n")}\n</testsuites>`;
}

function testCase(entry: ReportEntry, result: CheckResult, language: Language): string {
  const { check, verdict } = result;
  const head = `    <testcase classname="${xmlText(entry.id)}" name="${xmlText(check.title[language])}"`;
  if (verdict === "passed") return `${head}/>`;
  const element = { "could-not-check": "error", "not-checkable-here": "skipped" }[verdict as string] ?? "failure";
  const details = [
    ...result.mismatches.map((mismatch) => mismatchText(mismatch, language)),
    ...result.events.map((event) => eventText(event, language)),
    ...result.trouble === undefined ? [] : [result.trouble[language]],
  ].join("\n");
  const message = xmlText(VERDICTS[verdict][language]);
  return `${head}>\n      <${element} message="${message}">${xmlText(details)}</${element}>\n    </testcase>`;
}

function troubleCase(entry: ReportEntry, language: Language): readonly string[] {
  if (entry.trouble.length === 0) return [];
  const element = outcomeOf(entry) === "not-passed" ? "failure" : "error";
  const text = xmlText(entry.trouble.map((one) => one[language]).join("\n"));
  return [
    `    <testcase classname="${xmlText(entry.id)}" name="${xmlText(entry.title[language])}">\n` +
    `      <${element} message="${text}"></${element}>\n    </testcase>`,
  ];
}
