/**
 * Runs scripts: a shell with pipes whose ends run at the same time, subshells, background jobs, traps and signals, on
 * the container's clock. Parsing is unbash's; what programs do is theirs.
 *
 * Source: POSIX, Shell Command Language; busybox' ash for the words.
 */
import { type CommandNode, type CompoundList, parse, type ParsedScript, type Statement } from "unbash";
import { Ended, Process } from "../process.ts";
import type { ProgramContext } from "../programs/program.ts";
import { Collector, decodeText, encodeText, NO_INPUT, NOWHERE } from "../streams.ts";
import { jobText } from "./assign.ts";
import { runNode } from "./compound_commands.ts";
import { endingOf } from "./ending.ts";
import type { Expander } from "./expand.ts";
import { PendingTraps } from "./pending_traps.ts";
import { type Descriptors, Exit, Interrupted, type ShellState } from "./state.ts";

/** What of a script runs by itself. */
export type Node = Statement["command"] | CommandNode | CompoundList;

/** Characters that a command's output may have where it becomes part of a word. */
const LONGEST_SUBSTITUTION = 1 << 25;

/** Runs what is no part of the shell. @returns its exit code */
export type RunProgram = (words: readonly string[], context: ProgramContext) => Promise<number>;

/** A shell at work: it keeps its state, runs scripts, and starts processes for what runs beside it. */
export class Shell implements Expander {
  /** Where commands without a redirection of their own read and write, for substitutions. */
  #current: Descriptors = new Map();
  /** In a condition, where a failure does not end a shell under `set -e`. */
  #tested = 0;
  /** How many functions run within one another. */
  depth = 0;
  readonly traps = new PendingTraps();
  /** Ctrl-C was pressed: what runs ends at its next step. */
  interrupted = false;
  /** An interactive shell is at work, and not waiting for a line. */
  busy = false;

  /** @param runProgram finds and runs what is no part of the shell */
  constructor(readonly state: ShellState, readonly runProgram: RunProgram) {}

  get process(): Process {
    return this.state.process;
  }

  /** Parses and runs a text. @returns the status of its last command @throws {Exit} */
  async runText(text: string, open: Descriptors): Promise<number> {
    const script = parse(text);
    if (script.errors !== undefined && script.errors.length > 0) {
      await this.complain(`syntax error: ${script.errors[0].message}`, open);
      return this.state.status = 2;
    }
    return await this.runScript(script, open);
  }

  /** Runs a script that was parsed. @returns the status of its last command @throws {Exit} */
  async runScript(script: ParsedScript, open: Descriptors): Promise<number> {
    return await this.statements(script.commands, open);
  }

  /** A script whose end is the end of the shell: traps of EXIT run, and what is thrown becomes a status. */
  async runWhole(run: () => Promise<number>, open: Descriptors): Promise<number> {
    let code: number;
    try {
      code = await run();
    } catch (error) {
      code = await this.endOf(error, open);
    }
    const exit = this.state.traps.get("EXIT");
    if (exit === undefined) return code;
    this.state.traps.delete("EXIT");
    this.state.status = code;
    try {
      await this.runText(exit, open);
    } catch (error) {
      return await this.endOf(error, open);
    }
    return code;
  }

  /** The status that something thrown stands for. @throws what is none of the shell's */
  async endOf(error: unknown, open: Descriptors): Promise<number> {
    const { code = this.state.status, problem } = endingOf(error);
    if (problem !== undefined) await this.complain(problem, open);
    return code;
  }

  /** Says something on standard error, after the shell's name. */
  async complain(text: string, open: Descriptors): Promise<void> {
    await open.get(2)?.sink?.write(encodeText(`${this.state.name}: ${text}\n`));
  }

