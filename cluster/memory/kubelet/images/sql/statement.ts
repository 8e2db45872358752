/** The statements of SQL that people type to see that a database works and keeps what it was given. */

export type Value = string | number | null;

export interface ColumnDefinition {
  readonly name: string;
  /** "INT", "VARCHAR(20)" */
  readonly type: string;
  /** Counts by itself: AUTO_INCREMENT, SERIAL. */
  readonly counts: boolean;
  readonly primary: boolean;
}

export interface Condition {
  readonly column: string;
  readonly operator: "=" | "<>" | "<" | ">" | "<=" | ">=" | "like";
  readonly value: Value;
}

export type Statement =
  | { readonly kind: "create database" | "drop database" | "use"; readonly name: string; readonly lenient: boolean }
  | {
    readonly kind: "create table";
    readonly name: string;
    readonly columns: readonly ColumnDefinition[];
    readonly lenient: boolean;
  }
  | { readonly kind: "drop table" | "truncate" | "describe"; readonly name: string; readonly lenient: boolean }
  | {
    readonly kind: "insert";
    readonly name: string;
    readonly columns?: readonly string[];
    readonly rows: readonly (readonly Value[])[];
  }
  | {
    readonly kind: "select";
    readonly items: readonly string[];
    readonly from?: string;
    readonly where: readonly Condition[];
    readonly orderBy?: { readonly column: string; readonly descending: boolean };
    readonly limit?: number;
  }
  | {
    readonly kind: "update";
    readonly name: string;
    readonly changes: Readonly<Record<string, Value>>;
    readonly where: readonly Condition[];
  }
  | { readonly kind: "delete"; readonly name: string; readonly where: readonly Condition[] }
  | { readonly kind: "show"; readonly what: "databases" | "tables" }
  /** Understood, and without an effect here: BEGIN, GRANT, SET. */
  | { readonly kind: "nothing"; readonly tag: string };

/** What is no statement that is known here. */
export class SqlSyntaxError extends Error {
  override readonly name = "SqlSyntaxError";
  /** @param near where it is not understood */
  constructor(readonly near: string) {
    super(`syntax error near ${JSON.stringify(near)}`);
  }
}

const TOKEN =
  /\s+|--[^\n]*|'((?:[^'\\]|''|\\.)*)'|["`]([^"`]+)["`]|(\d+(?:\.\d+)?)|([A-Za-z_][\w.]*)|(<>|!=|<=|>=|[-+*/%()=<>,;@])/y;
const LONGEST = 1 << 20;

interface Token {
  readonly kind: "text" | "name" | "number" | "mark";
  readonly text: string;
  readonly at: number;
}

function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < sql.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(sql);
    if (match === null || sql.length > LONGEST) throw new SqlSyntaxError(sql.slice(at, at + 20));
    const [, text, quoted, number, name, mark] = match;
    if (text !== undefined) {
      tokens.push({ kind: "text", text: text.replaceAll("''", "'").replaceAll(/\\(.)/g, "$1"), at });
    } else if (quoted !== undefined || name !== undefined) tokens.push({ kind: "name", text: quoted ?? name, at });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (mark !== undefined) tokens.push({ kind: "mark", text: mark, at });
  }
  return tokens;
}

