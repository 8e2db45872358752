/** What a word goes on with when somebody presses Tab. */
import { FileError } from "../files/entry.ts";
import { normalize, pathIn } from "../files/file_system.ts";
import type { Machine } from "../machine.ts";
import { programNames } from "../programs/names.ts";
import { BUILTINS } from "./builtins/mod.ts";
import type { ShellState } from "./state.ts";

/** @returns as much as all words that begin so have in common; "/" or a space after the only one */
export function completion(line: string, state: ShellState, machine: Machine): string {
  const word = /[^\s;|&<>()]*$/.exec(line)![0];
  const before = line.slice(0, line.length - word.length);
  const isCommand = /(^|[;|&(])\s*$/.test(before) && !word.includes("/");
  return isCommand ? ofCommand(word, state, machine) : ofPath(word, state, machine);
}

function ofCommand(word: string, state: ShellState, { config: { image } }: Machine): string {
  const names = [
    ...programNames(image),
    ...Object.keys(image.programs),
    ...Object.keys(BUILTINS),
    ...state.functions.keys(),
  ];
  return common(word, names, () => " ");
}

function ofPath(word: string, state: ShellState, { files }: Machine): string {
  const slash = word.lastIndexOf("/") + 1;
  const folder = normalize(state.cwd, word.slice(0, slash) || ".") || "/";
  try {
    const isFolder = (name: string) => files.find(pathIn(folder, name))?.kind === "folder";
    return common(word.slice(slash), files.names(folder), (name) => isFolder(name) ? "/" : " ");
  } catch (error) {
    if (error instanceof FileError) return "";
    throw error;
  }
}

function common(begun: string, names: readonly string[], after: (name: string) => string): string {
  const found = [...new Set(names)].filter((name) => name.startsWith(begun) && (begun !== "" || !name.startsWith(".")));
  if (found.length === 0) return "";
  if (found.length === 1) return found[0].slice(begun.length) + after(found[0]);
  let length = begun.length;
  while (found.every((name) => name.length > length && name[length] === found[0][length])) length++;
  return found[0].slice(begun.length, length);
}
