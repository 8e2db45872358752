/** What `ps` and `top` show: processes with their owners, times and titles, as busybox and procps print them. */
import { baseName } from "../files/file_system.ts";
import { NODE_CPUS, NODE_MEMORY_KB } from "../node_hardware.ts";
import type { Process } from "../process.ts";
import { userName } from "../users.ts";
import { fail, out, type Program, type ProgramContext } from "./program.ts";
import { isBusybox } from "./names.ts";

export interface Row {
  readonly pid: number;
  readonly ppid: number;
  readonly user: string;
  /** The words that it was started with, or what it calls itself. */
  readonly title: string;
  readonly comm: string;
  /** Milliseconds of the clock. */
  readonly startedAt: number;
  /** Bytes. */
  readonly memory: number;
  /** Thousandths of a CPU. */
  readonly cpu: number;
  readonly terminal: boolean;
}

/** All processes that a container sees; a server's workers among them. */
function processRows({ process: { machine } }: ProgramContext): readonly Row[] {
  // Users have the names that they have where one looks.
  const nameOf = (uid: number) => userName(machine.files, uid) ?? String(uid);
  return [...machine.processes.values()].flatMap((one) => rowsOf(one, nameOf)).sort((a, b) => a.pid - b.pid);
}

function rowsOf(process: Process, nameOf: (uid: number) => string): readonly Row[] {
  const { machine, pid, parent, argv, startedAt, memory, cpu, options } = process;
  const serving = [...machine.listeners].find(([, owner]) => owner === process)?.[0];
  const { user: uid = 0 } = machine.config;
  const base = baseName(argv[0] ?? "");
  const own: Row = {
    pid,
    ppid: parent?.pid ?? 0,
    user: nameOf(uid),
    title: serving?.title ?? argv.join(" "),
    comm: base,
    startedAt,
    memory: memory + (machine.main === process ? machine.config.image.memory : 0),
    cpu,
    terminal: options.terminal !== undefined,
  };
  const workers = (serving?.workers ?? []).map((worker): Row => ({
    ...own,
    pid: worker.pid,
    ppid: pid,
    user: nameOf(uid === 0 ? worker.uid : uid),
    title: worker.title,
    memory: 0,
    cpu: 0,
  }));
  return [own, ...workers];
}

type Column = { readonly title: string; readonly width: number; readonly value: (row: Row, now: number) => string };

const clockTime = (ms: number) => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (number: number) => String(number).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
};
const startTime = ({ startedAt }: Row) => new Date(startedAt).toISOString().slice(11, 16);
const usedTime = ({ cpu, startedAt }: Row, now: number) => (now - startedAt) * cpu / 1000;
const tty = ({ terminal }: Row) => terminal ? "pts/0" : "?";
const kilobytes = ({ memory }: Row) => String(Math.round(memory / 1024));

/** Positive widths are those of numbers, which end where their column does. */
const COLUMNS: Readonly<Record<string, Column>> = {
  pid: { title: "PID", width: 7, value: ({ pid }) => String(pid) },
  ppid: { title: "PPID", width: 7, value: ({ ppid }) => String(ppid) },
  user: { title: "USER", width: -8, value: ({ user }) => user },
  uid: { title: "UID", width: -8, value: ({ user }) => user },
  "%cpu": { title: "%CPU", width: 4, value: ({ cpu }) => (cpu / 10).toFixed(1) },
  "%mem": { title: "%MEM", width: 4, value: ({ memory }) => (memory / 1024 / NODE_MEMORY_KB * 100).toFixed(1) },
  vsz: { title: "VSZ", width: 6, value: kilobytes },
  rss: { title: "RSS", width: 5, value: kilobytes },
  tty: { title: "TTY", width: -8, value: tty },
  stat: { title: "STAT", width: -4, value: ({ pid }) => pid === 1 ? "Ss" : "S" },
  start: { title: "START", width: -5, value: startTime },
  stime: { title: "STIME", width: -5, value: startTime },
  time: { title: "TIME", width: 8, value: (row, now) => clockTime(usedTime(row, now)) },
  c: { title: "C", width: 2, value: ({ cpu }) => String(Math.floor(cpu / 10)) },
  comm: { title: "COMMAND", width: -15, value: ({ comm }) => comm },
  cmd: { title: "CMD", width: -27, value: ({ title }) => title },
  args: { title: "COMMAND", width: -27, value: ({ title }) => title },
};
const ALIASES: Readonly<Record<string, string>> = {
  command: "args",
  ucmd: "comm",
  pcpu: "%cpu",
  pmem: "%mem",
  ruser: "user",
  euser: "user",
  etime: "time",
};

