/** Prints what was found in notes in the format that was asked for. */
import process from "node:process";
import { githubNotes, jsonNotes, junitNotes, sarifNotes } from "../checks/notes/reports/formats.ts";
import type { CheckedNote } from "../checks/notes/reports/total.ts";
import { ttyNotes } from "../checks/notes/reports/tty.ts";
import type { Output } from "./output.ts";
import type { ReportFormat } from "./report_formats.ts";
import { coloured } from "./report_output.ts";

/** Writes what was found in the form that is asked for. */
export function printNotes(
  notes: readonly CheckedNote[],
  out: Output,
  format: ReportFormat = out.json ? "json" : "tty",
): void {
  const { language } = out;
  const text = {
    tty: () => ttyNotes(notes, { language, colour: coloured() }),
    json: () => JSON.stringify(jsonNotes(notes), null, 2),
    junit: () => junitNotes(notes, language),
    github: () => githubNotes(notes, language),
    sarif: () => JSON.stringify(sarifNotes(notes, language), null, 2),
  }[format]();
  if (text !== "") process.stdout.write(`${text}\n`);
}
