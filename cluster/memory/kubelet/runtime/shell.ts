/**
 * A small shell for the scripts that manifests hold: statements, pipes into one program, conditions, loops, variables
 * and redirections. Waiting happens on the container's clock.
 */
import {
  type Assignment,
  type CommandNode,
  type CompoundList,
  parse,
  type PipelineNode,
  type Redirection,
  type Word,
} from "unbash";
import { fileIn, type ProgramIO, PROGRAMS, writeFileIn } from "./programs.ts";
import { expandWord, test } from "./shell_words.ts";
import { Ended, type SimpleProcess } from "./simple_process.ts";

/** Thrown by `break` and `continue`. */
class LoopControl extends Error {
  constructor(readonly kind: "break" | "continue") {
    super(kind);
  }
}

/** Iterations of a loop that takes no time, after which some time is taken to pass. */
const BUSY_ITERATIONS = 100;
const BUSY_MS = 100;
/** Characters of a variable, beyond which the script is out of memory however much it may have. */
const LONGEST = 1 << 26;

interface Streams {
  readonly stdin: string;
  out(text: string): void;
  err(text: string): void;
}

/** Finds programs beside the built-in ones: what an image serves. */
export type FindProgram = (name: string) => ((args: readonly string[]) => Promise<number>) | undefined;

export class Shell {
  readonly variables: Map<string, string>;
  #last = 0;
  #iterations = 0;

  constructor(readonly process: SimpleProcess, readonly find: FindProgram, env: Readonly<Record<string, string>>) {
    this.variables = new Map(Object.entries(env));
  }

  async run(script: string, streams: Streams): Promise<number> {
    const { commands, errors } = parse(script);
    if (errors !== undefined && errors.length > 0) {
      streams.err(`sh: syntax error: ${errors[0].message}\n`);
      return 2;
    }
    for (const { command } of commands) await this.#node(command, streams);
    return this.#last;
  }

