/**
 * Makes the words of a command: braces, tildes, parameters, commands, arithmetic, splitting, file names, in that order.
 *
 * Source: POSIX, Shell Command Language, 2.6.
 */
import type { ArithmeticExpression, ParameterExpansionPart, ParsedScript, Word, WordPart } from "unbash";
import { ArithmeticError, evaluate, parseExpression } from "./arithmetic.ts";
import { braceAlternatives, MOST_WORDS } from "./braces.ts";
import { fieldsOf, type Piece } from "./fields.ts";
import { removed, replaced } from "./parameter_patterns.ts";
import { lookUp, separator } from "./parameters.ts";
import { compile, quote } from "./pattern.ts";
import { Exit, type ShellState } from "./state.ts";

/** The shell for which words are made. */
export interface Expander {
  readonly state: ShellState;
  /** The output of a command, without the line ends at its end. */
  run(script: ParsedScript): Promise<string>;
}

/** All words that a list of words stands for. */
export async function expandWords(words: readonly Word[], shell: Expander): Promise<string[]> {
  const result: string[] = [];
  for (const word of words) {
    // Most words are plain.
    if (word.parts === undefined && !word.text.startsWith("~")) result.push(word.value);
    else for (const fields of await expandBraces(word, shell)) result.push(...fields);
    if (result.length > MOST_WORDS) throw new Exit(1, "Argument list too long");
  }
  return result;
}

async function expandBraces(word: Word, shell: Expander): Promise<string[][]> {
  const parts = word.parts ?? [];
  const index = parts.findIndex(({ type }) => type === "BraceExpansion");
  if (index < 0) return [fieldsOf(await pieces(word, shell), shell.state)];
  const alternatives = braceAlternatives(parts[index].text);
  const before = await Promise.all(parts.slice(0, index).map((part) => piece(part, shell, false)));
  const after = await Promise.all(parts.slice(index + 1).map((part) => piece(part, shell, false)));
  return alternatives.map((text) =>
    fieldsOf([...before.flat(), { text, quoted: false }, ...after.flat()], shell.state)
  );
}

/** A word as one text: for assignments, redirections, `case`. */
export async function expandText(word: Word | undefined, shell: Expander): Promise<string> {
  if (word === undefined) return "";
  if (word.parts === undefined && !word.text.startsWith("~")) return word.value;
  return (await pieces(word, shell)).map(({ text, breaks }) => breaks ? ` ${text}` : text).join("");
}

/** A word as a pattern: what is quoted in it stands for itself. */
export async function expandPattern(word: Word, shell: Expander): Promise<string> {
  return (await pieces(word, shell)).map(({ text, quoted }) => quoted ? quote(text) : text).join("");
}

/** The parts of a here-document. */
export async function expandParts(parts: readonly WordPart[], shell: Expander): Promise<string> {
  const all = [];
  for (const part of parts) all.push(...await piece(part, shell, true));
  return all.map(({ text }) => text).join("");
}

async function pieces(word: Word, shell: Expander): Promise<Piece[]> {
  if (word.text.startsWith("~")) {
    const [, rest] = /^~([^/]*)/.exec(word.text) ?? [];
    if (rest === "") {
      const home = shell.state.get("HOME") ?? "/root";
      return [{ text: home, quoted: true }, { text: word.value.slice(1), quoted: false }];
    }
  }
  if (word.parts === undefined) return [{ text: word.value, quoted: true }];
  const all: Piece[] = [];
  for (const part of word.parts) all.push(...await piece(part, shell, false));
  return all;
}

async function piece(part: WordPart, shell: Expander, quoted: boolean): Promise<Piece[]> {
  switch (part.type) {
    case "Literal":
      // Only what expansions give is split; patterns are parts of their own.
      return [{ text: part.value, quoted: true }];
    case "Glob":
    case "ExtendedGlob":
    case "BraceExpansion":
      return [{ text: part.text, quoted }];
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [{ text: part.value, quoted: true }];
    case "DoubleQuoted":
    case "LocaleString": {
      const inner: Piece[] = [];
      for (const one of part.parts) inner.push(...await piece(one, shell, true));
      // `"$@"` without parameters is no word; `""` is an empty one.
      const onlyAll = part.parts.length === 1 && /^\$(@|\{@\}|\{\w+\[@\]\})$/.test(part.parts[0].text);
      return inner.length > 0 || onlyAll ? inner : [{ text: "", quoted: true }];
    }
    case "SimpleExpansion":
      return parameter(part.text.slice(1), shell, quoted);
    case "ParameterExpansion":
      return await parameterExpansion(part, shell, quoted);
    case "CommandExpansion":
      return [{ text: part.script === undefined ? "" : await shell.run(part.script), quoted }];
    case "ArithmeticExpansion": {
      const expression = part.expression ??
        (part.text.length > 5 ? parseExpression(part.text.slice(3, -2)) : undefined);
      return [{ text: String(await arithmetic(expression, shell)), quoted }];
    }
    case "ProcessSubstitution":
      throw new Exit(2, "process substitution is not supported here");
  }
}

