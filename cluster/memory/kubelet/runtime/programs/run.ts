/** Finds a program by its name or path and runs it in a process. */
import { FileError, textOf } from "../files/entry.ts";
import { baseName } from "../files/file_system.ts";
import { BrokenPipe } from "../streams.ts";
import { ARCHIVES } from "./archive.ts";
import { LISTING } from "./listing.ts";
import { BASIC } from "./basic.ts";
import { notFoundText } from "./dialect.ts";
import { ECHOES } from "./echoes.ts";
import { FLOWING } from "./flowing.ts";
import { httpd } from "./httpd.ts";
import { BORROWED, hasProgram } from "./names.ts";
import { chroot } from "./chroot.ts";
import { curl } from "./curl.ts";
import { IPTABLES } from "./iptables.ts";
import { MACHINE_USE } from "./machine_use.ts";
import { NAME_LOOKUPS } from "./name_lookups.ts";
import { nc } from "./nc.ts";
import { PROCESSES } from "./processes.ts";
import { fail, pathOf, type Program, type ProgramContext } from "./program.ts";
import { redisCli } from "./redis_cli.ts";
import { serve } from "./server.ts";
import { SYSTEM } from "./system.ts";
import { mysql } from "./sql/mysql.ts";
import { psql } from "./sql/psql.ts";
import { TOOLS } from "./tools.ts";
import { VIEWING } from "./viewing.ts";
import { wget } from "./wget.ts";

/** A shell takes long to load, and most containers need none. */
const shell = (name: string): Program => async (args, context) => {
  const { shellProgram } = await context.process.machine.clock.track(import("./shell_program.ts"));
  return await shellProgram(name)(args, context);
};

const PROGRAMS: Readonly<Record<string, Program>> = Object.assign(
  Object.create(null),
  ARCHIVES,
  BASIC,
  LISTING,
  FLOWING,
  PROCESSES,
  SYSTEM,
  NAME_LOOKUPS,
  ECHOES,
  IPTABLES,
  MACHINE_USE,
  VIEWING,
  TOOLS,
  { chroot, curl, wget, nc, telnet: nc, httpd, mysql, mariadb: mysql, psql, "redis-cli": redisCli },
  Object.fromEntries(["sh", "ash", "bash", "zsh", "dash"].map((name) => [name, shell(name)])),
  // Without a shell, as a probe runs them; a shell has its own.
  Object.fromEntries(["test", "["].map((name): [string, Program] => [
    name,
    (args, context) => shell("sh")(["-c", `${name} "$@"`, name, ...args], context),
  ])),
  {
    busybox: (args: readonly string[], context: ProgramContext) =>
      args.length === 0 ? fail(context, "BusyBox v1.36.1 multi-call binary.", 0) : runProgram(args, context),
  },
);

/** The names of our own programs, which just-bash's `xargs` and `find` may run. */
export const OWN_PROGRAMS: readonly string[] = Object.keys(PROGRAMS);

/** Runs a program by its name or path. @returns its exit code */
export async function runProgram(words: readonly string[], context: ProgramContext): Promise<number> {
  const [name = "", ...args] = words;
  try {
    return await find(name, args, context);
  } catch (error) {
    if (error instanceof BrokenPipe) return 141;
    if (error instanceof FileError) return await fail(context, `${name}: ${error.reason}`);
    throw error;
  }
}

/** In the words of the shell that was asked. */
const notFound = (name: string, context: ProgramContext) =>
  fail(context, notFoundText(context.process.machine, context.shellName, name), 127);

async function find(name: string, args: readonly string[], context: ProgramContext): Promise<number> {
  const { machine } = context.process;
  const { image } = machine.config;
  const base = baseName(name);
  const server = image.programs[name] ?? (name.includes("/") ? image.programs[base] : undefined);
  if (server !== undefined) return await serve(server, name, args, context);
  if (name.includes("/")) {
    const entry = machine.files.find(pathOf(context, name));
    if (entry === undefined) return await notFound(name, context);
    if (entry.kind !== "file" || (entry.mode & 0o111) === 0) {
      return await fail(context, `${context.shellName}: ${name}: Permission denied`, 126);
    }
    if (entry.content.length > 0) return await script(name, textOf(entry.content), args, context);
  }
  if (!hasProgram(machine, base)) {
    const file = pathInPath(base, context);
    if (file !== undefined) return await script(file, machine.files.readText(file)!, args, context);
    return await notFound(name, context);
  }
  const program = PROGRAMS[base];
  if (program !== undefined) return await program(args, context);
  if (BORROWED.has(base)) {
    const { runBorrowed } = await machine.clock.track(import("./borrowed.ts"));
    return await runBorrowed(base, args, context);
  }
  return await notFound(name, context);
}

/** A program that somebody wrote into a folder of the PATH. */
function pathInPath(name: string, { env, process }: ProgramContext): string | undefined {
  const folders = (env.get("PATH") ?? "").split(":").filter((folder) => folder !== "");
  return folders.map((folder) => `${folder}/${name}`).find((path) => {
    const entry = process.machine.files.find(path);
    return entry?.kind === "file" && (entry.mode & 0o111) !== 0 && entry.content.length > 0;
  });
}

async function script(path: string, text: string, args: readonly string[], context: ProgramContext): Promise<number> {
  const [, interpreter, option] = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(text) ?? [];
  const base = interpreter && baseName(interpreter);
  const real = base === "env" ? option : base;
  if (real !== undefined && !["sh", "bash", "ash", "dash", "zsh"].includes(real)) {
    return await runProgram([real, path, ...args], context);
  }
  return await shell("sh")([path, ...args], context);
}
