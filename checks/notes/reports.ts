/** What was found in notes, for people and for programs. */
import { styleText } from "node:util";
import type { Language, Text } from "../../cluster/text.ts";
import type { NoteReport } from "./check_note.ts";
import type { Counted, Finding } from "./finding.ts";

export interface CheckedNote extends NoteReport {
  /** The note's text, to show the lines. */
  readonly source: string;
}

export interface TtyOptions {
  readonly language: Language;
  readonly colour: boolean;
}

const SEVERITY: Readonly<Record<Finding["severity"], Text>> = {
  error: { en: "error", ko: "오류" },
  warning: { en: "warning", ko: "경고" },
};

/** Each finding with its line, a mark under the place, what it means and how to mend it; a summary last. */
export function ttyNotes(notes: readonly CheckedNote[], options: TtyOptions): string {
  const texts = notes.flatMap((note) => note.findings.map((finding) => ttyFinding(note, finding, options)));
  const unchecked = notes.flatMap((note) => ttyUnchecked(note, options));
  return [...texts, ...unchecked, ...unchecked.length === 0 ? [] : [""], summaryOf(notes, options.language)].join("\n");
}

/** One line for each reason why commands were not run, with the commands' lines. */
function ttyUnchecked({ file, unchecked }: CheckedNote, { language, colour }: TtyOptions): string[] {
  const byReason = Map.groupBy(unchecked, ({ reason }) => reason[language]);
  return [...byReason].map(([reason, commands]) => {
    const lines = [...new Set(commands.map(({ line }) => line))].join(", ");
    const text: Text = {
      en: `${file}: not run (line ${lines}): ${reason}`,
      ko: `${file}: 실행하지 않음 (${lines}행): ${reason}`,
    };
    return colour ? styleText("dim", text[language], { validateStream: false }) : text[language];
  });
}

function ttyFinding({ file, source }: CheckedNote, finding: Finding, { language, colour }: TtyOptions): string {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  const { line, column, severity, rule, message, explanation, mend } = finding;
  const shown = source.split(/\r\n|\r|\n/)[line - 1] ?? "";
  const number = String(line);
  const mark = " ".repeat(displayWidth(shown.slice(0, column - 1))) + "^";
  return [
    `${style("bold", `${file}:${line}:${column}`)} ${
      style(severity === "error" ? "red" : "yellow", SEVERITY[severity][language])
    } ${style("dim", rule)}`,
    `  ${style("dim", `${number} |`)} ${shown.slice(0, 160)}`,
    `  ${" ".repeat(number.length)} ${style("dim", "|")} ${style("red", mark)}`,
    `  ${explanation[language]}`,
    ...mend === undefined ? [] : [`  ${style("green", mend.text[language])}`],
    `  ${style("dim", message.split("\n")[0].slice(0, 300))}`,
    "",
  ].join("\n");
}

/** Korean letters and others of the East are two columns wide on a terminal. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(character) ? 2 : 1;
  }
  return width;
}

export function totalOf(
  notes: readonly NoteReport[],
): Counted & { readonly errors: number; readonly warnings: number } {
  const sum = (of: (note: NoteReport) => number) => notes.reduce((total, note) => total + of(note), 0);
  const count = (severity: Finding["severity"]) =>
    sum(({ findings }) => findings.filter((finding) => finding.severity === severity).length);
  return {
    errors: count("error"),
    warnings: count("warning"),
    verified: sum(({ counted }) => counted.verified),
    parsed: sum(({ counted }) => counted.parsed),
    notCheckable: sum(({ counted }) => counted.notCheckable),
  };
}

function summaryOf(notes: readonly NoteReport[], language: Language): string {
  const { errors, warnings, verified, parsed, notCheckable } = totalOf(notes);
  const text: Text = {
    en: `${notes.length} ${notes.length === 1 ? "note" : "notes"}: ${errors} ${
      errors === 1 ? "error" : "errors"
    }, ${warnings} ${
      warnings === 1 ? "warning" : "warnings"
    }; ${verified} verified on a cluster, ${parsed} only read, ${notCheckable} not checkable here`,
    ko:
      `노트 ${notes.length}개: 오류 ${errors}개, 경고 ${warnings}개. 클러스터에서 검증 ${verified}개, 읽기만 함 ${parsed}개, 여기서 확인할 수 없음 ${notCheckable}개`,
  };
  return text[language];
}

export function jsonNotes(notes: readonly CheckedNote[]) {
  return { notes: notes.map(({ source: _source, ...note }) => note), total: totalOf(notes) };
}

/** Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export function githubNotes(notes: readonly NoteReport[], language: Language): string {
  const escape = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (text: string) => escape(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return notes.flatMap(({ file, findings }) =>
    findings.map((finding) =>
      `::${finding.severity} file=${property(file)},line=${finding.line},col=${finding.column},title=${
        property(finding.rule)
      }::${escape(textOf(finding, language))}`
    )
  ).join("\n");
}

/** The explanation, the mend and the server's words, a line each. */
function textOf({ explanation, mend, message }: Finding, language: Language): string {
  return [explanation[language], ...mend === undefined ? [] : [mend.text[language]], message].join("\n");
}

/** JUnit XML, one test suite a note. */
export function junitNotes(notes: readonly NoteReport[], language: Language): string {
  const escape = (text: string) =>
    text.replace(/[&<>"]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character]!)
      // deno-lint-ignore no-control-regex -- XML cannot hold these at all
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "");
  const suites = notes.map(({ file, findings }) => {
    const cases = findings.length === 0
      ? [`    <testcase classname="${escape(file)}" name="note"/>`]
      : findings.map((finding) =>
        `    <testcase classname="${
          escape(file)
        }" name="${finding.rule} ${finding.line}:${finding.column}">\n      <failure message="${
          escape(finding.explanation[language])
        }">${escape(textOf(finding, language))}</failure>\n    </testcase>`
      );
    return `  <testsuite name="${escape(file)}" tests="${cases.length}" failures="${findings.length}">\n${
      cases.join("\n")
    }\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="drydock notes">\n${
    suites.join("\n")
  }\n</testsuites>`;
}

/** Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarifNotes(notes: readonly NoteReport[], language: Language) {
  const rules = [...new Set(notes.flatMap(({ findings }) => findings.map(({ rule }) => rule)))];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: { driver: { name: "drydock", rules: rules.map((id) => ({ id })) } },
      results: notes.flatMap(({ file, findings }) =>
        findings.map((finding) => ({
          ruleId: finding.rule,
          level: finding.severity,
          message: { text: textOf(finding, language) },
          locations: [{
            physicalLocation: {
              artifactLocation: { uri: file.replaceAll("\\", "/") },
              region: { startLine: finding.line, startColumn: finding.column },
            },
          }],
        }))
      ),
    }],
  };
}
