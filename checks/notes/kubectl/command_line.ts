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
export const parseKubectl = (words: readonly string[], version?: string): KubectlCommand =>
  new CommandLine(words, version).read();

/** One command line, as far as it has been read. */
class CommandLine {
  readonly #flags = new Map<string, string[]>();
  readonly #args: string[] = [];
  readonly #problems: KubectlProblem[] = [];
  #path = "";

  constructor(readonly words: readonly string[], readonly version: string | undefined) {}

  read(): KubectlCommand {
    let rest: readonly string[] | undefined;
    for (let i = 0; i < this.words.length; i++) {
      const word = this.words[i];
      if (word === "--") {
        rest = this.words.slice(i + 1);
        break;
      }
      if (word.startsWith("--")) i = this.#longFlag(i);
      else if (word.length > 1 && word.startsWith("-") && !/^-\d/.test(word)) i = this.#shortFlags(i);
      else if (this.#args.length === 0 && this.#descend(i)) continue;
      else this.#args.push(word);
    }
    return {
      path: this.#path,
      flags: this.#flags,
      args: this.#args,
      problems: this.#problems,
      ...rest === undefined ? {} : { rest },
    };
  }

  /** Takes a word as a subcommand; false when it is an argument. */
  #descend(i: number): boolean {
    const word = this.words[i];
    const below = subcommandsOf(this.#path);
    const name = below.get(word);
    if (name !== undefined) {
      this.#path = this.#path === "" ? name : `${this.#path} ${name}`;
      const command = commandAt(this.#path)!;
      if (!inVersion(command, this.version)) this.#tell("other-version", i, word, { expected: describeSpan(command) });
      return true;
    }
    const isGroup = below.size > 0 && (this.#path === "" || takesNoArguments(this.#path));
    if (!isGroup || ANYTHING_BELOW.has(this.#path) || PAGES.has(word)) return false;
    this.#tell("unknown-command", i, word, { nearest: nearest(word, below.keys()) });
    return false;
  }

  /** @returns the index of the last word that was taken, as all below */
  #longFlag(i: number): number {
    const [, name, value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(this.words[i])!;
    const flag = this.#flagOf(name);
    if (flag === undefined) return this.#unknown(i, `--${name}`);
    if (!inVersion(flag, this.version)) this.#tell("other-version", i, `--${name}`, { expected: describeSpan(flag) });
    if (value !== undefined) return this.#add(i, name, flag, value);
    if (flag.type === "bool" || OPTIONAL_VALUE.has(name)) return this.#add(i, name, flag, "true", false);
    return this.#addNext(i, name, flag);
  }

  /** "-it", "-n dev", "-ndev", "-n=dev" */
  #shortFlags(i: number): number {
    const letters = this.words[i].slice(1);
    for (let at = 0; at < letters.length; at++) {
      const name = this.#longName(letters[at]);
      if (name === undefined) return this.#unknown(i, `-${letters[at]}`);
      const flag = this.#flagOf(name)!;
      const after = letters.slice(at + 1);
      if (after.startsWith("=")) return this.#add(i, name, flag, after.slice(1));
      if (flag.type === "bool") this.#add(i, name, flag, "true");
      else if (after !== "") return this.#add(i, name, flag, after);
      else return this.#addNext(i, name, flag);
    }
    return i;
  }

  #addNext(i: number, name: string, flag: Flag): number {
    if (i + 1 < this.words.length) return this.#add(i + 1, name, flag, this.words[i + 1]);
    this.#tell("missing-value", i, this.words[i], {});
    return i;
  }

  #add(i: number, name: string, flag: Flag, value: string, check = true): number {
    this.#flags.set(name, [...this.#flags.get(name) ?? [], value]);
    const expected = check ? wrongFor(flag, value) : undefined;
    if (expected !== undefined) this.#tell("wrong-value", i, value, { expected: `--${name}: ${expected}` });
    return i;
  }

  /** An unknown flag; its value, if the next word is one, cannot be told from an argument. */
  #unknown(i: number, found: string): number {
    const known = found.startsWith("--") ? this.#allFlags().map(([name]) => `--${name}`) : [];
    this.#tell("unknown-flag", i, found, { nearest: nearest(found, known) });
    return i;
  }

  #allFlags(): (readonly [string, Flag])[] {
    const own = this.#path === "" ? this.#flagsAnywhere() : commandAt(this.#path)!.flags;
    return Object.entries({ ...commandAt("")!.flags, ...own, help: { type: "bool", short: "h" } as Flag });
  }

  #flagOf(name: string): Flag | undefined {
    return this.#allFlags().find(([known]) => known === name)?.[1];
  }

  #longName(letter: string): string | undefined {
    return this.#allFlags().findLast(([, { short }]) => short === letter)?.[0];
  }

  #tell(type: KubectlProblem["type"], word: number, found: string, more: Partial<KubectlProblem>): void {
    // What follows an unknown command belongs to whatever was meant.
    if (this.#problems.some((problem) => problem.type === "unknown-command")) return;
    this.#problems.push({ type, word, found, path: this.#path, ...more });
  }

  /** Before the command is known, any command's flags may stand. */
  #flagsAnywhere(): Readonly<Record<string, Flag>> {
    const command = this.words.find((word) => subcommandsOf("").has(word));
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
