/** Runs a program of an image that serves, until it is told to stop. */
import type { Server, ServerContext } from "../../images/image.ts";
import { FileError } from "../files/entry.ts";
import { Ended } from "../process.ts";
import { encodeText } from "../streams.ts";
import type { ProgramContext } from "./program.ts";
import { addressOf, connect, originOf } from "./reaching.ts";

/** Signals that end a server in good order. */
const STOPPING = ["SIGTERM", "SIGINT", "SIGQUIT", "SIGWINCH"] as const;

/** How long a server waits for another one, in milliseconds. */
const CONNECT_TIMEOUT = 60_000;

export async function serve(
  server: Server,
  name: string,
  args: readonly string[],
  context: ProgramContext,
): Promise<number> {
  const { process, stdout, stderr, env } = context;
  const { machine } = process;
  if (args[0] === "-s") return signalRunning(args[1], context);
  const { config, clock } = machine;
  const isTaken = (port: number) => machine.listener(port) !== undefined || config.isTaken?.(port) === true;
  const given: ServerContext = {
    isTaken,
    args,
    env: Object.fromEntries(env),
    tag: config.imageTag ?? "latest",
    pid: process.pid,
    hostname: config.hostname,
    podIP: config.podIP,
    takePid: () => machine.takePid() ?? 0,
    now: () => clock.now(),
    out: (line) => void stdout.write(encodeText(`${line}\n`)),
    err: (line) => void stderr.write(encodeText(`${line}\n`)),
    // What nobody changed is as the image has it.
    readFile: (path) => machine.untouched(path) ? config.image.files[path] : machine.files.readText(path),
    names(folder) {
      try {
        return machine.files.names(folder);
      } catch (error) {
        if (error instanceof FileError) return [];
        throw error;
      }
    },
    writeFile: (path, text) => machine.files.write(path, text),
    every: (ms, task) => void repeat(ms, task, context),
    after: (ms, task) => void once(ms, task, context),
    exit: (code) => process.end({ code }),
    resolve: (host) => addressOf(host, context),
    connect: (address, port, ms = CONNECT_TIMEOUT) => connect(address, port, ms, context),
    // For most containers the answer is known without making their files.
    refusal: (folder) =>
      config.readOnlyRoot || (config.user ?? 0) !== 0 ? machine.files.refusal(folder, config.user) : undefined,
    apiServer: config.apiServer,
    proxyTable: () => config.network?.proxyTable?.(originOf(context)),
  };
  const serving = await server(given);
  if (typeof serving === "number") return serving;
  const taken = serving.ports.find(isTaken);
  if (taken !== undefined) {
    given.err(`${name}: bind() to 0.0.0.0:${taken} failed (98: Address already in use)`);
    return 1;
  }
  machine.listeners.set(serving, process);
  process.cpu = serving.cpu ?? 0;
  if (serving.memory) process.claim(serving.memory);
  for (const signal of STOPPING) {
    process.trap(signal, () => process.end({ code: serving.stop?.(signal) ?? 0 }));
  }
  process.trap("SIGHUP", () => void serving.reload?.());
  await process.sleep();
  return 0;
}

async function repeat(ms: number, task: () => void, { process }: ProgramContext): Promise<void> {
  process.repeat();
  try {
    for (;;) {
      await process.sleep(ms);
      task();
    }
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
  }
}

async function once(ms: number, task: () => void, { process }: ProgramContext): Promise<void> {
  try {
    await process.sleep(ms);
    task();
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
  }
}

/** `nginx -s reload` */
function signalRunning(what: string | undefined, { process }: ProgramContext): number {
  const [, running] = [...process.machine.listeners][0] ?? [];
  if (running === undefined) return 1;
  running.signal(what === "reload" ? "SIGHUP" : what === "quit" ? "SIGQUIT" : "SIGTERM");
  return 0;
}
