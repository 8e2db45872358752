/**
 * Reads what people write in shell blocks: commands with and without prompts, placeholders such as `<pod-name>`,
 * heredocs, pipes, and the output that a transcript shows.
 */
import { parse } from "unbash";
import type { CodeLine } from "./markdown.ts";
import { hidePlaceholders } from "./placeholders.ts";
import { hasPrompt, promptLength } from "./prompt.ts";
import { readCommands } from "./shell_commands.ts";

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

/** Reads a block of commands, with prompts and output where it is a transcript. */
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
  const length = promptLength(text);
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
