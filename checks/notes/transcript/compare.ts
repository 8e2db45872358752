/**
 * Compares the output that a note shows with what kubectl printed, as a person would: what differs from one run or
 * cluster to the next is nothing, what contradicts is told.
 */
import type { Finding } from "../finding.ts";
import type { KubectlCommand } from "../kubectl/command_line.ts";
import type { Ran } from "../kubectl/sandbox.ts";
import type { CodeLine } from "../markdown.ts";
import { describedFindings } from "./described.ts";
import { explainedFindings } from "./explained.ts";
import { messageFindings } from "./messages.ts";
import { objectFindings } from "./objects.ts";
import { printedLines, shownLines } from "./shown.ts";
import { readTables } from "./table.ts";
import { tableFindings } from "./tables.ts";
import { answerFindings, answerOf, logFindings } from "./values.ts";

export interface CompareOptions {
  /** The cluster may be in another state than the note's was: only the form of the output is compared. */
  readonly diverged: boolean;
  /** For `logs`: the container's command is given by the note, not by an image that only its author has. */
  readonly ownCommand?: boolean;
  /** The note is about an older version than kubectl's. */
  readonly older?: boolean;
}

/** Findings of what contradicts; none where nothing can be told. @param output the lines that the note shows */
export function compareTranscript(
  output: readonly CodeLine[],
  command: KubectlCommand,
  { stdout }: Pick<Ran, "stdout">,
  { diverged, ownCommand = false, older = false }: CompareOptions,
): Finding[] {
  const isObject = /^(ya?ml|json)$/.test(command.flags.get("output")?.at(-1) ?? "") || command.path === "config view";
  // Elisions in YAML are read where YAML is.
  if (isObject) return diverged ? [] : objectFindings(output, stdout);
  const shown = shownLines(output);
  if (shown.length === 0) return [];
  if (command.path === "describe") return describedFindings(shown, stdout, diverged);
  if (command.path === "explain") return explainedFindings(shown, stdout);
  if (command.path === "logs") return ownCommand && !diverged ? logFindings(shown, stdout) : [];
  const answer = answerOf(command);
  if (answer !== undefined) return diverged ? [] : answerFindings(shown, stdout, answer);
  const real = readTables(printedLines(stdout));
  if (real.length === 0) return messageFindings(shown, stdout);
  return readTables(shown).flatMap((table) => tableFindings(table, real, { diverged, older }));
}
