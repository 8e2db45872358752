/**
 * What the processes of a container share: its files, its processes, what it listens on, and the limits that keep it
 * from hurting others.
 */
import type { Clock } from "../../clock.ts";
import type { Serving } from "../images/image.ts";
import type { FileSystem } from "./files/file_system.ts";
import { ImageLayer } from "./files/image_layer.ts";
import { containerFiles } from "./files/container_files.ts";
import type { Process } from "./process.ts";
import type { ContainerConfig, Limits } from "./runtime.ts";
import { NOWHERE, type Sink } from "./streams.ts";

/** A container without a limit may not take the memory of all others either, in bytes. */
const MOST_HELD = 96 * 1024 * 1024;
/** More processes cannot be started. */
const MOST_PROCESSES = 256;

/** The numbers that processes of one namespace get. */
interface Pids {
  next: number;
  readonly processes: Map<number, Process>;
}

export class Machine {
  readonly startedAt: number;
  readonly listeners = new Map<Serving, Process>();
  /** The container's first process. */
  main: Process | undefined;
  /** What it may use now. */
  limits: Limits;
  readonly #pids: Pids;
  #files: FileSystem | undefined;
  #outputs: { readonly stdout: Sink; readonly stderr: Sink } = { stdout: NOWHERE, stderr: NOWHERE };

  /** @param namespace the container whose processes it sees, beside its own */
  constructor(readonly config: ContainerConfig, readonly clock: Clock, namespace?: Machine) {
    this.startedAt = clock.now();
    this.limits = { memory: config.memoryLimit, cpu: config.cpuLimit };
    this.#pids = namespace === undefined ? { next: 1, processes: new Map() } : namespace.#pids;
  }

  /** By their numbers, all that can be seen from here. */
  get processes(): Map<number, Process> {
    return this.#pids.processes;
  }

  /** Made when somebody looks: most containers that serve need none. */
  get files(): FileSystem {
    return this.#files ??= containerFiles(this);
  }

  /** Whether a path is surely as the image has it, known without making the container's files. */
  untouched(path: string): boolean {
    return this.#files === undefined && this.config.image.files[path] !== undefined &&
      !this.config.mounts.some(({ path: at }) => path === at || path.startsWith(`${at.replace(/\/$/, "")}/`));
  }

  /** A free process id, undefined when there are too many processes. */
  takePid(): number | undefined {
    return this.processes.size >= MOST_PROCESSES ? undefined : this.#pids.next++;
  }

  listener(port: number): Serving | undefined {
    for (const [serving] of this.listeners) if (serving.ports.includes(port)) return serving;
    return undefined;
  }

  /** Where the first process writes. */
  output(stream: "stdout" | "stderr"): Sink {
    return this.#outputs[stream];
  }

  setOutputs(outputs: { readonly stdout: Sink; readonly stderr: Sink }): void {
    this.#outputs = outputs;
  }

  /** Its own processes. */
  get own(): Process[] {
    return [...this.processes.values()].filter(({ machine }) => machine === this);
  }

  /** What was written beside the mounts, in bytes. */
  get disk(): number {
    const root = this.#files?.mounts.at(-1)?.layer;
    return root instanceof ImageLayer ? root.size : 0;
  }

  /** In bytes. */
  get memory(): number {
    return this.own.reduce((sum, { memory }) => sum + memory, this.config.image.memory);
  }

  /** In thousandths of a CPU, within the limit. */
  get cpu(): number {
    const idle = this.listeners.size > 0 ? 1 : 0;
    return Math.min(this.limits.cpu ?? Infinity, this.own.reduce((sum, { cpu }) => sum + cpu, idle));
  }

  /** Ends the container if it uses more memory than it may. The kernel kills all of its processes. */
  checkMemory(): void {
    const { memory = Infinity } = this.limits;
    if (this.memory - this.config.image.memory > memory || this.#held > MOST_HELD) this.outOfMemory();
  }

  get #held(): number {
    return this.own.reduce((sum, { held }) => sum + held, 0);
  }

  outOfMemory(): void {
    this.main?.end({ code: 137, outOfMemory: true });
  }

  /** Ends what is left when the first process has ended. */
  shutDown(): void {
    for (const process of this.own) process.end({ code: 137 });
    this.listeners.clear();
  }
}
