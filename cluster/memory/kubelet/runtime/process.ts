/**
 * A process of a container: an asynchronous function on the injected clock that can be stopped where it waits.
 */
import type { ExitStatus, Process as Controls } from "./runtime.ts";
import type { TerminalState } from "./terminal.ts";
import type { Machine } from "./machine.ts";

/** Thrown where a process waits, when it is to end. */
export class Ended extends Error {
  override readonly name = "Ended";
  constructor(readonly status: ExitStatus) {
    super(`ended with ${status.code}`);
  }
}

export type Signal = Parameters<Controls["signal"]>[0];

export const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGWINCH: 28,
};

/** "SIGTERM" for "15", "TERM" or "SIGTERM", as `kill` and `trap` name signals; there need not be such a one. */
export const signalName = (given: string): Signal | "SIG0" =>
  (Object.keys(SIGNALS).find((name) => String(SIGNALS[name]) === given) ??
    `SIG${given.replace(/^SIG/, "").toUpperCase()}`) as Signal;

/** Signals that end nobody who does not handle them. */
const HARMLESS: ReadonlySet<string> = new Set(["SIGCHLD", "SIGCONT", "SIGWINCH"]);

/** What a program takes until it does anything, in milliseconds. */
const STARTUP = 5;
/** A sleep that belongs to a container's steady state does not keep the cluster from settling. */
const LONG_SLEEP = 5 * 60_000;
/** Steps in one go, after which a process has used up its slice, and how long it pauses then, in milliseconds. */
const SLICE = 1000;
const PAUSE = 10;
/** Who never waits pauses longer and longer: an endless loop is to cost next to nothing. */
const LONGEST_PAUSE = 250;

export interface ProcessOptions {
  readonly parent?: Process;
  /** The words that it was started with. */
  readonly argv: readonly string[];
  /** The terminal that it is on. */
  readonly terminal?: TerminalState;
  /** A job that a terminal's Ctrl-C does not reach. */
  readonly background?: boolean;
}

/** One process of a container: a program that runs, with its children, traps and signals. */
export class Process implements Controls {
  readonly pid: number;
  readonly startedAt: number;
  readonly children = new Set<Process>();
  readonly #listeners: ((status: ExitStatus) => void)[] = [];
  readonly #waiting = new Set<(reason: Ended) => void>();
  readonly #traps = new Map<string, () => void>();
  #status: ExitStatus | undefined;
  #held = 0;
  #claimed = 0;
  #steps = 0;
  #pause = PAUSE;
  #repeating = 0;
  /** What it uses, in thousandths of a CPU. */
  cpu = 0;

  /** @throws {Error} when the container has too many processes */
  constructor(readonly machine: Machine, readonly options: ProcessOptions) {
    const pid = machine.takePid();
    if (pid === undefined) throw new Error("can't fork: Resource temporarily unavailable");
    this.pid = pid;
    this.startedAt = machine.clock.now();
    machine.processes.set(pid, this);
    options.parent?.children.add(this);
  }

  get argv(): readonly string[] {
    return this.options.argv;
  }

  get parent(): Process | undefined {
    return this.options.parent;
  }

  /** Starts a program a moment from now, as its container's or its client's first. */
  run(program: (process: this) => Promise<number>): this {
    this.machine.clock.after(STARTUP, () => void this.begin(program));
    return this;
  }

