/**
 * A process of the simple runtime: an asynchronous function on the injected clock that can be stopped where it waits.
 */
import type { Clock } from "../../clock.ts";
import type { ContainerConfig, ExitStatus, Output, Process } from "./runtime.ts";
import type { Service } from "../images/image.ts";

/** Thrown where a process waits, when it is to end. */
export class Ended extends Error {
  override readonly name = "Ended";
  constructor(readonly status: ExitStatus) {
    super(`ended with ${status.code}`);
  }
}

export type Signal = Parameters<Process["signal"]>[0];

/** What all processes of a container share. */
export interface Machine {
  readonly config: ContainerConfig;
  readonly clock: Clock;
  readonly startedAt: number;
  readonly services: Set<Service>;
  readonly files: Map<string, string>;
  /** Ends the whole container. */
  outOfMemory(): void;
}

/** What a program takes until it does anything, in milliseconds. */
const STARTUP = 5;
/** A sleep that belongs to a container's steady state does not keep the cluster from settling. */
const LONG_SLEEP = 5 * 60_000;

export class SimpleProcess implements Process {
  readonly #listeners: ((status: ExitStatus) => void)[] = [];
  readonly #waiting = new Set<(reason: Ended) => void>();
  readonly #traps = new Map<Signal, () => void>();
  #status: ExitStatus | undefined;
  #memory = 0;
  /** How many endless loops it is in: what repeats for ever is the steady state. */
  loops = 0;

  /** @param first the container's first process ignores signals that it does not handle */
  constructor(readonly machine: Machine, readonly output: Output, readonly first: boolean) {}

  run(program: (process: SimpleProcess) => Promise<number>): this {
    this.machine.clock.after(STARTUP, () => {
      if (this.#status !== undefined) return;
      program(this).then(
        (code) => this.end({ code }),
        (error) => this.end(error instanceof Ended ? error.status : { code: 255 }),
      );
    });
    return this;
  }

  end(status: ExitStatus): void {
    if (this.#status !== undefined) return;
    this.#status = status;
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

  /** Calls `handler` on a signal instead of ending. */
  trap(signal: Signal, handler: () => void): void {
    this.#traps.set(signal, handler);
  }

  signal(name: Signal): void {
    if (name === "SIGKILL") return this.end({ code: 137 });
    const handler = this.#traps.get(name);
    if (handler !== undefined) handler();
    else if (!this.first) this.end({ code: 128 + NUMBERS[name] });
  }

  /** Waits; for ever without `ms`. */
  sleep(ms?: number): Promise<void> {
    if (this.#status !== undefined) return Promise.reject(new Ended(this.#status));
    return new Promise((resolve, reject) => {
      const stop = (reason: Ended) => {
        timer?.cancel();
        this.#waiting.delete(stop);
        reject(reason);
      };
      const timer = ms === undefined ? undefined : this.machine.clock.after(ms, () => {
        this.#waiting.delete(stop);
        resolve();
      }, { background: this.loops > 0 || ms > LONG_SLEEP });
      this.#waiting.add(stop);
    });
  }

  /** Says how much memory it uses beyond the image's own, in bytes. */
  use(bytes: number): void {
    this.#memory = bytes;
    const limit = this.machine.config.memoryLimit;
    if (limit !== undefined && bytes > limit) this.machine.outOfMemory();
    if (this.#status !== undefined) throw new Ended(this.#status);
  }

  get memory(): number {
    return this.#memory;
  }
}

const NUMBERS: Readonly<Record<Signal, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGTERM: 15,
};
