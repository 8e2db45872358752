/**
 * Reads a kubectl command line as kubectl's own parser (cobra and pflag) does, and says what is wrong with it.
 *
 * Only what is certain is a problem: a command or flag that no version has, a flag without its value, a value that is
 * not of the flag's type.
 */
import { nearest } from "../../nearest.ts";
import { type Command, commandAt, type Flag, inVersion, subcommandsOf } from "./facts.ts";

export interface KubectlCommand {
  /** "create deployment"; "" when not even the first word is known. */
  readonly path: string;
  /** Flags by their long name, with every value that was given. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  /** What is neither command nor flag, up to `--`. */
  readonly args: readonly string[];
  /** What comes after `--`, where there is one. */
  readonly rest?: readonly string[];
  readonly problems: readonly KubectlProblem[];
}

export interface KubectlProblem {
  readonly type: "unknown-command" | "unknown-flag" | "missing-value" | "wrong-value" | "other-version";
  /** Which of the words it is about. */
  readonly word: number;
  /** What is there: "--imge", "crate". */
  readonly found: string;
  /** The command it is about: "create deployment". */
  readonly path: string;
  /** What was probably meant: "--image". */
  readonly nearest?: string;
  /** For `wrong-value`, what is expected; for `other-version`, the versions that have it. */
  readonly expected?: string;
}

/** Flags that kubectl also takes without a value. */
const OPTIONAL_VALUE = new Set(["dry-run", "cascade", "validate", "server-print", "warnings-as-errors"]);

/** Pages of kubectl's help. */
const PAGES = new Set(["help", "options"]);

/** Subcommands of these are programs of the user's, or help. */
const ANYTHING_BELOW = new Set(["plugin"]);

/**
 * @param words what follows `kubectl`
 * @param version the version to hold flags against; any, unless said
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseKubectl } from "./command_line.ts";
 *
 * const { path, args, flags, problems } = parseKubectl(["run", "web", "--imge=nginx", "-n", "dev"]);
 * assert.equal(path, "run");
 * assert.deepEqual(args, ["web"]);
 * assert.deepEqual(flags.get("namespace"), ["dev"]);
 * assert.equal(problems[0].nearest, "--image");
 * ```
 */
