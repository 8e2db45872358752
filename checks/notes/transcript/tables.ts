/** Compares tables: their columns, and the cells of rows that are about the same object. */
import { nearest } from "../../nearest.ts";
import type { Finding } from "../finding.ts";
import { contradicts, STATUSES } from "./cells.ts";
import { stem } from "./same.ts";
import { differs, leadsTo } from "./shown.ts";
import type { Row, Table } from "./table.ts";

export interface TableOptions {
  /** The cluster may be in another state than the note's was: only the form is compared. */
  readonly diverged: boolean;
  /** The note is about an older version, which may have had other columns. */
  readonly older: boolean;
}

/** @param reals what kubectl printed, of which one is what is shown */
export function tableFindings(shown: Table, reals: readonly Table[], { diverged, older }: TableOptions): Finding[] {
  const real = likest(shown, reals);
  return [
    ...columnFindings(shown, real, older),
    ...misspeltStatuses(shown),
    ...diverged ? [] : cellFindings(shown, real),
  ];
}

/** The table with most columns in common; of several, the one with most rows in common. */
function likest(shown: Table, [first, ...others]: readonly Table[]): Table {
  const score = (real: Table) =>
    1000 * real.columns.filter((column) => shown.columns.includes(column)).length +
    shown.rows.filter((row) => real.rows.some((other) => isSame(row, other))).length;
  return others.reduce((best, real) => score(real) > score(best) ? real : best, first);
}

function columnFindings({ header, columns }: Table, real: Table, older: boolean): Finding[] {
  const unknown = columns.filter((column) => !real.columns.includes(column));
  return unknown.filter((column) => !older || nearest(column, real.columns) !== undefined).map((column) =>
    differs(header, header.text.indexOf(column), `${column} is not among ${real.columns.join(", ")}`, {
      en: `kubectl prints no column ${column} here.`,
      ko: `kubectl은 여기에 ${column} 열을 출력하지 않습니다.`,
    })
  );
}

function misspeltStatuses({ rows }: Table): Finding[] {
  return rows.flatMap((row) => {
    const meant = misspeltStatus(row);
    if (meant === undefined) return [];
    const { line, cells: { STATUS: status } } = row;
    return [differs(line, line.text.indexOf(status), `${status} is no status`, {
      en: `There is no status ${status}: it is ${meant}.`,
      ko: `${status} 상태는 없습니다. ${meant}입니다.`,
    })];
  });
}

/** What the row's status was meant to be, where it is nearly one. */
function misspeltStatus({ cells: { STATUS: status } }: Row): string | undefined {
  if (status === undefined || !/^[A-Za-z]{5,30}$/.test(status) || STATUSES.includes(status)) return undefined;
  return nearest(status, STATUSES);
}

function cellFindings(shown: Table, real: Table): Finding[] {
  return shown.rows.filter((row) => misspeltStatus(row) === undefined).flatMap((row) => {
    const others = real.rows.filter((other) => isSame(row, other));
    // Where several rows could be meant, one that agrees is enough.
    const disagreements = others.map((other) => contradicts(row.cells, other.cells));
    const [first] = disagreements;
    if (first === undefined || disagreements.some((one) => one === undefined)) return [];
    const offset = cellOffset(row.line.text, shown.columns.indexOf(first.column));
    return [leadsTo(row.line, first.column, first.shown, first.real, offset)];
  });
}

/** Where the cell of a column begins. */
const cellOffset = (text: string, at: number): number => [...text.matchAll(/\S+(?: \S+)*/g)][at]?.index ?? 0;

/** Whether two rows are about the same object: names are compared without their random ends. */
function isSame({ cells: a }: Row, { cells: b }: Row): boolean {
  return a.NAME !== undefined && b.NAME !== undefined && stem(a.NAME) === stem(b.NAME) &&
    (a.NAMESPACE === undefined || b.NAMESPACE === undefined || a.NAMESPACE === b.NAMESPACE);
}
