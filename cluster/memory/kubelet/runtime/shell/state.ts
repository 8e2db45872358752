/** What a shell remembers. */
import type { CommandNode, CompoundList } from "unbash";
import type { Process } from "../process.ts";
import type { Sink, Source } from "../streams.ts";

export interface Variable {
  value: string | string[];
  exported: boolean;
  readonly?: boolean;
}

/** Open files by their numbers. */
export type Descriptors = ReadonlyMap<number, { readonly source?: Source; readonly sink?: Sink }>;

export interface Job {
  readonly id: number;
  readonly process: Process;
  readonly text: string;
}

/** One shell's variables, functions, options and jobs; a subshell has a copy. */
export class ShellState {
  variables = new Map<string, Variable>();
  functions = new Map<string, CommandNode | CompoundList>();
  positional: string[] = [];
  name = "sh";
  cwd = "/";
  status = 0;
  lastBackground: number | undefined;
  options = { errexit: false, nounset: false, xtrace: false, pipefail: false, noglob: false };
  readonly traps = new Map<string, string>();
  readonly aliases = new Map<string, string>();
  jobs: Job[] = [];
  /** The values that `local` covered, for each function being run. */
  readonly locals: Map<string, Variable | undefined>[] = [];
  interactive = false;
  #characters = 0;

  constructor(readonly process: Process) {}

  get(name: string): string | undefined {
    const value = this.variables.get(name)?.value;
    return Array.isArray(value) ? value[0] : value;
  }

  /** @throws {ReadOnlyVariable} */
  set(name: string, value: string | string[], exported?: boolean): void {
    const before = this.variables.get(name);
    if (before?.readonly) throw new ReadOnlyVariable(`${name}: is read only`);
    this.variables.set(name, { value, exported: exported ?? before?.exported ?? false });
    this.#characters += sizeOf(value) - sizeOf(before?.value);
    if (this.#characters > NOTICED) this.process.use(this.#characters);
  }

  unset(name: string): void {
    this.#characters -= sizeOf(this.variables.get(name)?.value);
    this.variables.delete(name);
  }

  /** What programs are given. */
  environment(): Map<string, string> {
    const env = new Map<string, string>();
    for (const [name, { value, exported }] of this.variables) {
      if (exported && typeof value === "string") env.set(name, value);
    }
    return env;
  }

  /** The same for a subshell: what that changes does not come back. */
  fork(process: Process): ShellState {
    const copy = new ShellState(process);
    copy.variables = new Map([...this.variables].map(([name, variable]) => [name, { ...variable }]));
    copy.functions = new Map(this.functions);
    copy.positional = [...this.positional];
    Object.assign(copy, { name: this.name, cwd: this.cwd, status: this.status, lastBackground: this.lastBackground });
    copy.options = { ...this.options };
    copy.#characters = this.#characters;
    for (const [name, text] of this.aliases) copy.aliases.set(name, text);
    return copy;
  }
}

/** Characters that a shell holds, in variables or in a line, from which on it says how much memory it uses. */
export const NOTICED = 1 << 16;

const sizeOf = (value: string | string[] | undefined): number =>
  value === undefined ? 0 : typeof value === "string" ? value.length : value.reduce((sum, one) => sum + one.length, 0);

/** Somebody sets a variable that `readonly` has closed. */
export class ReadOnlyVariable extends Error {
  override readonly name = "ReadOnlyVariable";
}

/** Ends a shell: `exit`, a failure under `set -e`, a parameter that has to be there. */
export class Exit extends Error {
  override readonly name = "Exit";
  constructor(readonly code: number, readonly problem?: string) {
    super(`exit ${code}`);
  }
}

/** Ends a function. */
export class Return extends Error {
  override readonly name = "Return";
  constructor(readonly code: number) {
    super(`return ${code}`);
  }
}

/** Ends a loop or one round of it. */
export class LoopControl extends Error {
  override readonly name = "LoopControl";
  constructor(readonly kind: "break" | "continue", public depth: number) {
    super(kind);
  }
}

/** Ends what an interactive shell is doing, and not the shell. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
