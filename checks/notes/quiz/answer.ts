/** Judges answers as kubectl would: other ways to write the same command are right too. */
import { commandAt } from "../kubectl/facts.ts";
import { parseKubectl } from "../kubectl/command_line.ts";
import { readShell } from "../shell.ts";
import type { Question } from "./questions.ts";

/** For every word that names a resource, its plural: "po" → "pods". */
export type ResourceNames = ReadonlyMap<string, string>;

/** @param given the missing word, or for a command the whole line */
export function isRight({ type, answer, whole }: Question, given: string, resources: ResourceNames): boolean {
  const text = given.trim();
  if (text === "" || text.length > 2000) return false;
  if (text === answer) return true;
  // Fields are what they are; a colon behind them does no harm.
  if (type === "field" || whole === undefined) return text.replace(/:$/, "") === answer;
  if (sameWord(text, answer, whole, resources)) return true;
  return canonical(whole, resources) === canonical(wordsOf(text), resources);
}

function sameWord(text: string, answer: string, whole: readonly string[], resources: ResourceNames): boolean {
  if (answer.startsWith("--")) {
    const { path } = parseKubectl(whole);
    const flags = { ...commandAt("")!.flags, ...commandAt(path)?.flags };
    const short = flags[answer.slice(2)]?.short;
    return text.replace(/^-*/, "") === answer.slice(2) || (short !== undefined && text === `-${short}`);
  }
  const plural = resources.get(answer.toLowerCase());
  if (plural !== undefined && resources.get(text.toLowerCase()) === plural) return true;
  const { path } = parseKubectl(whole);
  const swapped = whole.map((word) => word === answer ? text : word);
  return path.split(" ").includes(answer) && parseKubectl(swapped).path === path;
}

function wordsOf(text: string): readonly string[] {
  const { exchanges } = readShell([{ text: text.replace(/^\$\s+/, ""), line: 1, column: 1 }]);
  const words = exchanges[0]?.commands[0]?.words.map(({ value }) => value) ?? [];
  return /^(kubectl|k)$/.test(words[0] ?? "") ? words.slice(1) : words;
}

/** The command in one form, whatever the order of flags, their short names and the names of resources. */
function canonical(words: readonly string[], resources: ResourceNames): string {
  const { path, flags, args, rest, problems } = parseKubectl(words);
  if (problems.length > 0 || path === "") return `? ${words.join(" ")}`;
  const plain = args.flatMap((arg, i) => {
    const [, resource, name] = /^([^/]+)\/(.+)$/.exec(arg) ?? [];
    const plural = resources.get((resource ?? arg).toLowerCase());
    if (i > 0 || plural === undefined) return [arg];
    return name === undefined ? [plural] : [plural, name];
  });
  const sorted = [...flags].sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify([path, sorted, plain, rest ?? []]);
}
