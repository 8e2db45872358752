/** What was found in notes, for programs: JSON, GitHub annotations, JUnit XML, SARIF. */
import type { Language } from "../../../cluster/text.ts";
import { githubCommand, sarifLocation, sarifLog, xmlText } from "../../reports/markup.ts";
import type { NoteReport } from "../check_note.ts";
import type { Finding } from "../finding.ts";
import { type CheckedNote, summaryOf, totalOf } from "./total.ts";

export function jsonNotes(notes: readonly CheckedNote[]) {
  return { notes: notes.map(({ source: _source, ...note }) => note), total: totalOf(notes) };
}

/** Annotations at the findings' lines, and a notice with the summary: that there are no others is not all. */
export function githubNotes(notes: readonly NoteReport[], language: Language): string {
  const annotations = notes.flatMap(({ file, findings }) =>
    findings.map((finding) =>
      githubCommand(finding.severity, { ...finding, file, title: finding.rule }, textOf(finding, language))
    )
  );
  return [...annotations, githubCommand("notice", { title: "drydock notes" }, summaryOf(notes, language))].join("\n");
}

/** The explanation, the mend and the server's words, a line each. */
function textOf({ explanation, mend, message }: Finding, language: Language): string {
  return [explanation[language], ...mend === undefined ? [] : [mend.text[language]], message].join("\n");
}

/** JUnit XML, one test suite a note: errors are failures, warnings are said and pass. */
export function junitNotes(notes: readonly NoteReport[], language: Language): string {
  const suites = notes.map(({ file, findings, counted }) => {
    const cases = findings.length === 0
      ? [`    <testcase classname="${xmlText(file)}" name="note"/>`]
      : findings.map((finding) => testCase(file, finding, language));
    const failures = findings.filter(({ severity }) => severity === "error").length;
    const properties = Object.entries(counted).map(([name, value]) => `<property name="${name}" value="${value}"/>`);
    return [
      `  <testsuite name="${xmlText(file)}" tests="${cases.length}" failures="${failures}">`,
      `    <properties>${properties.join("")}</properties>`,
      ...cases,
      "  </testsuite>",
    ].join("\n");
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="drydock notes">\n${
    suites.join("\n")
  }\n</testsuites>`;
}

function testCase(file: string, finding: Finding, language: Language): string {
  const { rule, line, column, severity, explanation } = finding;
  const text = xmlText(textOf(finding, language));
  const inside = severity === "error"
    ? `<failure message="${xmlText(explanation[language])}">${text}</failure>`
    : `<system-out>${text}</system-out>`;
  return `    <testcase classname="${
    xmlText(file)
  }" name="${rule} ${line}:${column}">\n      ${inside}\n    </testcase>`;
}

/** A SARIF log; what was only read, and what could not be checked, is counted in the run's properties. */
export function sarifNotes(notes: readonly NoteReport[], language: Language) {
  const rules = [...new Set(notes.flatMap(({ findings }) => findings.map(({ rule }) => rule)))];
  const { verified, parsed, notCheckable } = totalOf(notes);
  return sarifLog({
    tool: { driver: { name: "drydock", rules: rules.map((id) => ({ id })) } },
    results: notes.flatMap(({ file, findings }) =>
      findings.map((finding) => ({
        ruleId: finding.rule,
        level: finding.severity,
        message: { text: textOf(finding, language) },
        locations: [sarifLocation(file, finding.line, finding.column)],
      }))
    ),
    properties: { verified, parsed, notCheckable },
  });
}
