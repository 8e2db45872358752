/**
 * Compares the output that a note shows with what kubectl printed, as a person would: what differs from one run or
 * cluster to the next is nothing, what contradicts is told.
 */
import type { Text } from "../../../cluster/text.ts";
import { nearest } from "../../nearest.ts";
import type { Finding } from "../finding.ts";
import type { Ran } from "../kubectl/sandbox.ts";
import type { CodeLine } from "../markdown.ts";
import { contradicts, STATUSES } from "./cells.ts";
import { readTable, type Row, type Table } from "./table.ts";

export interface CompareOptions {
  /** The cluster may be in another state than the note's was: only the form of the output is compared. */
  readonly diverged: boolean;
}

/** Something was left out, or somebody wrote a remark into the output. */
const ELISION = /\.{3}|…|⋮|^\^C|\((before|after|중략|생략|이하 생략|snip)\)|<snip>|^\s*#|<-|←|\/\//m;

export function compareTranscript(output: readonly CodeLine[], { stdout }: Ran, options: CompareOptions): Finding[] {
  const shown = output.filter(({ text }) => text.trim() !== "");
  if (shown.length === 0 || shown.length > 500 || ELISION.test(shown.map(({ text }) => text).join("\n"))) return [];
  const real = stdout.split("\n").map((text, i) => ({ text, line: i + 1, column: 1 }));
  const [shownTable, realTable] = [readTable(shown), readTable(real)];
  if (shownTable !== undefined) {
    return realTable === undefined ? [] : [
      ...columnFindings(shownTable, realTable),
      ...misspeltStatuses(shownTable),
      ...options.diverged ? [] : cellFindings(shownTable, realTable),
    ];
  }
  return realTable === undefined ? messageFindings(shown, real) : [];
}

function columnFindings({ header, columns }: Table, real: Table): Finding[] {
  return columns.filter((column) => !real.columns.includes(column)).map((column) =>
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
      ko: `${status}라는 상태는 없습니다. ${meant}입니다.`,
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
    const { column, shown: cell, real: actual } = first!;
    return [differs(row.line, row.line.text.indexOf(cell), `${column}: ${cell}, not ${actual}`, {
      en: `After the note's own commands, ${column} is ${actual} here.`,
      ko: `노트의 명령을 그대로 실행하면 ${column} 값은 ${actual}입니다.`,
    })];
  });
}

/** Whether two rows are about the same object: names are compared without their random ends. */
function isSame({ cells: a }: Row, { cells: b }: Row): boolean {
  return a.NAME !== undefined && b.NAME !== undefined && stem(a.NAME) === stem(b.NAME) &&
    (a.NAMESPACE === undefined || b.NAMESPACE === undefined || a.NAMESPACE === b.NAMESPACE);
}

const stem = (name: string): string =>
  name.replace(/(-[a-f0-9]{8,10})?-[a-z0-9]{5}$/, "-*").replace(/-[a-f0-9]{8,10}$/, "-*");

/** "deployment.apps/web created" and the older "deployment \"web\" created" */
const MESSAGE =
  /^([a-z]+)(?:\.[a-z0-9.]+)?(?:\/([\w.-]+)| "([^"]+)") ([a-z][a-z ]*?)(?: from \S+ namespace)?(?: \(.*\))?$/;

/** What stands for the same thing, depending on what was there before. */
const SAME_VERB: Readonly<Record<string, string>> = {
  configured: "created",
  unchanged: "created",
  replaced: "created",
  "force deleted": "deleted",
};

interface Message {
  readonly kind: string;
  readonly name: string;
  readonly verb: string;
}

function readMessage(text: string): Message | undefined {
  const found = text.length > 500 ? null : MESSAGE.exec(text.trim());
  if (found === null) return undefined;
  const [, kind, name, quoted, verb] = found;
  return { kind, name: name ?? quoted, verb: SAME_VERB[verb] ?? verb };
}

function messageFindings(shown: readonly CodeLine[], real: readonly CodeLine[]): Finding[] {
  const messages = real.map(({ text }) => readMessage(text)).filter((message) => message !== undefined);
  return shown.flatMap((line) => {
    const message = readMessage(line.text);
    if (message === undefined) return [];
    const same = messages.filter(({ name }) => stem(name) === stem(message.name));
    if (same.length === 0 || same.some(({ kind, verb }) => kind === message.kind && verb === message.verb)) return [];
    const [{ kind, name, verb }] = same;
    return [differs(line, 0, `${line.text.trim()}, not ${kind}/${name} ${verb}`, {
      en: `kubectl says here: ${kind}/${name} ${verb}.`,
      ko: `kubectl은 여기서 ${kind}/${name} ${verb}라고 출력합니다.`,
    })];
  });
}

function differs({ line, column }: CodeLine, offset: number, message: string, explanation: Text): Finding {
  return { line, column: column + Math.max(0, offset), rule: "output", severity: "warning", message, explanation };
}
