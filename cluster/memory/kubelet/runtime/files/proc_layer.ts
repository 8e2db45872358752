/** /proc as far as people look into it: processes, and what the machine says of itself. */
import type { Machine } from "../machine.ts";
import { NODE_CPUS, NODE_MEMORY_KB } from "../node_hardware.ts";
import type { Process } from "../process.ts";
import type { Entry, Layer } from "./entry.ts";
import { baseName } from "./file_system.ts";

export class ProcLayer implements Layer {
  constructor(readonly machine: Machine) {}

  get(path: string): Entry | undefined {
    const parts = path.split("/").slice(1);
    if (parts.length === 0) return this.#folder();
    const process = parts[0] === "self" ? this.#reader : this.machine.processes.get(Number(parts[0]));
    if (process === undefined) return parts.length === 1 ? this.#file(this.#system(parts[0])) : undefined;
    if (parts.length === 1 || (parts[1] === "fd" && parts.length === 2)) return this.#folder();
    if (parts[1] === "root") return process.machine.files.find(`/${parts.slice(2).join("/")}`);
    if (parts[1] === "fd") return { kind: "device", mode: 0o600, mtime: process.startedAt, uid: 0 };
    return this.#file(ofProcess(process, parts[1]));
  }

  set(): void {}
  delete(): void {}

  /** Who reads: as far as anybody can tell, the newest of the container's own processes. */
  get #reader(): Process | undefined {
    return this.machine.own.toSorted((a, b) => b.pid - a.pid)[0];
  }

  names(folder: string): Iterable<string> {
    const [, pid, inside, ...rest] = folder.split("/");
    if (inside === "root") {
      return this.machine.processes.get(Number(pid))?.machine.files.names(`/${rest.join("/")}`) ?? [];
    }
    if (folder === "") {
      return [...[...this.machine.processes.keys()].map(String), "self", ...SYSTEM];
    }
    if (folder.endsWith("/fd")) return ["0", "1", "2"];
    // "root" is there and not listed: who walks through all folders would walk in circles.
    return ["cgroup", "cmdline", "comm", "environ", "fd", "stat", "status"];
  }

  #system(name: string): string | undefined {
    const { clock, startedAt } = this.machine;
    const uptime = (clock.now() - startedAt) / 1000;
    switch (name) {
      case "uptime":
        return `${uptime.toFixed(2)} ${uptime.toFixed(2)}\n`;
      case "loadavg":
        return `0.08 0.05 0.01 1/${this.machine.processes.size} ${Math.max(...this.machine.processes.keys(), 1)}\n`;
      case "meminfo":
        return `MemTotal:       ${NODE_MEMORY_KB} kB\nMemFree:        ${NODE_MEMORY_KB / 2} kB\n` +
          `MemAvailable:   ${NODE_MEMORY_KB * 3 / 4} kB\n`;
      case "cpuinfo":
        return Array.from({ length: NODE_CPUS }, (_, i) => `processor\t: ${i}\nmodel name\t: Virtual CPU\n`).join("\n");
      case "version":
        return "Linux version 6.8.0 (drydock) #1 SMP\n";
      case "mounts":
        return this.machine.files.mounts.map(({ path, readOnly }) =>
          `${path === "" ? "overlay" : "/dev/vda1"} ${path || "/"} ${path === "" ? "overlay" : "ext4"} ${
            readOnly ? "ro" : "rw"
          },relatime 0 0\n`
        ).reverse().join("");
      default:
        return undefined;
    }
  }

  #folder(): Entry {
    return { kind: "folder", mode: 0o555, mtime: this.machine.startedAt, uid: 0 };
  }

  #file(content: string | undefined): Entry | undefined {
    return content === undefined
      ? undefined
      : { kind: "file", content, mode: 0o444, mtime: this.machine.startedAt, uid: 0 };
  }
}

const SYSTEM: readonly string[] = ["uptime", "loadavg", "meminfo", "cpuinfo", "version", "mounts"];

function ofProcess({ pid, parent, argv, machine }: Process, name: string): string | undefined {
  const comm = baseName(argv[0] ?? "");
  switch (name) {
    case "cmdline":
      return argv.map((word) => `${word}\0`).join("");
    case "comm":
      return `${comm}\n`;
    case "cgroup":
      return "0::/\n";
    case "environ":
      return Object.entries(machine.config.env).map(([key, value]) => `${key}=${value}\0`).join("");
    case "stat":
      return `${pid} (${comm}) S ${parent?.pid ?? 0} ${pid} ${pid}\n`;
    case "status": {
      const uid = machine.config.user ?? 0;
      return `Name:\t${comm}\nState:\tS (sleeping)\nPid:\t${pid}\nPPid:\t${parent?.pid ?? 0}\n` +
        `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\n`;
    }
    default:
      return undefined;
  }
}
