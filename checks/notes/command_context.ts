/** What a note's commands leave for those that come after them: aliases, variables, kubectl's contexts. */
import { type Contexts, newContexts } from "./kubectl/contexts.ts";
import { isKubectl } from "./programs.ts";
import { knownResources, resourceKinds } from "./resources.ts";
import type { ShellWord } from "./shell.ts";

export interface CommandContext {
  /** Words that name a resource: plurals, singulars, short names, `plural.group`. */
  readonly resources: ReadonlySet<string>;
  /** The kinds of the built-in ones. */
  readonly kinds: ReadonlyMap<string, string>;
  /** The Kubernetes version that the note is about, "1.36"; the newest unless said. */
  version?: string | undefined;
  /** What `alias` lines of the note have made kubectl, with the words that each puts behind it. */
  readonly aliases: Map<string, readonly string[]>;
  /** What the note's shell variables hold, as far as that is known. */
  readonly variables: Map<string, string>;
  readonly contexts: Contexts;
}

/** What holds before a note's first command. @param version "1.36" */
export async function newCommandContext(version?: string): Promise<CommandContext> {
  return {
    resources: new Set(await knownResources()),
    kinds: await resourceKinds(),
    ...version === undefined ? {} : { version },
    aliases: new Map(),
    variables: new Map(),
    contexts: newContexts(),
  };
}

/** Letters of a value beyond which nobody means it to be written out. */
const LONGEST = 200;

/** Takes over `alias k=kubectl` and `export do="--dry-run=client -o yaml"`. */
export function noteDefinitions(words: readonly ShellWord[], { aliases, variables }: CommandContext): void {
  const isAlias = words[0]?.value === "alias";
  for (const { value, open } of words) {
    const [, name, text] = /^([\w.-]+)=([\s\S]*)$/.exec(value) ?? [];
    if (name === undefined) {
      // From here on it is another command's words.
      if (!/^(alias|export|local|declare|readonly)$/.test(value)) return;
    } else if (text.length > LONGEST) continue;
    else if (!isAlias && !open) variables.set(name, text);
    else if (!isAlias) variables.delete(name);
    else {
      const [program, ...more] = text.split(/\s+/);
      const words = [...aliases.get(program) ?? [], ...more];
      const isOurs = isKubectl(program) || aliases.has(program);
      if (isOurs && words.join(" ").length <= LONGEST) aliases.set(name, words);
    }
  }
}

/** The words with aliases written out and known variables filled in, each at the place of what it came from. */
export function expand(words: readonly ShellWord[], { aliases, variables }: CommandContext): ShellWord[] {
  const filled = words.flatMap((word) => {
    const value = word.open ? fillIn(word.value, variables) : undefined;
    if (value === undefined) return [word];
    // A variable that stands alone may hold several words.
    const parts = VARIABLE_ONLY.test(word.value) ? value.split(/\s+/).filter((part) => part !== "") : [value];
    return parts.map((part) => ({ ...word, value: part, open: false }));
  });
  const [program, ...rest] = filled;
  const alias = program === undefined ? undefined : aliases.get(program.value);
  if (alias === undefined) return filled;
  const more = alias.map((value) => ({ ...program, value, open: value.includes("$") }));
  return [{ ...program, value: "kubectl" }, ...more, ...rest];
}

const VARIABLE_ONLY = /^\$(\w+|\{\w+\})$/;

/** The word with its variables filled in; undefined where something in it stays unknown. */
function fillIn(word: string, variables: ReadonlyMap<string, string>): string | undefined {
  const filled = word.replace(
    /\$(?:(\w+)|\{(\w+)\})/g,
    (whole, name, braced) => variables.get(name ?? braced) ?? whole,
  );
  return /[$`…]|<[^<>]+>|\{\{|\.\.\.$/.test(filled) ? undefined : filled;
}
