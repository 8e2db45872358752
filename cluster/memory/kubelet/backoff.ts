/**
 * Delays that double with each failure, up to a limit, and are forgotten when all has been well for twice as long.
 *
 * Source: `k8s.io/client-go/util/flowcontrol/backoff.go`.
 */
export class Backoff {
  readonly #entries = new Map<string, { readonly delay: number; readonly updatedAt: number }>();

  /** Both in milliseconds. @param forgetAfter how long nothing may fail until a delay begins anew */
  constructor(readonly first: number, readonly longest: number, readonly forgetAfter = 2 * longest) {}

  get(key: string): number {
    return this.#entries.get(key)?.delay ?? 0;
  }

  /** Makes the delay longer. @param event when the failure was */
  next(key: string, event: number, now: number): void {
    const entry = this.#entries.get(key);
    const fresh = entry === undefined || event - entry.updatedAt > this.forgetAfter;
    const delay = fresh ? this.first : Math.min(this.longest, entry.delay * 2);
    this.#entries.set(key, { delay, updatedAt: now });
  }

  /** Whether the delay that began at `event` is not over. */
  isInBackoffSince(key: string, event: number, now: number): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined || event - entry.updatedAt > this.forgetAfter) return false;
    return now - event < entry.delay;
  }

  /** Whether the delay since the last failure is not over. */
  isInBackoffSinceUpdate(key: string, now: number): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined || now - entry.updatedAt > this.forgetAfter) return false;
    return now - entry.updatedAt < entry.delay;
  }

  /** When the delay since `event` is over. */
  expiry(key: string, event: number): number {
    return event + this.get(key);
  }

  /** Forgets all keys that begin so: those of a pod that is gone. */
  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }
}
