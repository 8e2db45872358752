/** Makes questions of a note's right commands and manifests: one word of them is left out. */
import { classify } from "../classify.ts";
import type { CommandContext } from "../command_context.ts";
import { checkCommands, type ReadCommand } from "../commands.ts";
import type { Finding } from "../finding.ts";
import { TAKES_RESOURCES } from "../kubectl/arguments.ts";
import { type CodeBlock, type CodeLine, readNote } from "../markdown.ts";
import { shapeOfKind } from "../schema_search.ts";
import { readYamlBlock } from "../yaml_documents.ts";

export interface Question {
  readonly type: "command" | "field";
  /** The line of the note that it is made of. */
  readonly line: number;
  /** The headings above it, from the outermost in. */
  readonly headings: readonly string[];
  /** With `BLANK` for what is asked. */
  readonly text: string;
  /** What was left out. */
  readonly answer: string;
  /** For a command: all of it, without `kubectl`. */
  readonly whole?: readonly string[];
}

export const BLANK = "____";

/** Lines of a manifest that are shown around the blank. */
const AROUND = 4;

/**
 * @param findings what is wrong in the note: nobody is asked for that
 */
export function questionsOf(source: string, context: CommandContext, findings: readonly Finding[]): Question[] {
  const wrong = new Set(findings.map(({ line }) => line));
  const questions = readNote(source).blocks.flatMap((block) => {
    const kind = classify(block);
    if (kind === "shell") return commandQuestions(block, context, wrong);
    return kind === "yaml" && !block.lines.some(({ line }) => wrong.has(line)) ? fieldQuestions(block) : [];
  });
  // Notes repeat themselves; nobody is asked twice.
  const keyed = (question: Question) => question.whole?.join(" ") ?? question.text;
  return questions.filter((one, i) => questions.findIndex((other) => keyed(other) === keyed(one)) === i);
}

function commandQuestions(block: CodeBlock, context: CommandContext, wrong: ReadonlySet<number>): Question[] {
  const { commands } = checkCommands(block.lines, context);
  return commands.flatMap((read) => {
    const { words, isSound, shell: { line } } = read;
    if (!isSound || wrong.has(line) || words.length < 2 || words.some(({ open }) => open)) return [];
    const candidates = blanks(read);
    if (candidates.length === 0) return [];
    const { at, answer } = candidates[line % candidates.length];
    const whole = words.map(({ value }) => value);
    const shown = whole.map((word, i) => i === at ? quote(word).replace(answer, BLANK) : quote(word));
    return [{ type: "command", line, headings: block.headings, text: ["kubectl", ...shown].join(" "), answer, whole }];
  });
}

/** The words of a command that can be asked for: its name, its resource, its flags. */
function blanks({ command: { path, args }, words }: ReadCommand): { readonly at: number; readonly answer: string }[] {
  const values = words.map(({ value }) => value);
  const own = path.split(" ").flatMap((name) => {
    const at = values.indexOf(name);
    return at < 0 ? [] : [{ at, answer: name }];
  });
  const [resource] = args;
  const named = TAKES_RESOURCES.has(path) && /^[a-z]+$/.test(resource ?? "")
    ? [{ at: values.indexOf(resource), answer: resource }]
    : [];
  const end = values.indexOf("--");
  const flags = values.slice(0, end < 0 ? undefined : end).flatMap((value, at) => {
    const flag = /^--[a-z-]+/.exec(value)?.[0];
    return flag === undefined ? [] : [{ at, answer: flag }];
  });
  return [...own, ...named, ...flags];
}

const quote = (word: string): string => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Every manifest says these; they are no question. */
const PLAIN = new Set(["apiVersion", "kind", "metadata", "name", "spec", "labels", "app"]);

function fieldQuestions({ lines, headings }: CodeBlock): Question[] {
  const { documents, problems } = readYamlBlock(lines);
  if (problems.length > 0) return [];
  return documents.flatMap(({ value, lines: own, partial }) => {
    const { apiVersion, kind } = (value ?? {}) as Record<string, unknown>;
    if (partial || shapeOfKind(String(apiVersion), String(kind)) === undefined) return [];
    const asked = own.filter(({ text }) => !PLAIN.has(keyOf(text) ?? "name"));
    if (asked.length === 0) return [];
    const one = asked[asked.length >> 1];
    return [fieldQuestion(one, own, headings, String(kind))];
  });
}

const keyOf = (text: string): string | undefined => /^\s*(?:- )*([a-z][A-Za-z]*):(\s|$)/.exec(text)?.[1];

function fieldQuestion(
  asked: CodeLine,
  lines: readonly CodeLine[],
  headings: readonly string[],
  kind: string,
): Question {
  const answer = keyOf(asked.text)!;
  const at = lines.indexOf(asked);
  const around = lines.slice(Math.max(0, at - AROUND), at + AROUND + 1);
  const shown = around.map((line) => line === asked ? line.text.replace(`${answer}:`, `${BLANK}:`) : line.text);
  return { type: "field", line: asked.line, headings, text: [`# ${kind}`, ...shown].join("\n"), answer };
}
