/**
 * The small programs that containers of the simple runtime have: enough for the commands that manifests use.
 *
 * Each writes what it has to say, waits on the clock and returns its exit code.
 */
import type { SimpleProcess } from "./simple_process.ts";

export interface ProgramIO {
  readonly stdin: string;
  out(text: string): void;
  err(text: string): void;
  readonly env: ReadonlyMap<string, string>;
}

export type Program = (args: readonly string[], process: SimpleProcess, io: ProgramIO) => number | Promise<number>;

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };

/** The milliseconds that `sleep` takes its arguments for, undefined where one is no time. */
function duration(args: readonly string[]): number | undefined {
  let seconds = 0;
  for (const arg of args) {
    if (arg === "infinity" || arg === "inf") return Infinity;
    const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(arg);
    if (match === null) return undefined;
    seconds += Number(match[1]) * UNITS[match[2]];
  }
  return seconds * 1000;
}

const sleep: Program = async (args, process, io) => {
  const ms = duration(args);
  if (ms === undefined || args.length === 0) {
    io.err(`sleep: invalid number '${args[0] ?? ""}'\n`);
    return 1;
  }
  await process.sleep(ms === Infinity ? undefined : ms);
  return 0;
};

const echo: Program = (args, _process, io) => {
  const newline = args[0] !== "-n";
  const escapes = args[0] === "-e";
  let text = args.slice(newline && !escapes ? 0 : 1).join(" ");
  if (escapes) text = text.replaceAll("\\n", "\n").replaceAll("\\t", "\t");
  io.out(newline ? `${text}\n` : text);
  return 0;
};

function readFiles(name: string, args: readonly string[], process: SimpleProcess, io: ProgramIO): string | undefined {
  const paths = args.filter((arg) => !arg.startsWith("-"));
  if (paths.length === 0) return io.stdin;
  let text = "";
  for (const path of paths) {
    const content = fileIn(process, path);
    if (content === undefined) {
      io.err(`${name}: can't open '${path}': No such file or directory\n`);
      return undefined;
    }
    text += content;
  }
  return text;
}

const cat: Program = (args, process, io) => {
  const text = readFiles("cat", args, process, io);
  if (text === undefined) return 1;
  io.out(text);
  return 0;
};

const tail: Program = async (args, process, io) => {
  if (args.includes("-f") || args.includes("-F")) await process.sleep();
  return cat(args.filter((arg) => !/^\d+$/.test(arg)), process, io);
};

const MEGABYTE = 1024 * 1024;
const BYTES: Readonly<Record<string, number>> = { B: 1, K: 1024, M: MEGABYTE, G: 1024 * MEGABYTE };

/** Uses memory as told: `--vm 1 --vm-bytes 250M`, or vish's `-mem-total 250Mi`. */
const stress: Program = async (args, process) => {
  const value = (names: readonly string[]) => args.find((_, i) => names.includes(args[i - 1]));
  const size = /^(\d+)([BKMG]?)i?B?$/i.exec(value(["--vm-bytes", "-mem-total", "--mem-total"]) ?? "");
  const workers = Number(value(["--vm", "-m"]) ?? 1);
  if (size !== null) process.use(Number(size[1]) * BYTES[size[2].toUpperCase() || "B"] * workers);
  const timeout = duration([value(["--timeout", "-t"]) ?? "infinity"]) ?? Infinity;
  await process.sleep(timeout === Infinity ? undefined : timeout);
  return 0;
};

const list = (args: readonly string[], process: SimpleProcess, io: ProgramIO) => {
  const folders = args.filter((arg) => !arg.startsWith("-"));
  for (const folder of folders.length === 0 ? ["/"] : folders) {
    const names = childrenOf(process, folder);
    if (names.length === 0 && fileIn(process, folder) === undefined) {
      io.err(`ls: ${folder}: No such file or directory\n`);
      return 1;
    }
    io.out(names.length === 0 ? `${folder}\n` : `${names.join("\n")}\n`);
  }
  return 0;
};