export const ps: Program = async (args, context) => {
  const rows = processRows(context);
  const now = context.process.machine.clock.now();
  const flags = args.filter((_, i) => args[i - 1] !== "-o").join("").replaceAll("-", "");
  const at = args.findIndex((arg) => /^-?[a-z]*o$/.test(arg));
  const asked = at >= 0 ? args[at + 1]?.split(/[,\s]+/) : undefined;
  const attached = args.map((arg) => /^-o(.+)$/.exec(arg)?.[1]).find(Boolean)?.split(",");
  const wanted = (asked ?? attached)?.map((name) => name.replace(/=.*$/, "").toLowerCase());
  if (wanted === undefined && isBusybox(context.process.machine.config.image)) {
    return await busyboxPs(rows, now, context);
  }
  const names = wanted ??
    (flags.includes("u")
      ? ["user", "pid", "%cpu", "%mem", "vsz", "rss", "tty", "stat", "start", "time", "args"]
      : flags.includes("f")
      ? ["uid", "pid", "ppid", "c", "stime", "tty", "time", "cmd"]
      : flags.includes("x")
      ? ["pid", "tty", "stat", "time", "args"]
      : ["pid", "tty", "time", "cmd"]);
  const columns = names.map((name) => COLUMNS[ALIASES[name] ?? name]);
  const unknown = names.find((_, i) => columns[i] === undefined);
  if (unknown !== undefined) return await fail(context, `error: unknown user-defined format specifier "${unknown}"`);
  const shown = wanted !== undefined || /[aAex]/.test(flags) ? rows : rows.filter(({ terminal }) => terminal);
  const line = (texts: readonly string[]) =>
    texts.map((text, i) => {
      const { width } = columns[i];
      return width > 0 ? text.padStart(width) : i === columns.length - 1 ? text : text.padEnd(-width);
    }).join(" ");
  await out(context, `${line(columns.map(({ title }) => title))}\n`);
  for (const row of shown) await out(context, `${line(columns.map(({ value }) => value(row, now)))}\n`);
  return 0;
};

/** busybox' own shows all processes, whatever it is told. */
async function busyboxPs(rows: readonly Row[], now: number, context: ProgramContext): Promise<number> {
  await out(context, "PID   USER     TIME  COMMAND\n");
  for (const row of rows) {
    const seconds = Math.floor(usedTime(row, now) / 1000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    await out(context, `${String(row.pid).padStart(5)} ${row.user.padEnd(8)} ${time.padStart(5)} ${row.title}\n`);
  }
  return 0;
}

/** What is typed within `ms` milliseconds. */
async function pressed({ process, stdin }: ProgramContext, ms: number): Promise<string | undefined> {
  const timer = process.sleep(ms).then(() => undefined);
  return stdin.isTerminal ? await process.wait(Promise.race([stdin.read(), timer])) : await timer;
}

const REFRESH = 5000;

export const top: Program = async (args, context) => {
  const { process, stdin } = context;
  const flags = args.join(" ");
  const limit = Number(/-n\s*(\d+)/.exec(flags)?.[1] ?? (stdin.isTerminal ? Infinity : 1));
  if (limit === Infinity) process.repeat();
  const { terminal } = process.options;
  if (terminal !== undefined) terminal.raw = true;
  process.onExit(() => {
    if (terminal !== undefined) terminal.raw = false;
  });
  for (let turn = 1;; turn++) {
    const rows = processRows(context).toSorted((a, b) => b.cpu - a.cpu);
    const used = rows.reduce((sum, { memory }) => sum + memory, 0) / 1024;
    const cpu = rows.reduce((sum, row) => sum + row.cpu, 0) / 10 / NODE_CPUS;
    const lines = [
      `Mem: ${Math.round(NODE_MEMORY_KB / 4 + used)}K used, ${
        Math.round(NODE_MEMORY_KB * 3 / 4 - used)
      }K free, 0K shrd, 0K buff, 0K cached`,
      `CPU: ${cpu.toFixed(0).padStart(3)}% usr   0% sys   0% nic ${
        (100 - cpu).toFixed(0).padStart(3)
      }% idle   0% io   0% irq   0% sirq`,
      `Load average: ${(cpu / 25).toFixed(2)} 0.00 0.00 1/${rows.length} ${process.pid}`,
      "  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND",
      ...rows.map(({ pid, ppid, user, memory, cpu, title }) =>
        `${String(pid).padStart(5)} ${String(ppid).padStart(5)} ${user.padEnd(8)} ${cpu > 0 ? "R" : "S"} ${
          String(Math.round(memory / 1024)).padStart(8)
        } ${(memory / 1024 / NODE_MEMORY_KB * 100).toFixed(0).padStart(3)}%   0 ${
          (cpu / 10 / NODE_CPUS).toFixed(0).padStart(3)
        }% ${title}`
      ),
    ];
    await out(context, `${stdin.isTerminal ? "\x1b[H\x1b[J" : ""}${lines.join("\n")}\n`);
    if (turn >= limit) return 0;
    const key = await pressed(context, REFRESH);
    if (key?.includes("q")) return 0;
  }
};
