/**
 * Runs scripts: a shell with pipes whose ends run at the same time, subshells, background jobs, traps and signals, on
 * the container's clock. Parsing is unbash's; what programs do is theirs.
 *
 * Source: POSIX, Shell Command Language; busybox' ash for the words.
 */
import {
  type Assignment,
  type CaseItem,
  type Command,
  type CommandNode,
  type CompoundList,
  parse,
  type ParsedScript,
  type Pipeline,
  type Statement,
} from "unbash";
import { Ended, Process } from "../process.ts";
import type { ProgramContext } from "../programs/program.ts";
import { Collector, decodeText, encodeText, NO_INPUT, NOWHERE, Pipe, type Source } from "../streams.ts";
import { assign, assignedText, jobText } from "./assign.ts";
import { BUILTINS } from "./builtins/mod.ts";
import { arithmetic, type Expander, expandPattern, expandText, expandWords } from "./expand.ts";
import { compile, matches } from "./pattern.ts";
import { PendingTraps } from "./pending_traps.ts";
import { endingOf } from "./ending.ts";
import { redirect, RedirectError } from "./redirect.ts";
import { type Descriptors, Exit, Interrupted, LoopControl, Return, type ShellState } from "./state.ts";
import { testExpression } from "./test_command.ts";

type Node = Statement["command"] | CommandNode | CompoundList;

/** Characters that a command's output may have where it becomes part of a word. */
const LONGEST_SUBSTITUTION = 1 << 25;
const DEEPEST = 200;
/** Long commands cost more. */
const WORDS_A_STEP = 50;

export type RunProgram = (words: readonly string[], context: ProgramContext) => Promise<number>;

export class Shell implements Expander {
  /** Where commands without a redirection of their own read and write, for substitutions. */
  #current: Descriptors = new Map();
  #depth = 0;
  /** In a condition, where a failure does not end a shell under `set -e`. */
  #tested = 0;
  readonly traps = new PendingTraps();
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

  async runScript(script: ParsedScript, open: Descriptors): Promise<number> {
    return await this.#statements(script.commands, open);
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
    child.#depth = this.#depth;
    return child;
  }

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

