/**
 * A runtime without files and without a network: it knows what images serve, a handful of small programs and a small
 * shell. Enough for pods to start, work, fail, be asked and be stopped as they are on a real node.
 */
import type { Clock } from "../../clock.ts";
import type { Service } from "../images/image.ts";
import { fileIn, PROGRAMS } from "./programs.ts";
import type { ContainerConfig, ContainerProcess, HttpRequest, Output, Process, Runtime, Usage } from "./runtime.ts";
import { StartError } from "./runtime.ts";
import { type FindProgram, Shell } from "./shell.ts";
import { Ended, type Machine, SimpleProcess } from "./simple_process.ts";

const SHELLS: readonly string[] = ["sh", "bash", "ash"];

export const simpleRuntime: Runtime = {
  start(config, output, clock) {
    return new SimpleContainer(config, output, clock);
  },
};

class SimpleContainer implements ContainerProcess {
  readonly #machine: Machine;
  readonly #main: SimpleProcess;

  constructor(readonly config: ContainerConfig, output: Output, clock: Clock) {
    this.#machine = {
      config,
      clock,
      startedAt: clock.now(),
      services: new Set(),
      files: new Map(Object.entries(config.image.files)),
      outOfMemory: () => this.#main.end({ code: 137, outOfMemory: true }),
    };
    const { image, command, args } = config;
    const argv = [...command ?? image.entrypoint, ...args ?? (command === undefined ? image.command : [])];
    this.#main = this.#spawn(argv, output, true);
  }

  onExit(listener: Parameters<Process["onExit"]>[0]): void {
    this.#main.onExit(listener);
  }

  signal(name: Parameters<Process["signal"]>[0]): void {
    this.#main.signal(name);
  }

  exec(command: readonly string[], output: Output): Process {
    return this.#spawn(command, output, false);
  }

  listens(port: number): boolean {
    return this.#service(port) !== undefined;
  }

  http({ port, path }: HttpRequest) {
    const service = this.#service(port);
    if (service?.pages === undefined && service?.root === undefined) return undefined;
    const [name] = path.split("?");
    const file = service.root === undefined
      ? undefined
      : `${service.root}${name}${name.endsWith("/") ? "index.html" : ""}`;
    const body = service.pages?.[name] ?? (file === undefined ? undefined : fileIn(this.#main, file));
    const headers = { "content-type": "text/html" };
    return body === undefined ? { status: 404, headers, body: "404 page not found\n" } : { status: 200, headers, body };
  }

  readFile(path: string): string | undefined {
    return fileIn(this.#main, path);
  }

  usage(): Usage {
    const serving = this.#machine.services.size > 0;
    return { cpu: serving ? 1 : 0, memory: this.config.image.memory + this.#main.memory };
  }

  #service(port: number): Service | undefined {
    return [...this.#machine.services].find(({ ports }) => ports.includes(port));
  }

  #spawn([name, ...args]: readonly string[], output: Output, first: boolean): SimpleProcess {
    const process = new SimpleProcess(this.#machine, output, first);
    const { image, env } = this.config;
    const base = name?.slice(name.lastIndexOf("/") + 1) ?? "";
    const io = { stdin: "", out: output.stdout, err: output.stderr, env: new Map(Object.entries(env)) };
    const find: FindProgram = (program) => {
      const service = image.services[program] ?? image.services[program.slice(program.lastIndexOf("/") + 1)];
      return service === undefined ? undefined : () => this.#serve(service, process);
    };
    const served = find(name ?? "");
    if (served !== undefined) return process.run(() => served(args));
    if (image.shell && SHELLS.includes(base)) {
      // A shell that somebody may talk to waits for what they say.
      if (args.length === 0 && first && this.config.stdin) return process.run(async () => (await process.sleep(), 0));
      return process.run(() => new Shell(process, find, env).run(scriptOf(args), io));
    }
    // What an image starts by itself is there, even where nothing is known of what it does.
    const own = this.config.command === undefined && first;
    const program = image.shell || own ? PROGRAMS[base] : undefined;
    if (program !== undefined) return process.run(async () => await program(args, process, io));
    if (own) return process.run(() => Promise.resolve(0));
    throw new StartError(notFound(name ?? ""));
  }

  async #serve(service: Service, process: SimpleProcess): Promise<number> {
    const { env } = this.config;
    if (service.needs !== undefined && !service.needs.env.some((name) => env[name])) {
      process.output.stderr(`${service.needs.message}\n`);
      return 1;
    }
    for (const line of service.greeting ?? []) process.output.stdout(`${line}\n`);
    this.#machine.services.add(service);
    process.trap("SIGTERM", () => process.end({ code: 0 }));
    process.trap("SIGQUIT", () => process.end({ code: 0 }));
    try {
      await process.sleep();
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
    } finally {
      this.#machine.services.delete(service);
    }
    return 0;
  }
}

/** `-c SCRIPT`, with any options before; a shell without a script and without a terminal has nothing to do. */
function scriptOf(args: readonly string[]): string {
  const c = args.findIndex((arg) => /^-[a-z]*c[a-z]*$/.test(arg));
  return c < 0 ? "" : args[c + 1] ?? "";
}

/** In runc's words. */
const notFound = (name: string) =>
  name.includes("/")
    ? `exec: ${JSON.stringify(name)}: stat ${name}: no such file or directory`
    : `exec: ${JSON.stringify(name)}: executable file not found in $PATH`;
