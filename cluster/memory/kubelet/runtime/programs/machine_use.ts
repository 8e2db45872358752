/** What is used of the machine: `free`, `df`, `mount`, `netstat` and `ss`. */
import { baseName } from "../files/file_system.ts";
import { NODE_MEMORY_KB } from "../node_hardware.ts";
import { isBusybox } from "./names.ts";
import { fail, out, type Program, type ProgramContext } from "./program.ts";

/** Kilobytes. */
const DISK = { size: 102_400_000, used: 20_480_000 };

/** "10.0M" for kilobytes. */
function human(kilobytes: number): string {
  if (kilobytes === 0) return "0";
  const units = ["K", "M", "G", "T"];
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, kilobytes)) / Math.log(1024)));
  return `${(kilobytes / 1024 ** power).toFixed(1)}${units[power]}`;
}

const free: Program = async (args, context) => {
  const flags = args.join("");
  const shown = (number: number) =>
    flags.includes("h")
      ? human(number).replace(/[KMGT]$/, "$&i")
      : String(Math.floor(number / (flags.includes("g") ? 1 << 20 : flags.includes("m") ? 1024 : 1)));
  const used = Math.round(NODE_MEMORY_KB / 4);
  const row = (label: string, ...numbers: readonly number[]) =>
    `${label.padEnd(7)}${numbers.map((number) => shown(number).padStart(12)).join("")}\n`;
  const titles = ["total", "used", "free", "shared", "buff/cache", "available"].map((name) => name.padStart(12));
  await out(context, `${" ".repeat(7)}${titles.join("")}\n`);
  await out(
    context,
    row("Mem:", NODE_MEMORY_KB, used, NODE_MEMORY_KB / 2, 0, NODE_MEMORY_KB / 4, NODE_MEMORY_KB - used),
  );
  await out(context, row("Swap:", 0, 0, 0));
  return 0;
};

interface Mounted {
  readonly device: string;
  readonly path: string;
  readonly type: string;
  readonly readOnly: boolean;
  /** Kilobytes. */
  readonly size: number;
  readonly used: number;
}

/** What is mounted, the root first. */
function mounted({ process: { machine } }: ProgramContext): readonly Mounted[] {
  const fromApi = new Set(machine.config.mounts.filter(({ readOnly }) => readOnly).map(({ path }) => path));
  const memory = { size: NODE_MEMORY_KB, used: 0 };
  const own = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf", machine.config.terminationMessagePath];
  const disk = { device: "/dev/vda1", type: "ext4", ...DISK };
  return machine.files.mounts.toReversed().flatMap(({ path, readOnly }): Mounted[] => {
    if (path === "") {
      return [
        { device: "overlay", path: "/", type: "overlay", readOnly, ...DISK },
        { device: "tmpfs", path: "/dev", type: "tmpfs", readOnly: false, size: 65_536, used: 0 },
        { device: "shm", path: "/dev/shm", type: "tmpfs", readOnly: false, size: 65_536, used: 0 },
        ...own.map((file) => ({ ...disk, path: file, readOnly: false })),
      ];
    }
    if (path === "/proc") return [{ device: "proc", path, type: "proc", readOnly: false, size: 0, used: 0 }];
    // What comes from the API is kept in memory.
    return [
      fromApi.has(path) ? { device: "tmpfs", path, type: "tmpfs", readOnly, ...memory } : { ...disk, path, readOnly },
    ];
  });
}

const df: Program = async (args, context) => {
  const flags = args.filter((arg) => arg.startsWith("-")).join("");
  const asked = args.filter((arg) => !arg.startsWith("-"));
  const isHuman = flags.includes("h");
  const unit = flags.includes("m") ? 1024 : 1;
  const shown = (kilobytes: number) => isHuman ? human(kilobytes) : String(Math.floor(kilobytes / unit));
  const size = isHuman ? "Size" : flags.includes("m") ? "1M-blocks" : "1K-blocks";
  const all = mounted(context).filter((one) => one.size > 0);
  // A path is on the mount that is nearest above it.
  const of = (path: string) =>
    all.filter((one) => one.path === "/" || path === one.path || path.startsWith(`${one.path}/`))
      .toSorted((a, b) => b.path.length - a.path.length)[0];
  const rows = asked.length === 0
    ? all
    : asked.map((path) => of(path.startsWith("/") ? path : `${context.cwd}/${path}`));
  await out(
    context,
    `${"Filesystem".padEnd(20)} ${size.padStart(9)} ${"Used".padStart(9)} Available Use% Mounted on\n`,
  );
  for (const { device, path, size, used } of rows) {
    const numbers = [size, used, size - used].map((number) => shown(number).padStart(9)).join(" ");
    const share = `${Math.round(used / Math.max(1, size) * 100)}%`.padStart(4);
    await out(context, `${device.padEnd(20)} ${numbers} ${share} ${path}\n`);
  }
  return 0;
};

const mount: Program = async (args, context) => {
  if (args.length > 0) return await fail(context, "mount: permission denied (are you root?)");
  for (const { device, path, type, readOnly } of mounted(context)) {
    await out(context, `${device} on ${path} type ${type} (${readOnly ? "ro" : "rw"},relatime)\n`);
  }
  return 0;
};

const netstat: Program = async (args, context) => {
  const all = [...context.process.machine.listeners].flatMap(([{ ports }, process]) =>
    ports.map((port) => ({ port, name: `${process.pid}/${baseName(process.argv[0] ?? "")}` }))
  );
  const named = isBusybox(context.process.machine.config.image) || args.join("").includes("p");
  await out(
    context,
    "Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       " +
      `${named ? "PID/Program name" : ""}\n`,
  );
  for (const { port, name } of all) {
    await out(
      context,
      `tcp        0      0 ${`0.0.0.0:${port}`.padEnd(23)} 0.0.0.0:*               LISTEN      ${named ? name : ""}\n`,
    );
  }
  return 0;
};

const ss: Program = async (args, context) => {
  const flags = args.join("");
  const netid = flags.includes("t") && !flags.includes("u") ? "" : "Netid ";
  await out(context, `${netid}State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\n`);
  for (const [{ ports }, process] of context.process.machine.listeners) {
    const name = baseName(process.argv[0] ?? "");
    const users = flags.includes("p") ? `users:(("${name}",pid=${process.pid},fd=6))` : "";
    for (const port of ports) {
      await out(
        context,
        `${netid === "" ? "" : "tcp   "}LISTEN 0      511    ${
          `0.0.0.0:${port}`.padStart(18)
        }      0.0.0.0:*    ${users}\n`,
      );
    }
  }
  return 0;
};

export const MACHINE_USE: Readonly<Record<string, Program>> = { free, df, mount, netstat, ss };
