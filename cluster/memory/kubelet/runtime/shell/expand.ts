/**
 * Makes the words of a command: braces, tildes, parameters, commands, arithmetic, splitting, file names, in that order.
 *
 * Source: POSIX, Shell Command Language, 2.6.
 */
import type { ArithmeticExpression, ParameterExpansionPart, ParsedScript, Word, WordPart } from "unbash";
import { ArithmeticError, evaluate, parseExpression } from "./arithmetic.ts";
import { pathIn } from "../files/file_system.ts";
import { compile, isPattern, matches, quote } from "./pattern.ts";
import { Exit, type ShellState } from "./state.ts";

export interface Expander {
  readonly state: ShellState;
  /** The output of a command, without the line ends at its end. */
  run(script: ParsedScript): Promise<string>;
}

/** A piece of a word: quoted text is neither split nor taken for a pattern. */
interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  /** A new word begins before it: `"$@"`. */
  readonly breaks?: boolean;
}

const MOST_WORDS = 100_000;

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
  if (index < 0) return [split(await pieces(word, shell), shell)];
  const alternatives = braceAlternatives(parts[index].text);
  const before = await Promise.all(parts.slice(0, index).map((part) => piece(part, shell, false)));
  const after = await Promise.all(parts.slice(index + 1).map((part) => piece(part, shell, false)));
  return alternatives.map((text) => split([...before.flat(), { text, quoted: false }, ...after.flat()], shell));
}

