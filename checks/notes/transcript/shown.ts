/** Prepares the output that a note shows: lines that were left out, and remarks behind lines, say nothing. */
import type { Text } from "../../../cluster/text.ts";
import { nearest } from "../../nearest.ts";
import type { Finding } from "../finding.ts";
import type { CodeLine } from "../markdown.ts";

/** Something was left out, or the line is the writer's and not kubectl's. */
const LEFT_OUT = /\.{3}|…|⋮|^\s*\^C|\((중략|생략|이하 생략|snip)\)|<snip>|^\s*[#:]/;

/** A remark behind a line: "… # still starting", "… <- here", "… // mind this". */
const REMARK = /(?<=\S)(\s{2,}#|\s+(<-|←|⬅|👈|\/\/)).*$/u;

/** Two states of the same thing in one output. */
const SEVERAL = /\((before|after|전|후|변경 전|변경 후)\)/;

/** Output with more lines than this is data. */
const MOST_LINES = 500;

/** The lines that kubectl has printed, as far as that can be told; none where the note shows several states. */
export function shownLines(output: readonly CodeLine[]): CodeLine[] {
  if (output.length > MOST_LINES || output.some(({ text }) => SEVERAL.test(text))) return [];
  return output.filter(({ text }) => text.trim() !== "" && text.length <= 1000 && !LEFT_OUT.test(text))
    .map((line) => ({ ...line, text: line.text.replace(REMARK, "").trimEnd() }));
}

/** Lines of kubectl's own output, which is in no file. */
export const printedLines = (stdout: string): CodeLine[] =>
  stdout.split("\n").map((text, i) => ({ text, line: i + 1, column: 1 }));

/** The known name that a shorter or longer one was meant to be: "IP" and "IPs" are near each other, and both are right. */
export function misspeltName(name: string, known: Iterable<string>): string | undefined {
  const meant = nearest(name, known);
  return name.length < 5 || `${name}s` === meant || `${meant}s` === name ? undefined : meant;
}

/** @param offset where in the line the contradiction stands */
export function differs({ line, column }: CodeLine, offset: number, message: string, explanation: Text): Finding {
  return { line, column: column + Math.max(0, offset), rule: "output", severity: "warning", message, explanation };
}

/** What the note's own commands lead to instead. @param offset where it stands; the last place where it does unless given */
export function leadsTo(
  line: CodeLine,
  name: string,
  shown: string,
  real: string,
  offset: number = line.text.lastIndexOf(shown),
): Finding {
  return differs(line, offset, `${name}: ${shown}, not ${real}`, {
    en: `After the note's own commands, ${name} is ${real} here.`,
    ko: `노트의 명령을 그대로 실행하면 ${name} 값은 ${real}입니다.`,
  });
}