  async #list({ commands }: CompoundList, streams: Streams): Promise<number> {
    for (const { command } of commands) await this.#node(command, streams);
    return this.#last;
  }

  async #node(node: PipelineNode | { readonly type: string }, streams: Streams): Promise<number> {
    const command = node as CommandNode | PipelineNode | import("unbash").AndOr;
    switch (command.type) {
      case "AndOr":
        this.#last = await this.#node(command.commands[0], streams);
        for (const [i, operator] of command.operators.entries()) {
          if ((this.#last === 0) === (operator === "&&")) await this.#node(command.commands[i + 1], streams);
        }
        return this.#last;
      case "Pipeline": {
        let stdin = streams.stdin;
        for (const [i, part] of command.commands.entries()) {
          let text = "";
          const last = i === command.commands.length - 1;
          const out = last ? streams.out : (more: string) => void (text += more);
          await this.#node(part, { stdin, out, err: streams.err });
          stdin = text;
        }
        if (command.prefixes.some(({ type }) => type === "Negation")) this.#last = this.#last === 0 ? 1 : 0;
        return this.#last;
      }
      case "Redirected":
        return await this.#node(command.command, await this.#redirect(command.redirects, streams));
      case "BraceGroup":
      case "Subshell":
        return await this.#list(command.body, streams);
      case "If": {
        for (const { clause, then } of [command, ...command.elif]) {
          if (await this.#list(clause, streams) === 0) return await this.#list(then, streams);
        }
        this.#last = 0;
        return command.else === undefined ? 0 : await this.#list(command.else, streams);
      }
      case "While":
        return await this.#loop(
          streams,
          command.body,
          async () => (await this.#list(command.clause, streams) === 0) === (command.kind === "while"),
        );
      case "For": {
        const words: string[] = [];
        for (const word of command.wordlist ?? []) words.push(...await this.#words(word));
        this.process.loops--;
        return await this.#loop(streams, command.body, () => {
          const next = words.shift();
          if (next !== undefined) this.variables.set(command.name.value, next);
          return Promise.resolve(next !== undefined);
        }).finally(() => this.process.loops++);
      }
      case "Command":
        return this.#last = await this.#command(command, streams);
      default:
        streams.err(`sh: ${command.type} is not supported here\n`);
        return this.#last = 2;
    }
  }

  async #loop(streams: Streams, body: CompoundList, goesOn: () => Promise<boolean>): Promise<number> {
    this.process.loops++;
    try {
      while (await goesOn()) {
        if (++this.#iterations % BUSY_ITERATIONS === 0) await this.process.sleep(BUSY_MS);
        try {
          await this.#list(body, streams);
        } catch (error) {
          if (!(error instanceof LoopControl)) throw error;
          if (error.kind === "break") break;
        }
      }
    } finally {
      this.process.loops--;
    }
    return this.#last = 0;
  }

  async #command(command: import("unbash").Command, outer: Streams): Promise<number> {
    const streams = await this.#redirect(command.redirects, outer);
    const assignments = command.prefix.filter((part): part is Assignment => part.type === "Assignment");
    for (const { name, value } of assignments) {
      if (value.type === "Word") this.#assign(name, (await this.#words(value)).join(" "));
    }
    if (command.name === undefined) return 0;
    const [name, ...words] = await this.#words(command.name);
    for (const arg of command.args) words.push(...arg.type === "Word" ? await this.#words(arg) : [arg.text]);
    if (name === undefined) return 0;
    return await this.#builtin(name, words, streams) ?? await this.#program(name, words, streams);
  }

  async #builtin(name: string, args: readonly string[], streams: Streams): Promise<number | undefined> {
    switch (name) {
      case "exit":
        throw new Ended({ code: Number(args[0] ?? this.#last) & 255 });
      case "break":
      case "continue":
        throw new LoopControl(name);
      case "export":
      case "readonly":
      case "local":
        for (const arg of args) {
          const equals = arg.indexOf("=");
          if (equals > 0) this.#assign(arg.slice(0, equals), arg.slice(equals + 1));
        }
        return 0;
      case "set":
      case "cd":
      case "wait":
      case "umask":
        return 0;
      case "trap":
        for (const signal of args.slice(1)) this.#trap(args[0], signal, streams);
        return 0;
      case "exec":
        throw new Ended({ code: args.length === 0 ? 0 : await this.#program(args[0], args.slice(1), streams) });
      case "eval":
        return await this.run(args.join(" "), streams);
      case "test":
      case "[":
        return test(args.filter((arg) => arg !== "]"), this.process) ? 0 : 1;
      default:
        return undefined;
    }
  }

  #trap(script: string, signal: string, streams: Streams): void {
    const name = `SIG${signal.replace(/^SIG/, "")}`;
    if (name !== "SIGTERM" && name !== "SIGINT" && name !== "SIGHUP" && name !== "SIGQUIT") return;
    this.process.trap(name, () => {
      this.run(script, streams).catch((error) => this.process.end(error instanceof Ended ? error.status : { code: 1 }));
    });
  }

  async #program(name: string, args: readonly string[], { stdin, out, err }: Streams): Promise<number> {
    if (name === "sh" || name === "bash" || name === "/bin/sh" || name === "/bin/bash") {
      const script = args[0] === "-c" ? args[1] : fileIn(this.process, args[0] ?? "") ?? "";
      return await new Shell(this.process, this.find, Object.fromEntries(this.variables)).run(script, {
        stdin,
        out,
        err,
      })
        .catch((error) => {
          // An exit of the inner shell ends that one alone.
          if (error instanceof Ended && this.process.ended === undefined) return error.status.code;
          throw error;
        });
    }
    const io: ProgramIO = { stdin, out, err, env: this.variables };
    const program = PROGRAMS[name.slice(name.lastIndexOf("/") + 1)];
    if (program !== undefined) return await program(args, this.process, io);
    const served = this.find(name);
    if (served !== undefined) return await served(args);
    err(`sh: ${name}: not found\n`);
    return 127;
  }

  #assign(name: string, value: string): void {
    this.variables.set(name, value);
    if (value.length < 1 << 16) return;
    let used = 0;
    for (const text of this.variables.values()) used += text.length;
    this.process.use(used);
    if (used > LONGEST) this.process.machine.outOfMemory();
  }

  async #redirect(redirects: readonly Redirection[], streams: Streams): Promise<Streams> {
    let { stdin, out, err } = streams;
    for (const redirect of redirects) {
      if (redirect.type === "HereString") {
        stdin = `${redirect.target ? (await this.#words(redirect.target)).join(" ") : ""}\n`;
      }
      if (redirect.type === "HereDoc") stdin = redirect.body.text;
      if (redirect.type !== "Redirect" || redirect.target === undefined) continue;
      const [target] = await this.#words(redirect.target);
      const descriptor = redirect.descriptor?.type === "FileDescriptor" ? redirect.descriptor.value : undefined;
      if (redirect.operator === "<") stdin = fileIn(this.process, target) ?? "";
      else if (redirect.operator === ">&") {
        if (target === "1") err = out;
        else if (target === "2") out = err;
      } else {
        const write = this.#writer(target, redirect.operator === ">>" || redirect.operator === "&>>", streams);
        if (redirect.operator.startsWith("&") || descriptor === 2) err = write;
        if (descriptor !== 2) out = write;
      }
    }
    return { stdin, out, err };
  }

  #writer(path: string, append: boolean, streams: Streams): (text: string) => void {
    if (path === "/dev/null") return () => {};
    if (path === "/dev/stdout" || path === "/proc/1/fd/1") return streams.out;
    if (path === "/dev/stderr" || path === "/proc/1/fd/2") return streams.err;
    let text = append ? fileIn(this.process, path) ?? "" : "";
    const write = (more: string) => {
      text += more;
      if (!writeFileIn(this.process, path, text)) streams.err(`sh: can't create ${path}: Read-only file system\n`);
    };
    write("");
    return write;
  }

  #words(word: Word): Promise<string[]> {
    return expandWord(word, {
      value: (name) => name === "?" ? String(this.#last) : name === "$" ? "1" : this.variables.get(name) ?? "",
      output: async (script) => {
        let text = "";
        await this.run(script, { stdin: "", out: (more) => void (text += more), err: () => {} });
        return text;
      },
    });
  }
}
