/** The shell's arithmetic: whole numbers, C's operators, variables by their names. */
import { type ArithmeticExpression, parse } from "unbash";

/** What went wrong: "division by zero". */
export class ArithmeticError extends Error {
  override readonly name = "ArithmeticError";
}

export interface ArithmeticScope {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  /** Fills in a word's expansions. */
  expand(word: ArithmeticExpression): Promise<string>;
}

const DEEPEST = 32;

/** The value of an expression; of none, 0. @param depth of variables that hold expressions @throws {ArithmeticError} */
export async function evaluate(
  node: ArithmeticExpression | undefined,
  scope: ArithmeticScope,
  depth = 0,
): Promise<number> {
  if (node === undefined) return 0;
  if (depth > DEEPEST) throw new ArithmeticError("expression recursion level exceeded");
  const next = (inner: ArithmeticExpression) => evaluate(inner, scope, depth);
  switch (node.type) {
    case "ArithmeticGroup":
      return await next(node.expression);
    case "ArithmeticTernary":
      return await next(await next(node.test) !== 0 ? node.consequent : node.alternate);
    case "ArithmeticWord":
    case "ArithmeticCommandExpansion":
      return await numberOf(await scope.expand(node), scope, depth);
    case "ArithmeticUnary": {
      if (node.operator === "++" || node.operator === "--") {
        const name = nameOf(node.operand);
        const before = await numberOf(name, scope, depth);
        const after = node.operator === "++" ? before + 1 : before - 1;
        scope.set(name, String(after));
        return node.prefix ? after : before;
      }
      const value = await next(node.operand);
      return node.operator === "-"
        ? -value
        : node.operator === "!"
        ? Number(value === 0)
        : node.operator === "~"
        ? ~value
        : value;
    }
    case "ArithmeticBinary": {
      const { operator, left, right } = node;
      if (operator === "=") return assign(nameOf(left), await next(right), scope);
      if (operator.endsWith("=") && !["==", "!=", "<=", ">="].includes(operator)) {
        return assign(nameOf(left), compute(operator.slice(0, -1), await next(left), await next(right)), scope);
      }
      if (operator === "&&") return Number(await next(left) !== 0 && await next(right) !== 0);
      if (operator === "||") return Number(await next(left) !== 0 || await next(right) !== 0);
      return compute(operator, await next(left), await next(right));
    }
  }
}

function assign(name: string, value: number, scope: ArithmeticScope): number {
  scope.set(name, String(value));
  return value;
}

function nameOf(node: ArithmeticExpression): string {
  if (node.type === "ArithmeticWord") return node.value.replace(/^\$/, "");
  throw new ArithmeticError("attempted assignment to non-variable");
}

async function numberOf(text: string, scope: ArithmeticScope, depth: number): Promise<number> {
  const word = text.trim();
  if (word === "") return 0;
  if (/^-?\d+$/.test(word)) return /^-?0\d/.test(word) ? parseInt(word, 8) : Number(word);
  if (/^0[xX][\da-fA-F]+$/.test(word)) return parseInt(word, 16);
  const based = /^(\d+)#(\w+)$/.exec(word);
  if (based !== null) return parseInt(based[2], Number(based[1]));
  if (/^[A-Za-z_]\w*$/.test(word)) {
    const value = scope.get(word) ?? "";
    return value === word ? 0 : await numberOf(value, scope, depth + 1);
  }
  if (depth > DEEPEST) throw new ArithmeticError("expression recursion level exceeded");
  return await evaluate(parseExpression(word), scope, depth + 1);
}

/** @throws {ArithmeticError} for what is no expression */
export function parseExpression(text: string): ArithmeticExpression | undefined {
  const { commands: [statement], errors = [] } = parse(`((${text}))`);
  if (statement?.command.type !== "ArithmeticCommand" || errors.length > 0) {
    throw new ArithmeticError(`syntax error: ${JSON.stringify(text)}`);
  }
  return statement.command.expression;
}

function compute(operator: string, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
    case "%":
      if (b === 0) throw new ArithmeticError("divide by zero");
      return operator === "/" ? Math.trunc(a / b) : a % b;
    case "**":
      return a ** b;
    case "<<":
      return a * 2 ** b;
    case ">>":
      return Math.floor(a / 2 ** b);
    case "<":
      return Number(a < b);
    case ">":
      return Number(a > b);
    case "<=":
      return Number(a <= b);
    case ">=":
      return Number(a >= b);
    case "==":
      return Number(a === b);
    case "!=":
      return Number(a !== b);
    case "&":
      return Number(BigInt(a) & BigInt(b));
    case "|":
      return Number(BigInt(a) | BigInt(b));
    case "^":
      return Number(BigInt(a) ^ BigInt(b));
    case ",":
      return b;
    default:
      throw new ArithmeticError(`syntax error: ${JSON.stringify(operator)}`);
  }
}
