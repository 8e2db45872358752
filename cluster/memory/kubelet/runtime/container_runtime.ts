/**
 * The runtime: a container is an image's files, a first process and what that starts. Programs that serve are an
 * image's own; the others come from a shell's world, and nothing of it is made before somebody needs it.
 */
import type { Clock } from "../../clock.ts";
import { runProgram } from "./programs/run.ts";
import { hasProgram } from "./programs/names.ts";
import { baseName } from "./files/file_system.ts";
import { Machine } from "./machine.ts";
import { Process } from "./process.ts";
import {
  type ContainerConfig,
  type ContainerProcess,
  type GrpcHealth,
  type HttpRequest,
  type Input,
  type Limits,
  type Output,
  type Process as Controls,
  type Runtime,
  StartError,
  type Usage,
} from "./runtime.ts";
import { NO_NETWORK } from "./network.ts";
import { fromBytes, NO_INPUT, Pipe, type Sink, toBytes } from "./streams.ts";
import { Terminal } from "./terminal.ts";

export const containerRuntime: Runtime = {
  start: (config, output, clock) => new RunningContainer({ network: NO_NETWORK, ...config }, output, clock),
};

type Signal = Parameters<Controls["signal"]>[0];

class RunningContainer implements ContainerProcess {
  readonly machine: Machine;
  readonly #main: Process;
  readonly #clients = new Set<Output>();
  readonly #stdin: Pipe | undefined;
  readonly #terminal: Terminal | undefined;

  constructor(readonly config: ContainerConfig, output: Output, clock: Clock) {
    const target = config.target instanceof RunningContainer ? config.target.machine : undefined;
    const machine = this.machine = new Machine(config, clock, target);
    const { image, command, args } = config;
    const argv = [...command ?? image.entrypoint, ...args ?? (command === undefined ? image.command : [])];
    check(machine, argv);
    this.#clients.add(output);
    const stdout = this.#broadcast("stdout");
    if (config.tty) {
      this.#terminal = new Terminal({
        show: (bytes) => void stdout.write(bytes),
        signal: (name) => this.#main.interrupt(name),
      });
    }
    if (config.stdin) this.#stdin = this.#terminal?.input ?? new Pipe();
    const outputs = this.#terminal === undefined
      ? { stdout, stderr: this.#broadcast("stderr") }
      : { stdout: this.#terminal.output, stderr: this.#terminal.output };
    machine.setOutputs(outputs);
    this.#main = machine.main = new Process(machine, { argv, terminal: this.#terminal });
    this.#main.onExit(() => {
      this.#stdin?.end();
      machine.shutDown();
    });
    this.#run(this.#main, argv, { stdin: this.#stdin ?? NO_INPUT, ...outputs });
  }

  onExit(listener: Parameters<Controls["onExit"]>[0]): void {
    this.#main.onExit(listener);
  }

  /** The signal that stops a container is the image's to choose. */
  signal(name: Signal): void {
    const { stopSignal } = this.config.image;
    this.#main.signal(name === "SIGTERM" && stopSignal !== undefined ? stopSignal as Signal : name);
  }

  exec(command: readonly string[], output: Output, input: Input = {}): Controls {
    const { machine } = this;
    check(machine, command);
    const stdout = sinkOf(output, "stdout");
    let terminal: Terminal | undefined;
    let process: Process | undefined;
    if (input.tty) {
      terminal = new Terminal({
        show: (bytes) => void stdout.write(bytes),
        signal: (name) => process?.interrupt(name),
      });
    }
    const stdin = input.stdin === undefined ? undefined : terminal?.input ?? new Pipe();
    try {
      process = new Process(machine, { argv: command, terminal });
    } catch (error) {
      throw new StartError((error as Error).message);
    }
    const outputs = terminal === undefined
      ? { stdout, stderr: sinkOf(output, "stderr") }
      : { stdout: terminal.output, stderr: terminal.output };
    if (stdin !== undefined) {
      void this.#feed(
        input,
        (bytes) => terminal === undefined ? stdin.write(bytes) : terminal.type(bytes),
        () => stdin.end(),
      );
      process.onExit(() => stdin.close());
    }
    if (terminal !== undefined) followSize(input, terminal);
    return this.#run(process, command, { stdin: stdin ?? NO_INPUT, ...outputs });
  }

  attach(output: Output, input: Input = {}): Controls {
    this.#clients.add(output);
    const main = this.#main;
    const [stdin, terminal] = [this.#stdin, this.#terminal];
    if (terminal !== undefined) followSize(input, terminal);
    if (input.stdin !== undefined && stdin !== undefined) {
      void this.#feed(
        input,
        (bytes) => terminal === undefined ? stdin.write(bytes) : terminal.type(bytes),
        () => this.config.stdinOnce ? stdin.end() : undefined,
      );
    }
    return {
      onExit: (listener) => main.onExit(listener),
      // A client that leaves takes nothing with it.
      signal: () => void this.#clients.delete(output),
    };
  }

  listens(port: number): boolean {
    return this.machine.listener(port) !== undefined;
  }

  async http(request: HttpRequest) {
    return await this.machine.listener(request.port)?.http?.(request);
  }

  certificate(port: number, serverName: string): string | undefined {
    return this.machine.listener(port)?.certificate?.(port, serverName);
  }

  line(port: number, text: string): string | undefined {
    return this.machine.listener(port)?.line?.(text);
  }

  grpcHealth(port: number, service: string): GrpcHealth | undefined {
    return this.machine.listener(port)?.grpcHealth?.(port, service);
  }

  readFile(path: string): string | undefined {
    return this.machine.files.readText(path);
  }

  usage(): Usage {
    const { cpu, memory, disk, own } = this.machine;
    return { cpu, memory, disk, processes: own.length };
  }

  resize(limits: Limits): void {
    this.machine.limits = limits;
    this.machine.checkMemory();
  }

  #run(
    process: Process,
    argv: readonly string[],
    streams: { readonly stdin: Pipe | typeof NO_INPUT; readonly stdout: Sink; readonly stderr: Sink },
  ): Process {
    const env = new Map(Object.entries(this.config.env));
    if (!env.has("HOME")) env.set("HOME", this.#home());
    if (this.#terminal !== undefined || process.options.terminal !== undefined) env.set("TERM", "xterm");
    const cwd = this.config.workingDir ?? "/";
    const [name] = argv;
    return process.run(() => runProgram(argv, { process, env, cwd, shellName: shellNameOf(name), ...streams }));
  }

  #home(): string {
    const { user = 0, image } = this.config;
    return user === 0 ? "/root" : image.users?.find(({ id }) => id === user)?.home ?? "/";
  }

  #broadcast(stream: "stdout" | "stderr"): Sink {
    const sinks = new Map<Output, Sink>();
    return {
      write: (bytes) => {
        for (const client of this.#clients) {
          let sink = sinks.get(client);
          if (sink === undefined) sinks.set(client, sink = sinkOf(client, stream));
          void sink.write(bytes);
        }
      },
    };
  }

  async #feed({ stdin }: Input, write: (bytes: string) => void | Promise<void>, end: () => void): Promise<void> {
    try {
      for await (const chunk of stdin!) await write(fromBytes(chunk));
    } catch {
      // The client has gone, or nobody reads any more.
    }
    end();
  }
}