/** All statements of a text. @throws {SqlSyntaxError} */
export function parseSql(sql: string): readonly Statement[] {
  const tokens = tokenize(sql);
  let at = 0;
  const peek = (offset = 0) => tokens[at + offset];
  const lower = (offset = 0) => peek(offset)?.kind === "text" ? undefined : peek(offset)?.text.toLowerCase();
  const fail = (): never => {
    throw new SqlSyntaxError(at < tokens.length ? sql.slice(tokens[at].at, tokens[at].at + 40) : "");
  };
  /** Takes these words if they come next. */
  const take = (...words: readonly string[]): boolean => {
    if (!words.every((word, i) => lower(i) === word)) return false;
    at += words.length;
    return true;
  };
  const expect = (...words: readonly string[]) => take(...words) || fail();
  const name = (): string => peek()?.kind === "name" ? tokens[at++].text.replace(/^.*\./, "") : fail();
  const value = (): Value => {
    const negative = take("-");
    const token = tokens[at++];
    if (token === undefined) return fail();
    if (token.kind === "number") return Number(token.text) * (negative ? -1 : 1);
    if (token.kind === "text") return token.text;
    if (/^(null|default)$/i.test(token.text)) return null;
    if (/^(true|false)$/i.test(token.text)) return /^true$/i.test(token.text) ? 1 : 0;
    if (/^(now|current_timestamp)$/i.test(token.text)) {
      if (take("(")) expect(")");
      return "now()";
    }
    at--;
    return fail();
  };
  const listOf = <T>(item: () => T): T[] => {
    const items = [item()];
    while (take(",")) items.push(item());
    return items;
  };
  const where = (): Condition[] => {
    if (!take("where")) return [];
    const conditions = [];
    do {
      const column = name();
      const operator = lower();
      if (!["=", "<>", "!=", "<", ">", "<=", ">=", "like"].includes(operator ?? "")) fail();
      at++;
      conditions.push({
        column,
        operator: (operator === "!=" ? "<>" : operator) as Condition["operator"],
        value: value(),
      });
    } while (take("and"));
    return conditions;
  };
  const end = () => {
    if (peek() !== undefined && !take(";")) fail();
  };
  const rest = () => {
    while (peek() !== undefined && lower() !== ";") at++;
  };
  const lenient = () => take("if", "not", "exists") || take("if", "exists");
  const column = (): ColumnDefinition | undefined => {
    const first = lower() ?? "";
    if (["primary", "unique", "key", "constraint", "index", "foreign", "check"].includes(first)) {
      skipItem();
      return undefined;
    }
    const own = name();
    let type = name().toUpperCase();
    if (take("(")) {
      const sizes = listOf(() => String(value()));
      expect(")");
      type += `(${sizes.join(",")})`;
    }
    const from = at;
    skipItem();
    const more = tokens.slice(from, at).map(({ text }) => text.toLowerCase());
    return {
      name: own,
      type,
      counts: more.includes("auto_increment") || more.includes("identity") || /SERIAL/.test(type),
      primary: more.includes("primary"),
    };
  };
  /** Goes on to the comma or bracket after an item. */
  const skipItem = () => {
    for (let depth = 0; peek() !== undefined; at++) {
      if (lower() === "(") depth++;
      else if (lower() === ")" && depth-- === 0) return;
      else if (lower() === "," && depth === 0) return;
    }
  };
  const item = (): string => {
    const start = peek()?.at ?? fail();
    for (let depth = 0; peek() !== undefined; at++) {
      if (lower() === "(") depth++;
      if (lower() === ")") depth--;
      if (
        depth <= 0 &&
        ([",", ";"].includes(lower() ?? "") || ["from", "where", "order", "limit"].includes(lower() ?? ""))
      ) {
        break;
      }
    }
    const text = sql.slice(start, peek()?.at ?? sql.length).trim();
    return text === "" ? fail() : text;
  };

  const statement = (): Statement => {
    if (take("create", "database") || take("create", "schema")) {
      const ignores = lenient();
      const own = name();
      rest();
      return { kind: "create database", lenient: ignores, name: own };
    }
    if (take("drop", "database")) return { kind: "drop database", lenient: lenient(), name: name() };
    if (take("use")) return { kind: "use", name: name(), lenient: false };
    if (take("create", "table")) {
      const ignores = lenient();
      const own = name();
      expect("(");
      const columns = listOf(column).filter((one) => one !== undefined);
      expect(")");
      rest();
      return { kind: "create table", name: own, columns, lenient: ignores };
    }
    if (take("drop", "table")) return { kind: "drop table", lenient: lenient(), name: name() };
    if (take("truncate", "table") || take("truncate")) return { kind: "truncate", name: name(), lenient: false };
    if (take("describe") || take("desc")) return { kind: "describe", name: name(), lenient: false };
    if (take("show")) {
      const what = lower() === "schemas" ? "databases" : lower();
      if (what !== "databases" && what !== "tables") return fail();
      at++;
      return { kind: "show", what };
    }
    if (take("insert", "into")) {
      const own = name();
      let columns: string[] | undefined;
      if (take("(")) {
        columns = listOf(name);
        expect(")");
      }
      expect("values");
      const rows = listOf(() => {
        expect("(");
        const row = listOf(value);
        expect(")");
        return row;
      });
      return { kind: "insert", name: own, columns, rows };
    }
    if (take("select")) {
      const items = listOf(item);
      const from = take("from") ? name() : undefined;
      const conditions = where();
      let orderBy: { column: string; descending: boolean } | undefined;
      if (take("order", "by")) {
        const column = name();
        orderBy = { column, descending: take("desc") };
        take("asc");
      }
      const limit = take("limit") ? Number(value()) : undefined;
      return { kind: "select", items, from, where: conditions, orderBy, limit };
    }
    if (take("update")) {
      const own = name();
      expect("set");
      const changes = Object.fromEntries(listOf(() => {
        const column = name();
        expect("=");
        return [column, value()] as const;
      }));
      return { kind: "update", name: own, changes, where: where() };
    }
    if (take("delete", "from")) return { kind: "delete", name: name(), where: where() };
    const tag = lower() ?? "";
    if (!/^(begin|commit|rollback|start|set|grant|revoke|flush|alter|analyze|vacuum|create|drop)$/.test(tag)) {
      return fail();
    }
    rest();
    return { kind: "nothing", tag: tag.toUpperCase() };
  };

  const all: Statement[] = [];
  while (peek() !== undefined) {
    if (take(";")) continue;
    all.push(statement());
    end();
  }
  return all;
}
