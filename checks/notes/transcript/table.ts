/** Reads the tables that kubectl prints. */
import type { CodeLine } from "../markdown.ts";

export interface Table {
  readonly columns: readonly string[];
  readonly header: CodeLine;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly line: CodeLine;
  readonly cells: Readonly<Record<string, string>>;
}

/** "NAME", "UP-TO-DATE", "PORT(S)", "NOMINATED NODE", "CPU(cores)", "MEMORY%" */
const COLUMN = /[A-Z][A-Z-]*(?: [A-Z][A-Z-]*)*(?:\([A-Za-z]+\)|%)?/;
const HEADER = new RegExp(`^(?:${COLUMN.source})(?:\\s{2,}(?:${COLUMN.source}))+\\s*$`);

/** The tables in an output whose first line is a head: `get all` prints several, one below the other. */
export function readTables(lines: readonly CodeLine[]): Table[] {
  const starts = lines.flatMap(({ text }, i) => text.length <= 1000 && HEADER.test(text) ? [i] : []);
  if (starts[0] !== 0) return [];
  return starts.map((start, i) => readTable(lines.slice(start, starts[i + 1])));
}

function readTable([header, ...rest]: readonly CodeLine[]): Table {
  const columns = header.text.trim().split(/\s{2,}/);
  const rows = rest.filter(({ text }) => text.trim() !== "").map((line) => ({
    line,
    cells: cellsOf(line.text, columns),
  }));
  return { columns, header, rows };
}

/** Cells are two spaces apart; a row that has another number of cells is not read, but for its first ones. */
function cellsOf(text: string, columns: readonly string[]): Readonly<Record<string, string>> {
  const cells = text.trim().split(/\s{2,}/);
  if (cells.length !== columns.length) return {};
  return Object.fromEntries(columns.map((column, i) => [column, cells[i]]));
}
