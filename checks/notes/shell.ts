/**
 * Reads what people write in shell blocks: commands with and without prompts, placeholders such as `<pod-name>`,
 * heredocs, pipes, and the output that a transcript shows.
 */
import { forEachChild, parse } from "unbash";
import type { CodeLine } from "./markdown.ts";

/** One simple command: a program and its words. */
export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** What a heredoc feeds it, where there is one. */
  readonly heredoc?: string;
  /** Files that it reads or writes by redirection. */
  readonly redirects: readonly { readonly operator: string; readonly target: string }[];
  /** It reads what the command before it writes. */
  readonly piped: boolean;
  readonly line: number;
  readonly column: number;
}

export interface ShellWord {
  /** As the shell would pass it, with placeholders as they stand: "<pod-name>". */
  readonly value: string;
  /** Cannot be known without running something: it holds a variable, a substitution or a placeholder. */
  readonly open: boolean;
  readonly line: number;
  readonly column: number;
}

/** A prompt's commands and what they printed. */
export interface Exchange {
  readonly commands: readonly ShellCommand[];
  readonly output: readonly CodeLine[];
}

export interface ShellError {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export interface ShellBlock {
  readonly exchanges: readonly Exchange[];
  readonly errors: readonly ShellError[];
  /** The block shows a terminal, with prompts: what is no command is output. */
  readonly isTranscript: boolean;
}

/** "$ ", "# ", "% ", "root@node:~# ", "controlplane $ ", "[user@host dir]$ " */
const PROMPT =
  /^\s*(?:\[?[\w.-]+@[\w.-]+(?::|\s)?[^$#%]{0,80}\]?|[\w.-]+\s)?[$%]\s+(?=\S)|^\s*[\w.-]+@[\w.-]+:[^$#]{0,80}#\s+(?=\S)/;

export function hasPrompt(text: string): boolean {
  return PROMPT.test(text);
}

export function readShell(lines: readonly CodeLine[]): ShellBlock {
  const isTranscript = lines.some(({ text }) => hasPrompt(text));
  if (!isTranscript) {
    const { commands, errors } = readCommands(lines);
    return { exchanges: [{ commands, output: [] }], errors, isTranscript };
  }
  const exchanges: Exchange[] = [];
  const errors: ShellError[] = [];
  for (let i = 0; i < lines.length;) {
    const asked: CodeLine[] = [];
    if (hasPrompt(lines[i].text)) {
      asked.push(withoutPrompt(lines[i++]));
      while (i < lines.length && isUnfinished(asked)) asked.push(lines[i++]);
    }
    const output: CodeLine[] = [];
    while (i < lines.length && !hasPrompt(lines[i].text)) output.push(lines[i++]);
    const read = readCommands(asked);
    errors.push(...read.errors);
    exchanges.push({ commands: read.commands, output });
  }
  return { exchanges, errors, isTranscript };
}

function withoutPrompt({ text, line, column }: CodeLine): CodeLine {
  const { length } = PROMPT.exec(text)![0];
  return { text: text.slice(length), line, column: column + length };
}

/** Whether a command goes on in the next line: after a backslash, inside quotes, or until a heredoc's end. */
function isUnfinished(asked: readonly CodeLine[]): boolean {
  const text = asked.map((line) => line.text).join("\n");
  if (text.endsWith("\\")) return true;
  const heredoc = /<<-?\s*(['"]?)(\w+)\1/.exec(text);
  if (heredoc !== null) return !new RegExp(`^\\s*${heredoc[2]}\\s*$`, "m").test(text.slice(heredoc.index + 2));
  return (parse(hidePlaceholders(text)).errors ?? []).some(({ message }) =>
    /unterminated|unexpected end/i.test(message)
  );
}

/** Characters that stand for the marks of a placeholder while the shell's grammar is read; one for one. */
const HIDDEN = {
  "<": "\uE000",
  ">": "\uE001",
  " ": "\uE002",
  "{": "\uE003",
  "}": "\uE004",
  "(": "\uE005",
  ")": "\uE006",
};
const SHOWN = Object.fromEntries(Object.entries(HIDDEN).map(([shown, hidden]) => [hidden, shown]));

/** `<pod name>`, `<파드명>`, `{{pod}}`; not `<<EOF`, nor a redirection such as `< file > other`. */
const PLACEHOLDER = /(?<![<\w])<[^\s<>|&;=$"'`][^<>|&;\n"'`]{0,60}>|\{\{[^{}\n]{1,60}\}\}/g;

function hidePlaceholders(text: string): string {
  return text.replace(
    PLACEHOLDER,
    (placeholder) => placeholder.replace(/[<> {}()]/g, (mark) => HIDDEN[mark as keyof typeof HIDDEN]),
  );
}

const showPlaceholders = (text: string): string => text.replace(/[\uE000-\uE006]/g, (mark) => SHOWN[mark]);
const hasPlaceholder = (text: string): boolean => /[\uE000-\uE006]/.test(text);

/** A block that is larger than this is data. */
const LARGEST_BLOCK = 200_000;

/** Commands that stand deeper in others than this are nobody's notes. */
const DEEPEST = 60;

function readCommands(lines: readonly CodeLine[]): { commands: ShellCommand[]; errors: ShellError[] } {
  const text = lines.map((line) => line.text).join("\n");
  if (text.length > LARGEST_BLOCK) {
    return { commands: [], errors: [{ message: "too long", line: lines[0].line, column: 1 }] };
  }
  const starts: number[] = [];
  let length = 0;
  for (const line of lines) {
    starts.push(length);
    length += line.text.length + 1;
  }
  const place = (offset: number) => {
    let i = starts.length - 1;
    while (i > 0 && starts[i] > offset) i--;
    return { line: lines[i]?.line ?? 1, column: (lines[i]?.column ?? 1) + offset - (starts[i] ?? 0) };
  };
  const script = parse(hidePlaceholders(text));
  const commands: ShellCommand[] = [];
  const visit = (node: SyntaxNode, piped: boolean, depth = 0) => {
    if (depth > DEEPEST) return;
    if (node.type === "Command") commands.push(commandOf(node as SimpleCommand, piped, place));
    // What is substituted into a command's words is run as well.
    let first = true;
    forEachChild(node as Parameters<typeof forEachChild>[0], (child) => {
      visit(child, node.type === "Pipeline" && !first, depth + 1);
      first = false;
    });
  };
  visit(script, false);
  const errors = (script.errors ?? []).map(({ message, pos }) => ({ message, ...place(pos) }));
  return { commands: commands.filter(({ words }) => words.length > 0), errors };
}

/** A node of the shell's grammar. */
interface SyntaxNode {
  readonly type: string;
  readonly pos: number;
}

interface SimpleCommand extends SyntaxNode {
  readonly name?: WordNode;
  readonly suffix: readonly (WordNode | RedirectNode | HereDocNode)[];
}

interface WordNode extends SyntaxNode {
  readonly text: string;
  readonly value: string;
  readonly parts?: readonly { readonly type: string; readonly parts?: readonly { readonly type: string }[] }[];
}

interface RedirectNode extends SyntaxNode {
  readonly operator: string;
  readonly target?: WordNode;
}

interface HereDocNode extends SyntaxNode {
  readonly body?: { readonly text: string };
}

function commandOf(node: SimpleCommand, piped: boolean, place: (offset: number) => { line: number; column: number }) {
  const words: ShellWord[] = [];
  const redirects: { operator: string; target: string }[] = [];
  let heredoc: string | undefined;
  for (const part of [...node.name === undefined ? [] : [node.name], ...node.suffix]) {
    if (part.type === "HereDoc") heredoc = showPlaceholders((part as HereDocNode).body?.text ?? "");
    else if (part.type === "Redirect") {
      const { operator, target } = part as RedirectNode;
      redirects.push({ operator, target: showPlaceholders(target?.value ?? "") });
    } else if (part.type === "Assignment") {
      // An argument of `export`: the text says it best.
      const { text } = part as WordNode;
      words.push({ value: showPlaceholders(text), open: true, ...place(part.pos) });
    } else {
      const word = part as WordNode;
      words.push({ value: showPlaceholders(word.value), open: isOpen(word), ...place(word.pos) });
    }
  }
  const known = heredoc === undefined ? {} : { heredoc };
  return { words, redirects, piped, ...known, ...place(node.pos) };
}

function isOpen(word: WordNode): boolean {
  const parts = (word.parts ?? []).flatMap((part) => [part, ...part.parts ?? []]);
  return hasPlaceholder(word.text) || parts.some(({ type }) => /Expansion|Substitution/.test(type)) ||
    /(^|[^.])\.\.\.$|…/.test(word.value);
}
