/** Databases with their tables, kept as text where a server keeps its data: what a volume keeps, they keep. */
import { parseSql } from "./parse.ts";
import type { ColumnDefinition, Condition, Statement, Value } from "./statement.ts";

export interface Table {
  readonly columns: readonly ColumnDefinition[];
  rows: Value[][];
  next: number;
}

/** By name, tables by name. */
export type Databases = Record<string, Record<string, Table>>;

export interface Result {
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly Value[])[];
  /** Rows that were changed. */
  readonly affected?: number;
  /** What was done, "INSERT 0 1". */
  readonly tag: string;
}

/** Why a statement fails: what it is about, for each product's own words. */
export class SqlError extends Error {
  override readonly name = "SqlError";
  constructor(
    readonly problem:
      | "no database"
      | "unknown database"
      | "unknown table"
      | "unknown column"
      | "exists"
      | "count"
      | "taken",
    readonly subject: string,
  ) {
    super(`${problem}: ${subject}`);
  }
}

export interface Session {
  readonly databases: Databases;
  /** The one in use. */
  database: string | undefined;
  readonly version: string;
  readonly user: string;
  /** "2026-11-21 04:11:29" */
  readonly now: string;
}

/** Runs a text of statements. @throws {SqlError} @throws {SqlSyntaxError} */
export const runSql = (sql: string, session: Session): readonly Result[] =>
  parseSql(sql).map((statement) => run(statement, session));

function run(statement: Statement, session: Session): Result {
  const { databases } = session;
  const tables = () => {
    if (session.database === undefined) throw new SqlError("no database", "");
    return databases[session.database];
  };
  const table = (name: string) => {
    const found = tables()[name];
    if (found === undefined) throw new SqlError("unknown table", name);
    return found;
  };
  switch (statement.kind) {
    case "create database":
      if (databases[statement.name] !== undefined && !statement.lenient) throw new SqlError("exists", statement.name);
      databases[statement.name] ??= {};
      return { tag: "CREATE DATABASE", affected: 1 };
    case "drop database":
      if (databases[statement.name] === undefined) throw new SqlError("unknown database", statement.name);
      delete databases[statement.name];
      return { tag: "DROP DATABASE", affected: 0 };
    case "use":
      if (databases[statement.name] === undefined) throw new SqlError("unknown database", statement.name);
      session.database = statement.name;
      return { tag: "USE" };
    case "show":
      if (statement.what === "databases") {
        return { tag: "SHOW", columns: ["Database"], rows: Object.keys(databases).sort().map((one) => [one]) };
      }
      return {
        tag: "SHOW",
        columns: [`Tables_in_${session.database ?? ""}`],
        rows: Object.keys(tables()).sort().map((one) => [one]),
      };
    case "create table":
      if (tables()[statement.name] !== undefined) {
        if (!statement.lenient) throw new SqlError("exists", statement.name);
      } else tables()[statement.name] = { columns: statement.columns, rows: [], next: 1 };
      return { tag: "CREATE TABLE", affected: 0 };
    case "drop table":
      if (tables()[statement.name] === undefined && !statement.lenient) {
        throw new SqlError("unknown table", statement.name);
      }
      delete tables()[statement.name];
      return { tag: "DROP TABLE", affected: 0 };
    case "truncate":
      table(statement.name).rows = [];
      return { tag: "TRUNCATE TABLE", affected: 0 };
    case "describe":
      return describe(table(statement.name));
    case "insert":
      return insert(statement, table(statement.name), session);
    case "select":
      return select(statement, statement.from === undefined ? undefined : table(statement.from), session);
    case "update":
      return update(statement, table(statement.name));
    case "delete":
      return remove(statement, table(statement.name));
    case "nothing":
      return { tag: statement.tag, affected: 0 };
  }
}

const describe = ({ columns }: Table): Result => ({
  tag: "SHOW",
  columns: ["Field", "Type", "Null", "Key", "Default", "Extra"],
  rows: columns.map(({ name, type, counts, primary }) => [
    name,
    type.toLowerCase(),
    primary ? "NO" : "YES",
    primary ? "PRI" : "",
    null,
    counts ? "auto_increment" : "",
  ]),
});

function update({ where, changes }: Extract<Statement, { kind: "update" }>, table: Table): Result {
  const hits = matching(table, where);
  for (const [column, value] of Object.entries(changes)) {
    const at = indexOf(table, column);
    for (const row of hits) row[at] = value;
  }
  return { tag: `UPDATE ${hits.length}`, affected: hits.length };
}

function remove({ where }: Extract<Statement, { kind: "delete" }>, table: Table): Result {
  const hits = new Set(matching(table, where));
  table.rows = table.rows.filter((row) => !hits.has(row));
  return { tag: `DELETE ${hits.size}`, affected: hits.size };
}

function indexOf({ columns }: Table, name: string): number {
  const at = columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  if (at < 0) throw new SqlError("unknown column", name);
  return at;
}

