/**
 * What the shell's words stand for: variables, sums, the output of commands; and what its tests hold.
 */
import type { Word, WordPart } from "unbash";
import { fileIn } from "./programs.ts";
import type { SimpleProcess } from "./simple_process.ts";

/** What words are filled in with. */
export interface WordSource {
  /** A variable's value, "" where it has none. */
  value(name: string): string;
  /** What a command writes. */
  output(script: string): Promise<string>;
}

/** The words that a word becomes: an unquoted one falls apart at blanks. */
export async function expandWord({ value, parts }: Word, source: WordSource): Promise<string[]> {
  if (parts === undefined) return [value];
  const texts: string[] = [];
  for (const part of parts) texts.push(await expandPart(part, source));
  const text = texts.join("");
  return parts.some(({ type }) => type.endsWith("Quoted")) ? [text] : text.split(/\s+/).filter((word) => word !== "");
}

async function expandPart(part: WordPart, source: WordSource): Promise<string> {
  switch (part.type) {
    case "DoubleQuoted": {
      const texts: string[] = [];
      for (const inner of part.parts) texts.push(await expandPart(inner, source));
      return texts.join("");
    }
    case "SimpleExpansion":
      return source.value(part.text.slice(1));
    case "ParameterExpansion": {
      const value = source.value(part.parameter);
      if (part.operation?.type !== "Default") return value;
      const { operator, operand } = part.operation;
      const other = async () => (await expandWord(operand, source)).join(" ");
      if (operator.endsWith("-")) return value === "" ? await other() : value;
      return operator.endsWith("+") && value !== "" ? await other() : value;
    }
    case "ArithmeticExpansion":
      return String(arithmetic(part.text.slice(3, -2), (name) => Number(source.value(name)) || 0));
    case "CommandExpansion": {
      const script = part.text.startsWith("`") ? part.text.slice(1, -1) : part.text.slice(2, -1);
      return (await source.output(script)).replace(/\n+$/, "");
    }
    default:
      return "value" in part ? part.value : part.text;
  }
}

/** Sums and products of whole numbers and variables: what counting loops need. */
export function arithmetic(text: string, value: (name: string) => number): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|[-+*/%()]/g) ?? [];
  let i = 0;
  const atom = (): number => {
    const token = tokens[i++];
    if (token === "(") {
      const inner = sum();
      i++;
      return inner;
    }
    if (token === "-") return -atom();
    return /^\d/.test(token ?? "") ? Number(token) : value(token ?? "");
  };
  const product = () => {
    let left = atom();
    while (tokens[i] === "*" || tokens[i] === "/" || tokens[i] === "%") {
      const [operator, right] = [tokens[i++], atom()];
      left = operator === "*" ? left * right : operator === "/" ? Math.trunc(left / right) : left % right;
    }
    return left;
  };
  const sum = (): number => {
    let left = product();
    while (tokens[i] === "+" || tokens[i] === "-") left = tokens[i++] === "+" ? left + product() : left - product();
    return left;
  };
  return sum();
}

/** What `test` and `[` say. */
export function test(args: readonly string[], process: SimpleProcess): boolean {
  if (args[0] === "!") return !test(args.slice(1), process);
  if (args.length === 2) {
    const [operator, operand] = args;
    if (operator === "-z") return operand === "";
    if (operator === "-n") return operand !== "";
    return fileIn(process, operand) !== undefined;
  }
  if (args.length < 3) return (args[0] ?? "") !== "";
  const [left, operator, right] = args;
  const [a, b] = [Number(left), Number(right)];
  const compared: Readonly<Record<string, boolean>> = {
    "=": left === right,
    "==": left === right,
    "!=": left !== right,
    "-eq": a === b,
    "-ne": a !== b,
    "-lt": a < b,
    "-le": a <= b,
    "-gt": a > b,
    "-ge": a >= b,
  };
  return compared[operator] ?? false;
}