  async #statements(statements: readonly Statement[], open: Descriptors): Promise<number> {
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
      return state.status = await this.#dispatch(command, open);
    } finally {
      this.#current = outer;
    }
  }

  async #dispatch(command: Node, open: Descriptors): Promise<number> {
    switch (command.type) {
      case "AndOr": {
        let status = await this.#condition(() => this.node(command.commands[0], open));
        for (const [i, operator] of command.operators.entries()) {
          if ((status === 0) !== (operator === "&&")) continue;
          const last = i === command.operators.length - 1;
          const run = () => this.node(command.commands[i + 1], open);
          status = last ? await run() : await this.#condition(run);
        }
        return status;
      }
      case "Pipeline":
        return await this.#pipeline(command, open);
      case "CompoundList":
        return await this.#statements(command.commands, open);
      case "BraceGroup":
        return await this.#statements(command.body.commands, open);
      case "Redirected": {
        const inner = await this.#redirected(() => redirect(command.redirects, open, this), open);
        return inner === undefined ? 1 : await this.node(command.command, inner);
      }
      case "Subshell":
        return this.#failed(await this.subshell(open, (shell) => shell.node(command.body, open)));
      case "If":
        for (const { clause, then } of [command, ...command.elif]) {
          if (await this.#condition(() => this.node(clause, open)) === 0) return await this.node(then, open);
        }
        return command.else === undefined ? 0 : await this.node(command.else, open);
      case "While":
        return await this.#loop(
          async () =>
            (await this.#condition(() => this.node(command.clause, open)) === 0) === (command.kind === "while"),
          command.body,
          open,
          true,
        );
      case "For": {
        const words = command.wordlist === undefined
          ? [...this.state.positional]
          : await expandWords(command.wordlist, this);
        return await this.#loop(
          () => {
            const next = words.shift();
            if (next !== undefined) this.state.set(command.name.value, next);
            return Promise.resolve(next !== undefined);
          },
          command.body,
          open,
          false,
        );
      }
      case "ArithmeticFor": {
        await arithmetic(command.initialize, this);
        let first = true;
        return await this.#loop(
          async () => {
            if (!first) await arithmetic(command.update, this);
            first = false;
            return command.test === undefined || await arithmetic(command.test, this) !== 0;
          },
          command.body,
          open,
          command.test === undefined,
        );
      }
      case "Case": {
        const text = await expandText(command.word, this);
        return await this.#cases(command.items, text, open);
      }
      case "Function":
        this.state.functions.set(command.name.value, command.body);
        return 0;
      case "TestCommand":
        return this.#failed(await testExpression(command.expression, this) ? 0 : 1);
      case "ArithmeticCommand":
        return this.#failed(await arithmetic(command.expression, this) !== 0 ? 0 : 1);
      case "Command":
        return this.#failed(await this.#command(command, open));
      default:
        await this.complain(`${command.type.toLowerCase()} is not supported here`, open);
        return 2;
    }
  }

  async #cases(items: readonly CaseItem[], text: string, open: Descriptors): Promise<number> {
    let falls = false;
    for (const { pattern, body, terminator } of items) {
      let fits = falls;
      for (const one of pattern) fits ||= matches(compile(await expandPattern(one, this)), text);
      if (!fits) continue;
      const status = await this.node(body, open);
      if (terminator !== ";&" && terminator !== ";;&") return status;
      falls = terminator === ";&";
    }
    return 0;
  }

  /** A failure ends the shell where `set -e` says so. */
  #failed(status: number): number {
    this.state.status = status;
    if (status !== 0 && this.state.options.errexit && this.#tested === 0) throw new Exit(status);
    return status;
  }

  async #condition(run: () => Promise<number>): Promise<number> {
    this.#tested++;
    try {
      return await run();
    } finally {
      this.#tested--;
    }
  }

  async #loop(
    goesOn: () => Promise<boolean>,
    body: CompoundList,
    open: Descriptors,
    endless: boolean,
  ): Promise<number> {
    const end = endless ? this.process.repeat() : () => {};
    let status = 0;
    try {
      while (await goesOn()) {
        try {
          status = await this.node(body, open);
        } catch (error) {
          if (!(error instanceof LoopControl)) throw error;
          if (error.depth > 1) {
            error.depth--;
            throw error;
          }
          status = 0;
          if (error.kind === "break") break;
        }
      }
    } finally {
      end();
    }
    return status;
  }

  async #pipeline({ commands, operators, prefixes }: Pipeline, open: Descriptors): Promise<number> {
    const negated = prefixes.some(({ type }) => type === "Negation");
    const started = this.process.machine.clock.now();
    const status = negated
      ? await this.#condition(() => this.#stages(commands, operators, open))
      : await this.#stages(commands, operators, open);
    if (prefixes.some(({ type }) => type === "Time")) {
      const seconds = (this.process.machine.clock.now() - started) / 1000;
      await open.get(2)?.sink?.write(`real\t0m${seconds.toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`);
    }
    return negated ? Number(status === 0) : this.#failed(status);
  }

  async #stages(commands: readonly CommandNode[], operators: readonly string[], open: Descriptors): Promise<number> {
    if (commands.length === 1) return await this.node(commands[0], open);
    let source: Source | undefined;
    const running = [];
    for (const [i, command] of commands.entries()) {
      const own = new Map(open);
      const input = source;
      if (input !== undefined) own.set(0, { source: input });
      const pipe = i === commands.length - 1 ? undefined : new Pipe();
      if (pipe !== undefined) {
        own.set(1, { sink: pipe });
        if (operators[i] === "|&") own.set(2, { sink: pipe });
      }
      source = pipe;
      running.push(
        this.subshell(own, (shell) => shell.node(command, own)).finally(() => {
          pipe?.end();
          input?.close?.();
        }),
      );
    }
    const codes = await Promise.all(running);
    return this.state.options.pipefail ? codes.findLast((code) => code !== 0) ?? 0 : codes.at(-1)!;
  }

  async #redirected(opening: () => Promise<Descriptors>, open: Descriptors): Promise<Descriptors | undefined> {
    try {
      return await opening();
    } catch (error) {
      if (!(error instanceof RedirectError)) throw error;
      await this.complain(error.message, open);
      return undefined;
    }
  }

  async #command(command: Command, outer: Descriptors): Promise<number> {
    const { state } = this;
    const assignments = command.prefix.filter((part): part is Assignment => part.type === "Assignment");
    const words: string[] = [];
    if (command.name !== undefined) words.push(...await expandWords([command.name], this));
    for (const arg of command.args) {
      if (arg.type === "Word") words.push(...await expandWords([arg], this));
      else words.push(`${arg.name}${arg.append ? "+" : ""}=${await assignedText(arg, this)}`);
    }
    if (words.length > WORDS_A_STEP) {
      const pause = this.process.step(Math.ceil(words.length / WORDS_A_STEP));
      if (pause !== undefined) await pause;
    }
    const open = await this.#redirected(() => redirect(command.redirects, outer, this), outer);
    if (open === undefined) return 1;
    if (words.length === 0) {
      state.status = 0;
      for (const assignment of assignments) await assign(assignment, this);
      return state.status;
    }
    if (state.options.xtrace) await outer.get(2)?.sink?.write(encodeText(`+ ${words.join(" ")}\n`));
    const alias = state.aliases.get(words[0]);
    if (alias !== undefined) words.splice(0, 1, ...alias.split(/\s+/).filter((word) => word !== ""));
    const [name, ...args] = words;
    const extra = new Map<string, string>();
    for (const assignment of assignments) {
      if (assignment.value.type === "Word") extra.set(assignment.name, await expandText(assignment.value, this));
    }
    const body = state.functions.get(name);
    if (body !== undefined) return await this.#function(name, body, args, extra, open);
    const builtin = BUILTINS[name];
    if (builtin !== undefined) {
      for (const [variable, value] of extra) state.set(variable, value);
      return await builtin({ args, shell: this, open, outer });
    }
    return await this.program(words, open, extra);
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

  async #function(
    name: string,
    body: CommandNode | CompoundList,
    args: readonly string[],
    extra: ReadonlyMap<string, string>,
    open: Descriptors,
  ): Promise<number> {
    if (++this.#depth > DEEPEST) {
      this.#depth = 0;
      throw new Exit(2, `${name}: maximum function nesting level exceeded`);
    }
    const { state } = this;
    const positional = state.positional;
    state.positional = [...args];
    state.locals.push(new Map());
    for (const [variable, value] of extra) state.set(variable, value);
    try {
      return await this.node(body, open);
    } catch (error) {
      if (error instanceof Return) return error.code;
      throw error;
    } finally {
      this.#depth--;
      state.positional = positional;
      for (const [variable, before] of state.locals.pop()!) {
        if (before === undefined) state.unset(variable);
        else state.variables.set(variable, before);
      }
    }
  }
}
