/** Reads the commands in lines of shell, wherever they stand: in pipes, lists, loops and substitutions. */
import { forEachChild, parse } from "unbash";
import type { CodeLine } from "./markdown.ts";
import { hasPlaceholder, hidePlaceholders, showPlaceholders } from "./placeholders.ts";
import type { ShellCommand, ShellError, ShellWord } from "./shell.ts";

/** A block that is larger than this is data. */
const LARGEST_BLOCK = 200_000;

/** Commands that stand deeper in others than this are nobody's notes. */
const DEEPEST = 60;

export function readCommands(lines: readonly CodeLine[]): { commands: ShellCommand[]; errors: ShellError[] } {
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
  readonly prefix: readonly (AssignmentNode | RedirectNode)[];
  readonly suffix: readonly (WordNode | AssignmentNode | RedirectNode | HereStringNode | HereDocNode)[];
}

interface AssignmentNode extends SyntaxNode {
  readonly name: string;
  readonly value?: WordNode;
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

interface HereStringNode extends SyntaxNode {
  readonly target?: WordNode;
}

interface HereDocNode extends SyntaxNode {
  readonly body?: { readonly text: string };
}

function commandOf(node: SimpleCommand, piped: boolean, place: (offset: number) => { line: number; column: number }) {
  const words: ShellWord[] = [];
  const redirects: { operator: string; target: string }[] = [];
  let heredoc: string | undefined;
  // What only this one command is given (`ETCDCTL_API=3 etcdctl`) is no word of it.
  const parts = node.name === undefined
    ? node.prefix.filter(({ type }) => type === "Assignment")
    : [node.name, ...node.suffix];
  for (const part of parts) {
    if (part.type === "HereDoc") heredoc = showPlaceholders((part as HereDocNode).body?.text ?? "");
    // `<<< text` is one line of input.
    else if (part.type === "HereString") {
      heredoc = showPlaceholders(`${(part as HereStringNode).target?.value ?? ""}\n`);
    } else if (part.type === "Redirect") {
      const { operator, target } = part as RedirectNode;
      redirects.push({ operator, target: showPlaceholders(target?.value ?? "") });
    } else if (part.type === "Assignment") {
      const { name, value } = part as AssignmentNode;
      const open = value !== undefined && isOpen(value);
      words.push({ value: showPlaceholders(`${name}=${value?.value ?? ""}`), open, ...place(part.pos) });
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
