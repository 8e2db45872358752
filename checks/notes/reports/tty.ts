/** What was found in notes, for people. */
import { styleText } from "node:util";
import type { Language, Text } from "../../../cluster/text.ts";
import { displayWidth } from "../../display_width.ts";
import type { Finding } from "../finding.ts";
import { type CheckedNote, summaryOf } from "./total.ts";

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

/** One line for each reason why something was not checked on a cluster, with the lines. */
function ttyUnchecked({ file, unchecked }: CheckedNote, { language, colour }: TtyOptions): string[] {
  const byReason = Map.groupBy(unchecked, ({ reason }) => reason[language]);
  return [...byReason].map(([reason, commands]) => {
    const lines = [...new Set(commands.map(({ line }) => line))].join(", ");
    const text: Text = {
      en: `${file}: not checked on a cluster (line ${lines}): ${reason}`,
      ko: `${file}: 클러스터에서 확인하지 않음 (${lines}행): ${reason}`,
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