export function parseKubectl(words: readonly string[], version?: string): KubectlCommand {
  const flags = new Map<string, string[]>();
  const args: string[] = [];
  const problems: KubectlProblem[] = [];
  let rest: string[] | undefined;
  let path = "";

  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "--") {
      rest = words.slice(i + 1);
      break;
    }
    if (word.startsWith("--")) i = longFlag(i);
    else if (word.length > 1 && word.startsWith("-") && !/^-\d/.test(word)) i = shortFlags(i);
    else if (args.length === 0 && descend(i)) continue;
    else args.push(word);
  }
  return { path, flags, args, problems, ...rest === undefined ? {} : { rest } };

  /** Takes a word as a subcommand; false when it is an argument. */
  function descend(i: number): boolean {
    const below = subcommandsOf(path);
    const name = below.get(words[i]);
    if (name !== undefined) {
      path = path === "" ? name : `${path} ${name}`;
      const command = commandAt(path)!;
      if (!inVersion(command, version)) tell("other-version", i, words[i], { expected: describeSpan(command) });
      return true;
    }
    const isGroup = below.size > 0 && (path === "" || takesNoArguments(path));
    if (!isGroup || ANYTHING_BELOW.has(path) || PAGES.has(words[i])) return false;
    tell("unknown-command", i, words[i], { nearest: nearest(words[i], below.keys()) });
    return false;
  }

  function longFlag(i: number): number {
    const [, name, value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(words[i])!;
    const flag = flagOf(name);
    if (flag === undefined) return unknown(i, `--${name}`);
    if (!inVersion(flag, version)) tell("other-version", i, `--${name}`, { expected: describeSpan(flag) });
    if (value !== undefined) return add(i, name, flag, value);
    if (flag.type === "bool" || OPTIONAL_VALUE.has(name)) return add(i, name, flag, "true", false);
    return addNext(i, name, flag);
  }

  /** "-it", "-n dev", "-ndev", "-n=dev" */
  function shortFlags(i: number): number {
    const letters = words[i].slice(1);
    for (let at = 0; at < letters.length; at++) {
      const name = longName(letters[at]);
      if (name === undefined) return unknown(i, `-${letters[at]}`);
      const flag = flagOf(name)!;
      const after = letters.slice(at + 1);
      if (after.startsWith("=")) return add(i, name, flag, after.slice(1));
      if (flag.type === "bool") add(i, name, flag, "true");
      else if (after !== "") return add(i, name, flag, after);
      else return addNext(i, name, flag);
    }
    return i;
  }

  function addNext(i: number, name: string, flag: Flag): number {
    if (i + 1 < words.length) {
      add(i + 1, name, flag, words[i + 1]);
      return i + 1;
    }
    tell("missing-value", i, words[i], {});
    return i;
  }

  function add(i: number, name: string, flag: Flag, value: string, check = true): number {
    flags.set(name, [...flags.get(name) ?? [], value]);
    const expected = check ? wrongFor(flag, value) : undefined;
    if (expected !== undefined) tell("wrong-value", i, value, { expected: `--${name}: ${expected}` });
    return i;
  }

  /** An unknown flag; its value, if the next word is one, cannot be told from an argument. */
  function unknown(i: number, found: string): number {
    const known = found.startsWith("--") ? allFlags().map(([name]) => `--${name}`) : [];
    tell("unknown-flag", i, found, { nearest: nearest(found, known) });
    return i;
  }

  function allFlags(): (readonly [string, Flag])[] {
    const own = path === "" ? flagsAnywhere() : commandAt(path)!.flags;
    return Object.entries({ ...commandAt("")!.flags, ...own, help: { type: "bool", short: "h" } as Flag });
  }

  function flagOf(name: string): Flag | undefined {
    return allFlags().find(([known]) => known === name)?.[1];
  }

  function longName(letter: string): string | undefined {
    return allFlags().findLast(([, { short }]) => short === letter)?.[0];
  }

  function tell(type: KubectlProblem["type"], word: number, found: string, more: Partial<KubectlProblem>): void {
    // What follows an unknown command belongs to whatever was meant.
    if (problems.some((problem) => problem.type === "unknown-command")) return;
    problems.push({ type, word, found, path, ...more });
  }

  /** Before the command is known, any command's flags may stand. */
  function flagsAnywhere(): Readonly<Record<string, Flag>> {
    const command = words.find((word) => subcommandsOf("").has(word));
    return command === undefined ? {} : commandAt(subcommandsOf("").get(command)!)!.flags;
  }
}

/** Commands that take no words of their own: `rollout`, `config`, and `create`, which wants a file or a subcommand. */
function takesNoArguments(path: string): boolean {
  const usage = commandAt(path)?.usage ?? "";
  return usage.replace(`kubectl ${path}`, "").replace(/SUBCOMMAND|\(?-f FILENAME( \| -k DIRECTORY\))?|\[flags\]/g, "")
    .trim() === "";
}

function wrongFor({ type }: Flag, value: string): string | undefined {
  if (/[<$({]|\.\.\./.test(value)) return undefined;
  if (type === "bool" && !/^(1|0|t|f|true|false)$/i.test(value)) return "true or false";
  if (type === "int" && !/^[-+]?\d+(\.\d+)?$/.test(value)) return "a number";
  if (type === "duration" && !/^(0|(\d+(\.\d+)?(h|m|s|ms|us|ns))+)$/.test(value)) return "a duration such as 30s";
  return undefined;
}

function describeSpan({ since, until }: Pick<Command, "since" | "until">): string {
  return since === undefined ? `… ${until}` : until === undefined ? `${since} …` : `${since} … ${until}`;
}