  /** What a script writes, for `$(…)`. */
  async run(script: ParsedScript): Promise<string> {
    const collector = new Collector(LONGEST_SUBSTITUTION, () => this.process.machine.outOfMemory());
    const open = new Map(this.#current);
    open.set(1, { sink: collector });
    this.state.status = await this.subshell(open, (shell) => shell.runScript(script, open));
    return decodeText(collector.bytes).replaceAll("\0", "").replace(/\n+$/, "");
  }

  /** Runs something in a process of its own, and waits for it. */
  async subshell(open: Descriptors, run: (shell: Shell) => Promise<number>): Promise<number> {
    const child = this.fork();
    if (child === undefined) {
      await this.complain("can't fork: Resource temporarily unavailable", open);
      return 2;
    }
    const code = child.process.begin(() => child.runWhole(() => run(child), open));
    return await this.waitFor(child.process, code);
  }

  /** A shell like this one in a process of its own, undefined where there are too many. */
  fork(background = false): Shell | undefined {
    const process = this.spawn(this.process.argv, background);
    if (process === undefined) return undefined;
    const child = new Shell(this.state.fork(process), this.runProgram);
    child.#current = this.#current;
    child.depth = this.depth;
    return child;
  }

  /** A process below this one, undefined where there are too many. */
  spawn(argv: readonly string[], background = false): Process | undefined {
    const { machine, options: { terminal } } = this.process;
    try {
      return new Process(machine, { parent: this.process, argv, terminal, background });
    } catch {
      return undefined;
    }
  }

  /** Waits for a child in the foreground. A client's Ctrl-C ends the child, and what an interactive shell does. */
  async waitFor(child: Process, code: Promise<number>): Promise<number> {
    try {
      return await this.process.wait(code);
    } catch (error) {
      if (error instanceof Ended) child.end(error.status);
      throw error;
    } finally {
      if (this.interrupted) {
        this.interrupted = false;
        // deno-lint-ignore no-unsafe-finally
        throw new Interrupted();
      }
    }
  }

  async #runTraps(open: Descriptors): Promise<void> {
    for (let script = this.traps.next(); script !== undefined; script = this.traps.next()) {
      const { status } = this.state;
      await this.runText(script, open);
      this.state.status = status;
    }
  }

  /** Runs statements one after the other. @returns the status of the last one */
  async statements(statements: readonly Statement[], open: Descriptors): Promise<number> {
    for (const { command, background } of statements) {
      if (background) await this.#background(command, open);
      else await this.node(command, open);
      if (this.traps.some) await this.#runTraps(open);
    }
    return this.state.status;
  }

  async #background(command: Node, open: Descriptors): Promise<void> {
    const child = this.fork(true);
    if (child === undefined) {
      await this.complain("can't fork: Resource temporarily unavailable", open);
      this.state.status = 2;
      return;
    }
    const own = new Map(open);
    if (!this.state.interactive) own.set(0, { source: NO_INPUT });
    const id = Math.max(0, ...this.state.jobs.map((job) => job.id)) + 1;
    const text = jobText(command);
    this.state.jobs.push({ id, process: child.process, text });
    this.state.lastBackground = child.process.pid;
    void child.process.begin(() => child.runWhole(() => child.node(command, own), own));
    if (this.state.interactive) await open.get(2)?.sink?.write(`[${id}] ${child.process.pid}\n`);
    this.state.status = 0;
  }

  /** Runs one node of a script. */
  async node(command: Node, open: Descriptors): Promise<number> {
    const pause = this.process.step();
    if (pause !== undefined) await pause;
    if (this.interrupted) {
      this.interrupted = false;
      throw new Interrupted();
    }
    const { state } = this;
    const outer = this.#current;
    this.#current = open;
    try {
      return state.status = await runNode(command, open, this);
    } finally {
      this.#current = outer;
    }
  }

  /** Runs a program in a process of its own. */
  async program(
    words: readonly string[],
    open: Descriptors,
    extra: ReadonlyMap<string, string> = new Map(),
  ): Promise<number> {
    const child = this.spawn(words);
    if (child === undefined) {
      await this.complain("can't fork: Resource temporarily unavailable", open);
      return 2;
    }
    const context = this.contextFor(child, open, extra);
    return await this.waitFor(child, child.begin(() => this.runProgram(words, context)));
  }

  /** What a program is given. */
  contextFor(process: Process, open: Descriptors, extra: ReadonlyMap<string, string> = new Map()): ProgramContext {
    return {
      process,
      env: new Map([...this.state.environment(), ...extra]),
      cwd: this.state.cwd,
      shellName: this.state.name,
      stdin: open.get(0)?.source ?? NO_INPUT,
      stdout: open.get(1)?.sink ?? NOWHERE,
      stderr: open.get(2)?.sink ?? NOWHERE,
    };
  }

  /** A failure ends the shell where `set -e` says so. @throws {Exit} */
  exitOnFailure(status: number): number {
    this.state.status = status;
    if (status !== 0 && this.state.options.errexit && this.#tested === 0) throw new Exit(status);
    return status;
  }

  /** Runs something whose failure decides, and ends nothing. */
  async condition(run: () => Promise<number>): Promise<number> {
    this.#tested++;
    try {
      return await run();
    } finally {
      this.#tested--;
    }
  }
}
