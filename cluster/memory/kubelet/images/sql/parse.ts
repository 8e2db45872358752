/** Reads statements of SQL. */
import type { ColumnDefinition, Condition, Statement } from "./statement.ts";
import { TokenReader } from "./tokens.ts";

/** All statements of a text. @throws {SqlSyntaxError} */
export function parseSql(sql: string): readonly Statement[] {
  const reader = new TokenReader(sql);
  const all: Statement[] = [];
  while (!reader.isAtEnd) {
    if (reader.take(";")) continue;
    all.push(statement(reader));
    if (!reader.isAtEnd) reader.expect(";");
  }
  return all;
}

/** Statements that are understood, and do nothing here. */
const WITHOUT_EFFECT = /^(begin|commit|rollback|start|set|grant|revoke|flush|alter|analyze|vacuum|create|drop)$/;

function statement(reader: TokenReader): Statement {
  const take = (...words: readonly string[]) => reader.take(...words);
  if (take("create", "database") || take("create", "schema")) return createDatabase(reader);
  if (take("drop", "database")) return { kind: "drop database", lenient: lenient(reader), name: reader.name() };
  if (take("use")) return { kind: "use", name: reader.name(), lenient: false };
  if (take("create", "table")) return createTable(reader);
  if (take("drop", "table")) return { kind: "drop table", lenient: lenient(reader), name: reader.name() };
  if (take("truncate", "table") || take("truncate")) return { kind: "truncate", name: reader.name(), lenient: false };
  if (take("describe") || take("desc")) return { kind: "describe", name: reader.name(), lenient: false };
  if (take("show")) return show(reader);
  if (take("insert", "into")) return insert(reader);
  if (take("select")) return select(reader);
  if (take("update")) return update(reader);
  if (take("delete", "from")) return { kind: "delete", name: reader.name(), where: where(reader) };
  const tag = reader.next ?? "";
  if (!WITHOUT_EFFECT.test(tag)) return reader.fail();
  reader.passOver(";");
  return { kind: "nothing", tag: tag.toUpperCase() };
}

const lenient = (reader: TokenReader): boolean => reader.take("if", "not", "exists") || reader.take("if", "exists");

function createDatabase(reader: TokenReader): Statement {
  const ignores = lenient(reader);
  const name = reader.name();
  reader.passOver(";");
  return { kind: "create database", lenient: ignores, name };
}

function createTable(reader: TokenReader): Statement {
  const ignores = lenient(reader);
  const name = reader.name();
  const columns = reader.bracketed(() => column(reader)).filter((one) => one !== undefined);
  reader.passOver(";");
  return { kind: "create table", name, columns, lenient: ignores };
}

/** Undefined for a rule of the table's. */
function column(reader: TokenReader): ColumnDefinition | undefined {
  if (/^(primary|unique|key|constraint|index|foreign|check)$/.test(reader.next ?? "")) {
    reader.passOver(",", ")");
    return undefined;
  }
  const name = reader.name();
  const word = reader.name().toUpperCase();
  const type = reader.next === "(" ? `${word}(${reader.bracketed(() => String(reader.value())).join(",")})` : word;
  const more = reader.passOver(",", ")");
  return {
    name,
    type,
    counts: more.includes("auto_increment") || more.includes("identity") || /SERIAL/.test(type),
    primary: more.includes("primary"),
  };
}

function show(reader: TokenReader): Statement {
  const what = reader.next === "schemas" ? "databases" : reader.next;
  if (what !== "databases" && what !== "tables") return reader.fail();
  reader.skip();
  return { kind: "show", what };
}

function insert(reader: TokenReader): Statement {
  const name = reader.name();
  const columns = reader.next === "(" ? reader.bracketed(() => reader.name()) : undefined;
  reader.expect("values");
  const rows = reader.list(() => reader.bracketed(() => reader.value()));
  return { kind: "insert", name, columns, rows };
}

function select(reader: TokenReader): Statement {
  const items = reader.list(() => selected(reader));
  const from = reader.take("from") ? reader.name() : undefined;
  const conditions = where(reader);
  const orderBy = reader.take("order", "by") ? ordering(reader) : undefined;
  const limit = reader.take("limit") ? Number(reader.value()) : undefined;
  return { kind: "select", items, from, where: conditions, orderBy, limit };
}

/** What is selected, as it is written. */
function selected(reader: TokenReader): string {
  if (reader.isAtEnd) return reader.fail();
  const start = reader.offset;
  reader.passOver(",", ";", "from", "where", "order", "limit");
  return reader.sql.slice(start, reader.offset).trim() || reader.fail();
}

function ordering(reader: TokenReader): { readonly column: string; readonly descending: boolean } {
  const ordered = { column: reader.name(), descending: reader.take("desc") };
  reader.take("asc");
  return ordered;
}

function update(reader: TokenReader): Statement {
  const name = reader.name();
  reader.expect("set");
  const changes = reader.list(() => {
    const column = reader.name();
    reader.expect("=");
    return [column, reader.value()] as const;
  });
  return { kind: "update", name, changes: Object.fromEntries(changes), where: where(reader) };
}

const OPERATORS: Readonly<Record<string, Condition["operator"]>> = {
  "=": "=",
  "<>": "<>",
  "!=": "<>",
  "<": "<",
  ">": ">",
  "<=": "<=",
  ">=": ">=",
  like: "like",
};

function where(reader: TokenReader): Condition[] {
  if (!reader.take("where")) return [];
  const conditions: Condition[] = [];
  do {
    const column = reader.name();
    const operator = OPERATORS[reader.next ?? ""] ?? reader.fail();
    reader.skip();
    conditions.push({ column, operator, value: reader.value() });
  } while (reader.take("and"));
  return conditions;
}
