/** Delays that double for each key while something goes on failing. Source: `k8s.io/client-go/util/flowcontrol/backoff.go`. */
import type { Clock } from "../clock.ts";

export class Backoff {
  readonly #entries = new Map<string, { readonly delay: number; readonly since: number }>();

  /** @param first the first delay, and `longest` the longest, in milliseconds */
  constructor(readonly clock: Clock, readonly first: number, readonly longest: number) {}

  /** The delay of a key, in milliseconds; 0 when nothing failed. */
  get(key: string): number {
    return this.#entries.get(key)?.delay ?? 0;
  }

  isWaiting(key: string): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.clock.now() - entry.since < entry.delay;
  }

  /** Takes note of one more failure. */
  next(key: string): void {
    const now = this.clock.now();
    const entry = this.#entries.get(key);
    const expired = entry === undefined || now - entry.since > 2 * this.longest;
    this.#entries.set(key, { delay: expired ? this.first : Math.min(2 * entry.delay, this.longest), since: now });
    if (this.#entries.size > 1000) this.#forgetExpired(now);
  }

  #forgetExpired(now: number): void {
    for (const [key, { since }] of this.#entries) if (now - since > 2 * this.longest) this.#entries.delete(key);
  }
}
