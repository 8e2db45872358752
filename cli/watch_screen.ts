/** What `drydock watch` shows. */
import process from "node:process";
import { entryLines, summary } from "../checks/reports/tty.ts";
import type { CheckResult } from "../checks/verdict.ts";
import type { Exercise } from "../exercises/exercise.ts";
import type { Messages } from "./messages/messages.ts";
import type { Output } from "./output.ts";
import { coloured } from "./report_output.ts";
import { taskText } from "./task_text.ts";

export interface View {
  readonly exercise: Exercise;
  /** undefined while the first check runs. */
  readonly results?: readonly CheckResult[];
  /** What a key asked for: a hint, the solution, the list. */
  readonly below: readonly string[];
}

/** The lines of the screen from the top. */
export function viewLines(
  { exercise, results, below }: View,
  out: Output,
  words: Messages["watch"],
): readonly string[] {
  const { id, title } = exercise;
  const tty = { language: out.language, colour: coloured() };
  const entries = results && [{ id, title, results, trouble: [] }];
  return [
    ...taskText(exercise, out).split("\n"),
    ...entries === undefined
      ? [words.checking]
      : [...entryLines(entries[0], tty), ...summary(entries, tty).split("\n")],
    "",
    ...below,
    ...below.length > 0 ? [""] : [],
    out.style("gray", words.keys),
  ];
}

/** The terminal's second screen, so that what stood there comes back in the end. */
export function openScreen() {
  process.stdout.write("\x1b[?1049h");
  return {
    draw: (lines: readonly string[]) =>
      void process.stdout.write(`\x1b[2J\x1b[H${lines.join("\r\n").replace(/\r?\n/g, "\r\n")}\r\n`),
    [Symbol.dispose]: () => void process.stdout.write("\x1b[?1049l"),
  };
}
