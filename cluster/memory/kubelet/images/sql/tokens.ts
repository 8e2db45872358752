/** The words of SQL, and how they are taken one after the other. */
import type { Value } from "./statement.ts";

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
/** A longer text is not read. */
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

/** Stands in a text of SQL and goes through it. What does not come as it should is a {@linkcode SqlSyntaxError}. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(readonly sql: string) {
    this.#tokens = tokenize(sql);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** Where the next token stands in the text. */
  get offset(): number {
    return this.#tokens[this.#at]?.at ?? this.sql.length;
  }

  /** The next word or mark in lower case; undefined at the end, and for a text in quotes. */
  get next(): string | undefined {
    return this.#word(this.#at);
  }

  #word(at: number): string | undefined {
    const token = this.#tokens[at];
    return token?.kind === "text" ? undefined : token?.text.toLowerCase();
  }

  /** @throws {SqlSyntaxError} near what comes next */
  fail(): never {
    throw new SqlSyntaxError(this.isAtEnd ? "" : this.sql.slice(this.offset, this.offset + 40));
  }

  /** Takes these words if they come next. */
  take(...words: readonly string[]): boolean {
    if (!words.every((word, i) => this.#word(this.#at + i) === word)) return false;
    this.#at += words.length;
    return true;
  }

  expect(...words: readonly string[]): void {
    if (!this.take(...words)) this.fail();
  }

  /** Takes whatever comes, as the operator that it is. */
  skip(): string {
    const word = this.next ?? this.fail();
    this.#at++;
    return word;
  }

  /** A name without the database or table before it. */
  name(): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "name") return this.fail();
    this.#at++;
    return token.text.replace(/^.*\./, "");
  }

  /** A number, a text, or a word that stands for one. */
  value(): Value {
    const negative = this.take("-");
    const token = this.#tokens[this.#at];
    if (token === undefined) return this.fail();
    const word = token.text.toLowerCase();
    const known: Readonly<Record<string, Value>> = { null: null, default: null, true: 1, false: 0 };
    const isNow = word === "now" || word === "current_timestamp";
    if (token.kind === "mark" || (token.kind === "name" && !isNow && known[word] === undefined)) return this.fail();
    this.#at++;
    if (token.kind === "number") return Number(token.text) * (negative ? -1 : 1);
    if (token.kind === "text") return token.text;
    if (!isNow) return known[word];
    if (this.take("(")) this.expect(")");
    return "now()";
  }

  /** One item or more, with commas between them. */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.take(",")) items.push(item());
    return items;
  }

  /** A list in brackets. */
  bracketed<T>(item: () => T): T[] {
    this.expect("(");
    const items = this.list(item);
    this.expect(")");
    return items;
  }

  /**
   * Goes on to the first of some words that stands in no bracket of its own, or to the end.
   *
   * @returns what was passed over, in lower case
   */
  passOver(...stops: readonly string[]): readonly string[] {
    const from = this.#at;
    for (let depth = 0; !this.isAtEnd; this.#at++) {
      if (depth === 0 && stops.includes(this.next ?? "")) break;
      if (this.next === "(") depth++;
      if (this.next === ")") depth--;
    }
    return this.#tokens.slice(from, this.#at).map(({ text }) => text.toLowerCase());
  }
}