/** The value of an arithmetic expression, 0 of none. @throws {Exit} for what is none */
export async function arithmetic(node: ArithmeticExpression | undefined, shell: Expander): Promise<number> {
  const { state } = shell;
  try {
    return await evaluate(node, {
      get: (name) => state.get(name),
      set: (name, value) => state.set(name, value),
      async expand(word) {
        if (word.type === "ArithmeticCommandExpansion") {
          return word.script === undefined ? "" : await shell.run(word.script);
        }
        if (word.type !== "ArithmeticWord" || word.parts === undefined) {
          return "value" in word ? String(word.value) : "";
        }
        return await expandParts(word.parts, shell);
      },
    });
  } catch (error) {
    if (error instanceof ArithmeticError) throw new Exit(2, `arithmetic expression: ${error.message}`);
    throw error;
  }
}

function parameter(name: string, { state }: Expander, quoted: boolean): Piece[] {
  if (name === "@" || name === "*") {
    if (quoted && name === "*") return [{ text: state.positional.join(separator(state)), quoted }];
    return state.positional.map((text, i) => ({ text, quoted, breaks: i > 0 }));
  }
  const value = lookUp(name, state);
  if (value === undefined && state.options.nounset) throw new Exit(2, `${name}: parameter not set`);
  return [{ text: value ?? "", quoted }];
}

async function parameterExpansion(part: ParameterExpansionPart, shell: Expander, quoted: boolean): Promise<Piece[]> {
  const { state } = shell;
  const { operation, prefix } = part;
  let name = part.parameter;
  if (prefix === "!") name = lookUp(name, state) ?? "";
  const index = part.index === undefined ? undefined : await expandText(part.index, shell);
  const stored = state.variables.get(name)?.value;
  if (index === "@" || index === "*" || ((name === "@" || name === "*") && operation !== undefined)) {
    const list = name === "@" || name === "*"
      ? state.positional
      : Array.isArray(stored)
      ? stored
      : stored === undefined
      ? []
      : [stored];
    if (prefix === "#") return [{ text: String(list.length), quoted }];
    const chosen = operation?.type === "Slice" ? await slice(list, operation, shell) : list;
    return chosen.map((text, i) => ({ text, quoted, breaks: i > 0 }));
  }
  if (operation === undefined && prefix === undefined && index === undefined) return parameter(name, shell, quoted);
  let value = lookUp(name, state);
  if (index !== undefined) {
    const at = await arithmetic(parseExpression(index), shell);
    value = Array.isArray(stored) ? stored.at(at) : at === 0 ? stored : undefined;
  }
  if (prefix === "#") return [{ text: String((value ?? "").length), quoted }];
  if (operation?.type === "Default") {
    const { operator, operand } = operation;
    const missing = value === undefined || (operator.startsWith(":") && value === "");
    switch (operator.at(-1)) {
      case "-":
        return missing ? await operandPieces(operand, shell, quoted) : [{ text: value!, quoted }];
      case "+":
        return missing ? [{ text: "", quoted }] : await operandPieces(operand, shell, quoted);
      case "=":
        if (missing) state.set(name, value = await expandText(operand, shell));
        return [{ text: value!, quoted }];
      default:
        if (!missing) return [{ text: value!, quoted }];
        throw new Exit(2, `${name}: ${await expandText(operand, shell) || "parameter not set"}`);
    }
  }
  if (value === undefined && state.options.nounset) throw new Exit(2, `${name}: parameter not set`);
  return [{ text: await changed(value ?? "", operation, shell), quoted }];
}

async function operandPieces(operand: Word, shell: Expander, quoted: boolean): Promise<Piece[]> {
  const all = await pieces(operand, shell);
  return quoted ? all.map((one) => ({ ...one, quoted: true })) : all;
}

async function changed(
  value: string,
  operation: ParameterExpansionPart["operation"],
  shell: Expander,
): Promise<string> {
  switch (operation?.type) {
    case "Remove":
      return removed(value, compile(await expandPattern(operation.operand, shell)), operation.operator);
    case "Replace": {
      const pattern = compile(await expandPattern(operation.pattern, shell));
      const replacement = await expandText(operation.replacement, shell);
      return replaced(value, pattern, replacement, operation.operator);
    }
    case "Slice":
      return (await slice([...value], operation, shell)).join("");
    case "CaseModification": {
      const change = (text: string) => operation.operator.startsWith("^") ? text.toUpperCase() : text.toLowerCase();
      return operation.operator.length === 2 ? change(value) : change(value.slice(0, 1)) + value.slice(1);
    }
    default:
      return value;
  }
}

async function slice<T>(
  list: readonly T[],
  { offset, length }: { readonly offset: Word; readonly length: Word | undefined },
  shell: Expander,
): Promise<T[]> {
  const number = async (word: Word) => await arithmetic(parseExpression(await expandText(word, shell)), shell);
  const given = await number(offset);
  const start = given < 0 ? Math.max(0, list.length + given) : given;
  if (length === undefined) return list.slice(start);
  const count = await number(length);
  return list.slice(start, count < 0 ? list.length + count : start + count);
}