const copy: Program = (args, process, io) => {
  const paths = args.filter((arg) => !arg.startsWith("-"));
  const target = paths.pop();
  for (const path of paths) {
    const content = fileIn(process, path);
    if (content === undefined || target === undefined) {
      io.err(`cp: can't stat '${path}': No such file or directory\n`);
      return 1;
    }
    writeFileIn(process, target.endsWith("/") ? target + path.slice(path.lastIndexOf("/") + 1) : target, content);
  }
  return 0;
};

const printenv: Program = (args, _process, { env, out }) => {
  if (args.length === 0) { for (const [name, value] of env) out(`${name}=${value}\n`); }
  for (const name of args) {
    if (!env.has(name)) return 1;
    out(`${env.get(name)}\n`);
  }
  return 0;
};

export const PROGRAMS: Readonly<Record<string, Program>> = {
  sleep,
  echo,
  cat,
  tail,
  stress,
  cp: copy,
  ls: list,
  printenv,
  env: (_args, process, io) => printenv([], process, io),
  true: () => 0,
  false: () => 1,
  ":": () => 0,
  pause: async (_args, process) => {
    process.trap("SIGTERM", () => process.end({ code: 0 }));
    await process.sleep();
    return 0;
  },
  hostname: (_args, { machine }, { out }) => (out(`${machine.config.hostname}\n`), 0),
  whoami: (_args, _process, { out }) => (out("root\n"), 0),
  pwd: (_args, { machine }, { out }) => (out(`${machine.config.workingDir ?? "/"}\n`), 0),
  date: (_args, { machine }, { out }) => (out(`${posixDate(machine.clock.now())}\n`), 0),
  printf: (args, _process, { out }) => {
    let next = 1;
    const text = args[0].replaceAll(/%[sd]/g, () => args[next++] ?? "");
    out(text.replaceAll("\\n", "\n").replaceAll("\\t", "\t"));
    return 0;
  },
  touch: (args, { machine }) => (args.forEach((path) => machine.files.set(path, machine.files.get(path) ?? "")), 0),
  rm: (args, { machine }) => (args.forEach((path) => machine.files.delete(path)), 0),
  mkdir: () => 0,
  chmod: () => 0,
};

/** "Thu Jan  1 00:00:00 UTC 2026" */
function posixDate(ms: number): string {
  const [day, date, month, year, time] = new Date(ms).toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} UTC ${year}`;
}

/** A file of the container itself, or of a volume in it. */
export function fileIn({ machine }: SimpleProcess, path: string): string | undefined {
  const own = machine.files.get(path);
  if (own !== undefined) return own;
  for (const { path: mounted, subPath, volume } of machine.config.mounts) {
    const root = mounted.replace(/\/$/, "");
    if (path !== root && !path.startsWith(`${root}/`)) continue;
    const inside = [subPath, path.slice(root.length + 1)].filter(Boolean).join("/");
    const content = volume.files.get(inside);
    if (content !== undefined) return typeof content === "string" ? content : new TextDecoder().decode(content);
  }
  return undefined;
}

/** Writes a file where the path leads: into a volume, or into the container itself. */
export function writeFileIn({ machine }: SimpleProcess, path: string, text: string): boolean {
  for (const { path: mounted, subPath, volume, readOnly } of machine.config.mounts) {
    const root = mounted.replace(/\/$/, "");
    if (!path.startsWith(`${root}/`)) continue;
    if (readOnly) return false;
    volume.files.set([subPath, path.slice(root.length + 1)].filter(Boolean).join("/"), text);
    return true;
  }
  machine.files.set(path, text);
  return true;
}

function childrenOf({ machine }: SimpleProcess, folder: string): string[] {
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  const paths = [...machine.files.keys()];
  for (const { path, volume } of machine.config.mounts) {
    for (const name of volume.files.keys()) paths.push(`${path}/${name}`);
  }
  const names = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length).split("/")[0]);
  return [...new Set(names)].sort();
}
