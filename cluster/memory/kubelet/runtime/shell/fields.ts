/**
 * Field splitting and pathname expansion: what has been expanded becomes words.
 *
 * Source: POSIX, Shell Command Language, 2.6.5 and 2.6.6.
 */
import { pathIn } from "../files/file_system.ts";
import { compile, isPattern, matches, quote } from "./pattern.ts";
import type { ShellState } from "./state.ts";

/** A piece of a word: quoted text is neither split nor taken for a pattern. */
export interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  /** A new word begins before it: `"$@"`. */
  readonly breaks?: boolean;
}

/** Splits what is unquoted at blanks, and replaces patterns by the files that they fit. */
export function fieldsOf(all: readonly Piece[], state: ShellState): string[] {
  const ifs = state.get("IFS") ?? " \t\n";
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
  if (state.options.noglob) return words.map(({ text }) => text);
  return words.flatMap(({ text, pattern }) =>
    isPattern(pattern.replaceAll(/\\./g, "")) ? glob(pattern, text, state) : [text]
  );
}

/** The files that a pattern fits, or `text` where there are none. */
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