function insert(statement: Extract<Statement, { kind: "insert" }>, table: Table, { now }: Session): Result {
  const at = statement.columns?.map((name) => indexOf(table, name)) ?? table.columns.map((_, i) => i);
  for (const given of statement.rows) {
    if (given.length !== at.length) throw new SqlError("count", "");
    const row: Value[] = table.columns.map(() => null);
    given.forEach((value, i) => row[at[i]] = value === "now()" ? now : value);
    table.columns.forEach(({ counts, primary }, i) => {
      if (counts && row[i] === null) row[i] = table.next;
      if (counts) table.next = Math.max(table.next, Number(row[i]) + 1);
      if (primary && table.rows.some((other) => other[i] === row[i])) throw new SqlError("taken", String(row[i]));
    });
    table.rows.push(row);
  }
  return { tag: `INSERT 0 ${statement.rows.length}`, affected: statement.rows.length };
}

function matching(table: Table, where: readonly Condition[]): Value[][] {
  const tests = where.map(({ column, operator, value }) => ({ at: indexOf(table, column), operator, value }));
  return table.rows.filter((row) => tests.every(({ at, operator, value }) => holds(row[at], operator, value)));
}

function holds(left: Value, operator: Condition["operator"], right: Value): boolean {
  if (left === null || right === null) return false;
  if (operator === "like") return like(String(left), String(right));
  const [a, b] = typeof left === "number" || typeof right === "number" ? [Number(left), Number(right)] : [left, right];
  switch (operator) {
    case "=":
      return a === b;
    case "<>":
      return a !== b;
    case "<":
      return a < b;
    case ">":
      return a > b;
    case "<=":
      return a <= b;
    case ">=":
      return a >= b;
  }
}

/** "%" stands for anything; each part is looked for after the one before. */
function like(text: string, pattern: string): boolean {
  const parts = pattern.toLowerCase().split("%");
  let rest = text.toLowerCase();
  for (const [i, part] of parts.entries()) {
    const found = i === 0
      ? (rest.startsWith(part) ? 0 : -1)
      : i === parts.length - 1
      ? (rest.endsWith(part) ? rest.length - part.length : -1)
      : rest.indexOf(part);
    if (found < 0) return false;
    rest = rest.slice(found + part.length);
  }
  return parts.length > 1 || rest === "";
}

function select(statement: Extract<Statement, { kind: "select" }>, table: Table | undefined, session: Session): Result {
  const { items, where, orderBy, limit } = statement;
  const label = (item: string) => /\s+as\s+["`']?(\w+)["`']?$/i.exec(item)?.[1] ?? item;
  const expression = (item: string) => item.replace(/\s+as\s+["`']?\w+["`']?$/i, "");
  if (table === undefined) {
    return {
      tag: "SELECT 1",
      columns: items.map(label),
      rows: [items.map((item) => constant(expression(item), session))],
    };
  }
  let rows = matching(table, where);
  if (items.length === 1 && /^count\s*\(.*\)$/i.test(expression(items[0]))) {
    return { tag: "SELECT 1", columns: [label(items[0])], rows: [[rows.length]] };
  }
  if (orderBy !== undefined) {
    const at = indexOf(table, orderBy.column);
    const sign = orderBy.descending ? -1 : 1;
    rows = rows.toSorted((a, b) => sign * ((a[at] ?? "") < (b[at] ?? "") ? -1 : (a[at] ?? "") > (b[at] ?? "") ? 1 : 0));
  }
  rows = rows.slice(0, limit);
  const chosen = items.flatMap((item) =>
    item === "*"
      ? table.columns.map(({ name }, i) => [name, i] as const)
      : [[label(item), indexOf(table, expression(item))] as const]
  );
  return {
    tag: `SELECT ${rows.length}`,
    columns: chosen.map(([name]) => name),
    rows: rows.map((row) => chosen.map(([, i]) => row[i])),
  };
}

/** What an expression without a table is: a number, a text, a sum, a function of the server. */
function constant(text: string, { version, user, database, now }: Session): Value {
  const known: Readonly<Record<string, Value>> = {
    "version()": version,
    "@@version": version,
    "user()": user,
    "current_user()": user,
    "current_user": user.split("@")[0],
    "database()": database ?? null,
    "current_database()": database ?? null,
    "now()": now,
    "@@hostname": user,
  };
  const found = known[text.toLowerCase().replaceAll(/\s/g, "")];
  if (found !== undefined) return found;
  const [, quoted] = /^'(.*)'$/s.exec(text) ?? [];
  if (quoted !== undefined) return quoted;
  const sum = /^(-?\d+(?:\.\d+)?)\s*(?:([-+*/])\s*(-?\d+(?:\.\d+)?))?$/.exec(text);
  if (sum === null) throw new SqlError("unknown column", text);
  const [a, b] = [Number(sum[1]), Number(sum[3])];
  return sum[2] === undefined ? a : sum[2] === "+" ? a + b : sum[2] === "-" ? a - b : sum[2] === "*" ? a * b : a / b;
}