function followSize({ resizes }: Input, terminal: Terminal): void {
  void (async () => {
    for await (const size of resizes ?? []) terminal.size = size;
  })().catch(() => {});
}

// deno-lint-ignore no-control-regex
const isAscii = (text: string) => /^[\x00-\x7f]*$/.test(text);

/** Bytes as text, where the receiver wants text; characters may come in pieces. */
function sinkOf(output: Output, stream: "stdout" | "stderr"): Sink {
  if (output.bytes !== undefined) return { write: (bytes) => output.bytes!(stream, toBytes(bytes)) };
  let decoder: TextDecoder | undefined;
  return {
    write(bytes) {
      if (decoder === undefined && isAscii(bytes)) return output[stream](bytes);
      decoder ??= new TextDecoder();
      output[stream](decoder.decode(toBytes(bytes), { stream: true }));
    },
  };
}

const shellNameOf = (name = "") => {
  const base = baseName(name);
  return ["bash", "ash", "zsh", "dash"].includes(base) ? base : "sh";
};

/** @throws {StartError} in runc's words, when there is no such program */
function check(machine: Machine, [name = ""]: readonly string[]): void {
  const { image } = machine.config;
  const base = baseName(name);
  if (image.programs[name] !== undefined) return;
  if (!name.includes("/")) {
    if (hasProgram(machine, name)) return;
    throw new StartError(`exec: ${JSON.stringify(name)}: executable file not found in $PATH`);
  }
  if (image.programs[base] !== undefined) return;
  if (image.shell && hasProgram(machine, base) && /^\/(usr\/)?(local\/)?s?bin\//.test(name)) return;
  const entry = machine.files.find(name.startsWith("/") ? name : `${machine.config.workingDir ?? ""}/${name}`);
  if (entry === undefined) {
    throw new StartError(`exec: ${JSON.stringify(name)}: stat ${name}: no such file or directory`);
  }
  if (entry.kind === "folder") throw new StartError(`exec: ${JSON.stringify(name)}: is a directory`);
  if ((entry.mode & 0o111) === 0) throw new StartError(`exec: ${JSON.stringify(name)}: permission denied`);
}
