/**
 * What is wrong with a CEL expression, in the words of cel-go: they are what users of Kubernetes see.
 *
 * Source: `github.com/google/cel-go/common/{error,errors}.go` and `checker/errors.go`.
 */
import { cel } from "./engine.ts";

/** An expression that is none, or that does not fit the types of what it names. The message is all that is shown. */
export class CompileError extends Error {
  override readonly name = "CompileError";
}

/** An evaluation that came to no result: "no such key: foo". */
export class EvaluationFailure extends Error {
  override readonly name = "EvaluationFailure";
}

/** The evaluation took more than it may. */
export class CostExceeded extends EvaluationFailure {
  constructor() {
    super("operation cancelled: actual cost limit exceeded");
  }
}

interface LibraryError {
  readonly code: string;
  readonly summary: string;
  readonly range?: { readonly start: number; readonly end: number };
  readonly node?: unknown;
}

interface Operation {
  readonly op: string;
  readonly start: number;
  readonly args: readonly { readonly end: number; readonly start: number }[];
}

const EXPECTING =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, " +
  "IDENTIFIER}";

/** @param known whether a function of that name exists, whatever its arguments */
export function compileError(error: unknown, source: string, known: (name: string) => boolean): unknown {
  const { ParseError, TypeError } = cel();
  if (!(error instanceof ParseError || error instanceof TypeError)) return error;
  const { message, at } = explain(error as unknown as LibraryError, source, known);
  return new CompileError(located(message, source, at));
}

/** "ERROR: <input>:1:5: undefined field 'x'\n | self.x\n | ....^" */
export function located(message: string, source: string, at: number): string {
  const before = source.slice(0, at);
  const line = before.split("\n").length;
  const column = at - (before.lastIndexOf("\n") + 1);
  const text = source.split("\n")[line - 1] ?? "";
  return `ERROR: <input>:${line}:${column + 1}: ${message}\n | ${text}\n | ${".".repeat(column)}^`;
}

interface Explained {
  readonly message: string;
  /** Where, as an offset in the source. */
  readonly at: number;
}

function explain(error: LibraryError, source: string, known: (name: string) => boolean): Explained {
  const { code, summary, range = { start: 0, end: 0 } } = error;
  const quoted = (pattern: RegExp) => pattern.exec(summary)?.[1] ?? "";
  switch (code) {
    case "no_such_key": {
      const dot = source.lastIndexOf(".", range.start);
      return { message: `undefined field '${quoted(/^No such key: (.*)$/)}'`, at: dot < 0 ? range.start : dot };
    }
    case "unknown_variable":
      return undeclared(quoted(/^Unknown variable: (.*)$/), range.start);
    case "no_such_overload":
      return operatorMismatch(error, source);
    case "no_matching_overload":
      return callMismatch(summary, range.start, source, known);
    case "invalid_logical_operand":
    case "invalid_condition_type": {
      const type = typeName(quoted(/got '(.*)'$/));
      return { message: `expected type 'bool' but found '${type}'`, at: range.start };
    }
    case "invalid_comprehension_range": {
      const type = typeName(quoted(/^Expression of type '(.*)' cannot/));
      const message = `expression of type '${type}' cannot be range of a comprehension (must be list, map, or dynamic)`;
      return { message, at: range.start };
    }
    case "cannot_index_type":
      return {
        message: `type '${typeName(quoted(/^Cannot index type '(.*)'$/))}' does not support field selection`,
        at: range.start,
      };
    case "unexpected_token": {
      const token = quoted(/^Unexpected token: (.*)$/);
      const found = token === "EOF" ? "<EOF>" : source.slice(range.start, range.end) || token;
      return { message: `Syntax error: mismatched input '${found}' expecting ${EXPECTING}`, at: range.start };
    }
    default:
      return { message: error instanceof cel().ParseError ? `Syntax error: ${summary}` : summary, at: range.start };
  }
}

const undeclared = (name: string, at: number): Explained => ({
  message: `undeclared reference to '${name}' (in container '')`,
  at,
});

/** Where a binary operator stands: after its left side. */
function operatorMismatch({ summary, node, range }: LibraryError, source: string): Explained {
  const [, left, operator, right] = /^no such overload: (.*?) (==|!=|<=|>=|<|>|\+|-|\*|\/|%|in) (.*)$/.exec(summary) ??
    [];
  if (operator === undefined) {
    const [, sign, type] = /^no such overload: (.)(.*)$/.exec(summary) ?? [];
    const message = `found no matching overload for '${sign}_' applied to '(${typeName(type ?? "")})'`;
    return { message, at: range?.start ?? 0 };
  }
  const name = operator === "in" ? "@in" : `_${operator}_`;
  const message = `found no matching overload for '${name}' applied to '(${typeName(left)}, ${typeName(right)})'`;
  const from = (node as Operation | undefined)?.args[0]?.end ?? range?.start ?? 0;
  return { message, at: Math.max(0, source.indexOf(operator, from)) };
}

function callMismatch(summary: string, start: number, source: string, known: (name: string) => boolean): Explained {
  const [, call] = /^found no matching overload for '(.*)'$/.exec(summary) ?? [];
  const [, receiver, name, args] = /^(?:(.*)\.)?([A-Za-z_0-9]+)\((.*)\)$/.exec(call ?? "") ?? [];
  const called = name === "matches_re2" ? "matches" : name;
  const found = source.indexOf(`${called}(`, start);
  const at = found < 0 ? start : found + called.length;
  if (!known(name)) return undeclared(called, at);
  const types = typeName(args);
  const applied = receiver === undefined ? `(${types})` : `${typeName(receiver)}.(${types})`;
  return { message: `found no matching overload for '${called}' applied to '${applied}'`, at };
}

/** cel-go writes `list(int)` where the library writes `list<int>`. */
function typeName(name: string): string {
  return name.replaceAll("<", "(").replaceAll(">", ")").replaceAll(/\boptional\(/g, "optional_type(");
}

/** What an evaluation failed of, in cel-go's words. */
export function evaluationFailure(error: unknown): unknown {
  const { EvaluationError, TypeError } = cel();
  if (!(error instanceof EvaluationError || error instanceof TypeError)) return error;
  const { code, summary } = error as unknown as LibraryError;
  return new EvaluationFailure(runtimeText(code, summary));
}

function runtimeText(code: string, summary: string): string {
  switch (code) {
    case "no_such_key":
      return summary.replace(/^No such key: /, "no such key: ");
    case "index_out_of_bounds":
      return `index out of bounds: ${/index (-?\d+)/.exec(summary)?.[1] ?? ""}`;
    case "numeric_overflow":
      return "integer overflow";
    case "modulo_by_zero":
      return "modulus by zero";
    case "optional_value_missing":
      return "optional.none() dereference";
    case "no_such_overload":
    case "no_matching_overload":
    case "invalid_logical_operand":
    case "invalid_condition_type":
    case "field_type_mismatch":
      return "no such overload";
    default:
      return summary;
  }
}
