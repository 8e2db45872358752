/** `test`, `[` and `[[`: questions about texts, numbers and files. */
import { RE2JS, RE2JSException } from "@bufbuild/re2";
import type { TestExpression } from "unbash";
import { byteLength } from "../files/entry.ts";
import { normalize } from "../files/file_system.ts";
import { type Expander, expandPattern, expandText } from "./expand.ts";
import { lookUp } from "./parameters.ts";
import { compile, matches } from "./pattern.ts";
import type { ShellState } from "./state.ts";

/** What cannot be asked: "sh: 1: unknown operand". */
export class TestError extends Error {
  override readonly name = "TestError";
}

/** The words between `[` and `]`. @throws {TestError} */
export function test(args: readonly string[], state: ShellState): boolean {
  let at = 0;
  const or = (): boolean => {
    let left = and();
    while (args[at] === "-o") {
      at++;
      const right = and();
      left = left || right;
    }
    return left;
  };
  const and = (): boolean => {
    let left = not();
    while (args[at] === "-a") {
      at++;
      const right = not();
      left = left && right;
    }
    return left;
  };
  const not = (): boolean => {
    if (args[at] === "!" && at + 1 < args.length && !isBinary(args[at + 1])) {
      at++;
      return !not();
    }
    return primary();
  };
  const primary = (): boolean => {
    if (at >= args.length) return false;
    if (isBinary(args[at + 1]) && at + 2 < args.length) {
      const [left, operator, right] = args.slice(at, at + 3);
      at += 3;
      return binary(left, operator, right, state);
    }
    if (args[at] === "(") {
      at++;
      const inner = or();
      at++;
      return inner;
    }
    if (/^-[a-zA-Z]$/.test(args[at]) && at + 1 < args.length) {
      at += 2;
      return unary(args[at - 2], args[at - 1], state);
    }
    return args[at++] !== "";
  };
  const result = or();
  if (at < args.length) throw new TestError(`${args[at]}: unexpected operator`);
  return result;
}

const BINARY = new Set(["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"]);
const isBinary = (word: string | undefined) => word !== undefined && BINARY.has(word);

function binary(left: string, operator: string, right: string, state: ShellState): boolean {
  const number = (text: string) => {
    if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestError(`${text}: bad number`);
    return Number(text);
  };
  const time = (path: string) => state.process.machine.files.find(normalize(state.cwd, path))?.mtime ?? -Infinity;
  switch (operator) {
    case "=":
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "-nt":
      return time(left) > time(right);
    case "-ot":
      return time(left) < time(right);
    case "-ef":
      return normalize(state.cwd, left) === normalize(state.cwd, right);
  }
  const [a, b] = [number(left), number(right)];
  switch (operator) {
    case "-eq":
      return a === b;
    case "-ne":
      return a !== b;
    case "-lt":
      return a < b;
    case "-le":
      return a <= b;
    case "-gt":
      return a > b;
    default:
      return a >= b;
  }
}

function unary(operator: string, operand: string, state: ShellState): boolean {
  if (operator === "-n") return operand !== "";
  if (operator === "-z") return operand === "";
  if (operator === "-t") return state.interactive;
  if (operator === "-v") return lookUp(operand, state) !== undefined;
  if (operator === "-o") return false;
  const { files } = state.process.machine;
  const path = normalize(state.cwd, operand) || "/";
  if (operator === "-L" || operator === "-h") return files.find(path, false)?.kind === "link";
  const entry = operand === "" ? undefined : files.find(path);
  if (entry === undefined) return false;
  const uid = state.process.machine.config.user ?? 0;
  switch (operator) {
    case "-f":
      return entry.kind === "file";
    case "-d":
      return entry.kind === "folder";
    case "-c":
      return entry.kind === "device";
    case "-s":
      return entry.kind === "folder" || (entry.kind === "file" && byteLength(entry.content) > 0);
    case "-x":
      return (entry.mode & 0o111) !== 0;
    case "-w":
      return uid === 0 || (entry.mode & 0o002) !== 0 || entry.uid === uid;
    case "-S":
    case "-p":
    case "-b":
      return false;
    default:
      return true;
  }
}

/** What stands between `[[` and `]]`. */
export async function testExpression(expression: TestExpression, shell: Expander): Promise<boolean> {
  const next = (inner: TestExpression) => testExpression(inner, shell);
  switch (expression.type) {
    case "TestGroup":
      return await next(expression.expression);
    case "TestNot": {
      const inner = await next(expression.operand);
      return expression.negations.length % 2 === 1 ? !inner : inner;
    }
    case "TestLogical":
      for (const operand of expression.operands) {
        if (await next(operand) !== (expression.operator === "&&")) return expression.operator === "||";
      }
      return expression.operator === "&&";
    case "TestUnary":
      return unary(expression.operator, await expandText(expression.operand, shell), shell.state);
    case "TestBinary": {
      const left = await expandText(expression.left, shell);
      const { operator } = expression;
      if (operator === "==" || operator === "=" || operator === "!=") {
        const same = matches(compile(await expandPattern(expression.right, shell)), left);
        return same === (operator !== "!=");
      }
      const right = await expandText(expression.right, shell);
      return operator === "=~" ? regular(left, right, shell.state) : binary(left, operator, right, shell.state);
    }
  }
}

/** A regular expression that takes no more time than its text is long. */
function regular(text: string, pattern: string, state: ShellState): boolean {
  try {
    if (!RE2JS.compile(pattern).test(text)) return false;
    state.set("BASH_REMATCH", [text]);
    return true;
  } catch (error) {
    if (error instanceof RE2JSException) throw new TestError(`${pattern}: invalid regular expression`);
    throw error;
  }
}
