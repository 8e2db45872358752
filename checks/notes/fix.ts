/** Writes the mends of findings into a note. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { Edit, Finding } from "./finding.ts";

export interface Fixed {
  readonly text: string;
  /** How many findings were mended. */
  readonly count: number;
}

/** Applies every edit that does not overlap one before it. */
export function fixNote(source: string, findings: readonly Finding[]): Fixed {
  // With their ends, of whatever system.
  const lines = source.split(/(?<=\r\n|\n|\r(?!\n))/);
  const edits = findings.map(({ mend }) => mend?.edit).filter((edit): edit is Edit => edit !== undefined)
    .sort((a, b) => b.line - a.line || b.column - a.column);
  let count = 0;
  let last: Edit | undefined;
  for (const edit of edits) {
    const overlaps = last !== undefined && last.line === edit.line && edit.column + edit.length > last.column;
    const line = lines[edit.line - 1];
    if (overlaps || line === undefined || line.length < edit.column - 1 + edit.length) continue;
    lines[edit.line - 1] = line.slice(0, edit.column - 1) + edit.replacement +
      line.slice(edit.column - 1 + edit.length);
    last = edit;
    count++;
  }
  return { text: lines.join(""), count };
}

/** A unified diff from a note to its mended text. */
export function diffOf(file: string, before: string, after: string): string {
  return createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, {
    context: 2,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