function braceAlternatives(text: string): string[] {
  const inner = text.slice(1, -1);
  const range = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(inner);
  if (range !== null) {
    const numeric = /\d/.test(range[1]);
    const [from, to] = numeric
      ? [Number(range[1]), Number(range[2])]
      : [range[1].charCodeAt(0), range[2].charCodeAt(0)];
    const step = Math.max(1, Math.abs(Number(range[3] ?? 1)));
    const count = Math.min(MOST_WORDS, Math.floor(Math.abs(to - from) / step) + 1);
    const width = numeric && /^-?0\d/.test(range[1]) ? range[1].length : 0;
    return Array.from({ length: count }, (_, i) => {
      const value = from + (to < from ? -i : i) * step;
      return numeric ? String(value).padStart(width, "0") : String.fromCharCode(value);
    });
  }
  const options: string[] = [];
  let [depth, current] = [0, ""];
  for (const character of inner) {
    if (character === "," && depth === 0) {
      options.push(current);
      current = "";
      continue;
    }
    if (character === "{") depth++;
    if (character === "}") depth--;
    current += character;
  }
  options.push(current);
  return options.flatMap((option) => /^[^{]*\{.*\}/.test(option) && option.includes(",") ? nested(option) : [option]);
}

function nested(option: string): string[] {
  const [open, close] = [option.indexOf("{"), option.lastIndexOf("}")];
  return braceAlternatives(option.slice(open, close + 1)).map((one) =>
    option.slice(0, open) + one + option.slice(close + 1)
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

const separator = (state: ShellState) => (state.get("IFS") ?? " ").slice(0, 1);

/** A parameter's value, undefined where it is not set. */
export function lookUp(name: string, state: ShellState): string | undefined {
  switch (name) {
    case "?":
      return String(state.status);
    case "#":
      return String(state.positional.length);
    case "$":
      return String(state.process.pid);
    case "!":
      return state.lastBackground === undefined ? undefined : String(state.lastBackground);
    case "0":
      return state.name;
    case "-":
      return Object.entries({
        e: state.options.errexit,
        u: state.options.nounset,
        x: state.options.xtrace,
        i: state.interactive,
      })
        .filter(([, on]) => on).map(([letter]) => letter).join("");
    case "RANDOM":
      return String(Math.floor(state.process.machine.clock.random() * 32768));
    case "SECONDS":
      return String(Math.floor((state.process.machine.clock.now() - state.process.startedAt) / 1000));
    case "PWD":
      return state.cwd;
    case "*":
    case "@":
      return state.positional.length === 0 ? undefined : state.positional.join(" ");
  }
  return /^\d+$/.test(name) ? state.positional[Number(name) - 1] : state.get(name);
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
    case "Remove": {
      const pattern = compile(await expandPattern(operation.operand, shell));
      const longest = operation.operator.length === 2;
      const front = operation.operator.startsWith("#");
      const lengths = Array.from({ length: value.length + 1 }, (_, i) => longest ? value.length - i : i);
      for (const length of lengths) {
        const cut = front ? value.slice(0, length) : value.slice(value.length - length);
        if (matches(pattern, cut)) return front ? value.slice(length) : value.slice(0, value.length - length);
      }
      return value;
    }
    case "Replace": {
      const pattern = compile(await expandPattern(operation.pattern, shell));
      const replacement = await expandText(operation.replacement, shell);
      return replace(value, pattern, replacement, operation.operator);
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

function replace(value: string, pattern: ReturnType<typeof compile>, replacement: string, operator: string): string {
  let result = "";
  for (let at = 0; at <= value.length;) {
    let end = -1;
    const allowed = operator !== "/#" || at === 0;
    for (let stop = value.length; allowed && stop > at; stop--) {
      if ((operator !== "/%" || stop === value.length) && matches(pattern, value.slice(at, stop))) {
        end = stop;
        break;
      }
    }
    if (end > at) {
      result += replacement;
      at = end;
      if (operator !== "//") return result + value.slice(at);
    } else result += value[at++] ?? "";
  }
  return result;
}

/** Splits what is unquoted at blanks, and replaces patterns by the files that they fit. */
function split(all: readonly Piece[], shell: Expander): string[] {
  const ifs = shell.state.get("IFS") ?? " \t\n";
  const words: { text: string; pattern: string }[] = [];
  let current: { text: string; pattern: string; quoted: boolean } | undefined;
  const end = () => {
    if (current !== undefined && (current.quoted || current.text !== "")) words.push(current);
    current = undefined;
  };
  for (const { text, quoted, breaks } of all) {
    if (breaks) end();
    if (quoted) {
      current ??= { text: "", pattern: "", quoted: true };
      current = { text: current.text + text, pattern: current.pattern + quote(text), quoted: true };
      continue;
    }
    let from = 0;
    for (let i = 0; i <= text.length; i++) {
      if (i < text.length && !ifs.includes(text[i])) continue;
      const piece = text.slice(from, i);
      if (piece !== "") {
        current ??= { text: "", pattern: "", quoted: false };
        current = { text: current.text + piece, pattern: current.pattern + piece, quoted: current.quoted };
      }
      if (i < text.length) end();
      from = i + 1;
    }
  }
  end();
  if (shell.state.options.noglob) return words.map(({ text }) => text);
  return words.flatMap(({ text, pattern }) =>
    isPattern(pattern.replaceAll(/\\./g, "")) ? glob(pattern, text, shell.state) : [text]
  );
}

function glob(pattern: string, text: string, { cwd, process }: ShellState): string[] {
  const { files } = process.machine;
  let found: { path: string; shown: string }[] = [
    pattern.startsWith("/") ? { path: "", shown: "/" } : { path: cwd, shown: "" },
  ];
  const parts = pattern.split("/").filter((part) => part !== "");
  for (const part of parts) {
    const compiled = compile(part);
    const plain = !isPattern(part.replaceAll(/\\./g, ""));
    const next: typeof found = [];
    for (const { path, shown } of found) {
      const prefix = shown === "" || shown.endsWith("/") ? shown : `${shown}/`;
      const add = (name: string) => next.push({ path: pathIn(path, name), shown: prefix + name });
      if (plain) {
        const name = part.replaceAll(/\\(.)/g, "$1");
        if (files.find(`${path}/${name}`) !== undefined) add(name);
        continue;
      }
      if (files.find(path === "" ? "/" : path)?.kind !== "folder") continue;
      for (const name of files.names(path === "" ? "/" : path)) {
        if ((!name.startsWith(".") || part.startsWith(".")) && matches(compiled, name)) add(name);
      }
    }
    found = next;
  }
  return found.length === 0 ? [text] : found.map(({ shown }) => shown);
}