  /** Runs a program to its end. @returns its exit code */
  async begin(program: (process: this) => Promise<number>): Promise<number> {
    if (this.#status !== undefined) return this.#status.code;
    try {
      this.end({ code: await program(this) });
    } catch (error) {
      this.end(error instanceof Ended ? error.status : { code: 255 });
      if (!(error instanceof Ended)) this.machine.config.report?.(error);
    }
    return this.#status!.code;
  }

  end(status: ExitStatus): void {
    if (this.#status !== undefined) return;
    this.#status = status;
    this.machine.processes.delete(this.pid);
    this.options.parent?.children.delete(this);
    for (const [listener, process] of this.machine.listeners) {
      if (process === this) this.machine.listeners.delete(listener);
    }
    for (const reject of [...this.#waiting]) reject(new Ended(status));
    for (const listener of this.#listeners.splice(0)) listener(status);
  }

  get ended(): ExitStatus | undefined {
    return this.#status;
  }

  onExit(listener: (status: ExitStatus) => void): void {
    if (this.#status === undefined) this.#listeners.push(listener);
    else listener(this.#status);
  }

  /** Calls `handler` on a signal instead of ending; without one, the signal does what it does by itself. */
  trap(signal: string, handler: (() => void) | undefined): void {
    if (handler === undefined) this.#traps.delete(signal);
    else this.#traps.set(signal, handler);
  }

  /** The first process of a namespace ignores signals that it does not handle. */
  signal(name: Signal): void {
    if (name === "SIGKILL") return this.end({ code: 137 });
    const handler = this.#traps.get(name);
    if (handler !== undefined) handler();
    else if (this.pid !== 1 && !HARMLESS.has(name)) this.end({ code: 128 + (SIGNALS[name] ?? 15) });
  }

  /** A signal from within its container: not even SIGKILL ends the first process, and signal 0 does nothing. */
  kill(name: Signal | "SIG0"): void {
    if (name === "SIG0" || (name === "SIGKILL" && this.pid === 1)) return;
    this.signal(name);
  }

  /** A signal for it and all below it, as a terminal sends one. */
  interrupt(name: Signal): void {
    for (const child of [...this.children]) if (!child.options.background) child.interrupt(name);
    this.signal(name);
  }

  /** Waits for something unless the process ends before. @rejects {Ended} */
  wait<T>(work: Promise<T>): Promise<T> {
    if (this.#status !== undefined) return Promise.reject(new Ended(this.#status));
    return new Promise((resolve, reject) => {
      const stop = (reason: Ended) => {
        this.#waiting.delete(stop);
        reject(reason);
      };
      this.#waiting.add(stop);
      work.then(resolve, reject).finally(() => this.#waiting.delete(stop));
    });
  }

  /** Waits; for ever without `ms`. @rejects {Ended} */
  sleep(ms?: number): Promise<void> {
    if (this.#status !== undefined) return Promise.reject(new Ended(this.#status));
    const root = this.#root();
    root.#steps = 0;
    root.#pause = PAUSE;
    return this.#sleep(ms);
  }

  #sleep(ms?: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (reason: Ended) => {
        timer?.cancel();
        this.#waiting.delete(stop);
        reject(reason);
      };
      const background = this.repeats || (ms ?? 0) > LONG_SLEEP;
      const timer = ms === undefined ? undefined : this.machine.clock.after(ms, () => {
        this.#waiting.delete(stop);
        resolve();
      }, { background });
      this.#waiting.add(stop);
    });
  }

  /** Marks it as in a loop that may go on for ever, which is the container's steady state. Returns the end of that. */
  repeat(): () => void {
    this.#repeating++;
    return () => void this.#repeating--;
  }

  get repeats(): boolean {
    return this.#repeating > 0 || (this.options.parent?.repeats ?? false);
  }

  /** Counts work. Whoever does too much of it at a time has to pause. @rejects {Ended} */
  step(weight = 1): Promise<void> | undefined {
    const root = this.#root();
    root.#steps += weight;
    if (root.#steps < SLICE) {
      if (this.#status !== undefined) throw new Ended(this.#status);
      return undefined;
    }
    if (this.#status !== undefined) throw new Ended(this.#status);
    root.#steps = 0;
    const pause = root.#pause;
    root.#pause = Math.min(LONGEST_PAUSE, pause * 1.1);
    return this.#sleep(pause);
  }

  /** Children count on their parents' slice, or forking would be a way around it. */
  #root(): Process {
    const { parent } = this.options;
    return parent === undefined || parent.ended !== undefined ? this : parent.#root();
  }

  /** Says how much memory it really holds beyond the image's own, in bytes. @throws {Ended} */
  use(bytes: number): void {
    this.#held = bytes;
    this.#checkMemory();
  }

  /** Says how much memory it is taken to use, of which nothing is held. @throws {Ended} */
  claim(bytes: number): void {
    this.#claimed = bytes;
    this.#checkMemory();
  }

  #checkMemory(): void {
    this.machine.checkMemory();
    if (this.#status !== undefined) throw new Ended(this.#status);
  }

  /** In bytes. */
  get memory(): number {
    return this.#held + this.#claimed;
  }

  /** In bytes, without what it is only taken to use. */
  get held(): number {
    return this.#held;
  }
}
