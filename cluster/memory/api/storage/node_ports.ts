/**
 * The ports that services have on every node.
 *
 * Source: `pkg/registry/core/service/portallocator`.
 */
import type { Clock } from "../../clock.ts";
import type { Finish } from "../registry/storage_hooks.ts";

const [LOWEST, HIGHEST] = [30000, 32767];
/** The lowest ports are for those who ask for one: others are drawn from above them. */
const RESERVED = 86;

/** Why a port is not to be had, in Kubernetes' words. */
export class PortError extends Error {
  override readonly name = "PortError";
}

export class NodePorts {
  readonly #taken = new Set<number>();

  constructor(readonly clock: Clock) {}

  /** Begins to take and give back ports for one write. */
  begin(dryRun: boolean): PortOperation {
    return new PortOperation(this.#taken, this.clock, dryRun);
  }

  giveBack(port: number): void {
    this.#taken.delete(port);
  }
}

export class PortOperation {
  readonly #own = new Set<number>();
  readonly #released: number[] = [];

  constructor(readonly taken: Set<number>, readonly clock: Clock, readonly dryRun: boolean) {}

  /** @throws {PortError} */
  take(port: number): void {
    // As in Kubernetes, what is not stored may name any port.
    if (!this.dryRun && (port < LOWEST || port > HIGHEST)) {
      throw new PortError(`provided port is not in the valid range. The range of valid ports is ${LOWEST}-${HIGHEST}`);
    }
    if (!this.#isFree(port)) throw new PortError("provided port is already allocated");
    this.#take(port);
  }

  /** @throws {PortError} when there is none left */
  takeAny(): number {
    if (this.dryRun) return this.#guess();
    const port = this.#free(LOWEST + RESERVED, HIGHEST) ?? this.#free(LOWEST, LOWEST + RESERVED - 1);
    if (port === undefined) throw new PortError("range is full");
    this.#take(port);
    return port;
  }

  /** Gives a port back once the write has happened. */
  release(port: number): void {
    this.#released.push(port);
  }

  readonly finish: Finish = (written) => {
    if (this.dryRun) return;
    for (const port of written ? this.#released : this.#own) this.taken.delete(port);
  };

  /** What is not stored gets a number that nobody else gets. */
  #guess(): number {
    const port = Math.max(HIGHEST + 1, ...this.#own) + 1;
    this.#own.add(port);
    return port;
  }

  #isFree(port: number): boolean {
    return !this.taken.has(port) && !this.#own.has(port);
  }

  #take(port: number): void {
    this.#own.add(port);
    if (!this.dryRun) this.taken.add(port);
  }

  #free(from: number, to: number): number | undefined {
    const size = to - from + 1;
    const begin = Math.floor(this.clock.random() * size);
    for (let i = 0; i < size; i++) {
      const port = from + (begin + i) % size;
      if (this.#isFree(port)) return port;
    }
    return undefined;
  }
}
