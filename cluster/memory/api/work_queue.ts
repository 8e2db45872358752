/**
 * A queue of keys to reconcile, as Kubernetes' controllers have it: a key waits once however often it is added, is
 * never reconciled twice at the same time, and comes back with growing delays while reconciling fails.
 *
 * Source: `k8s.io/client-go/util/workqueue`.
 */
import type { Clock, Timer } from "../clock.ts";

export interface WorkQueueOptions {
  /** Told of every failure; the queue goes on. */
  readonly report: (key: string, error: unknown) => void;
  /** The first delay after a failure, and the longest, in milliseconds. */
  readonly backoff?: { readonly first: number; readonly longest: number };
}

/** After how many failures the next try does not keep the cluster from settling; after 20 s, unless said otherwise. */
const PATIENCE = 12;

export class WorkQueue {
  readonly #waiting = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #delayed = new Map<string, { readonly at: number; readonly timer: Timer }>();
  #running = false;
  #stopped = false;

  constructor(
    readonly clock: Clock,
    readonly reconcile: (key: string) => Promise<void>,
    readonly options: WorkQueueOptions,
  ) {}

  add(key: string): void {
    if (this.#stopped) return;
    this.#waiting.add(key);
    this.#run();
  }

  /**
   * Adds the key after `ms` milliseconds; the earliest of several delays counts.
   * @param background the delay does not keep the cluster from settling (see TimerOptions)
   */
  addAfter(key: string, ms: number, background = false): void {
    if (this.#stopped) return;
    if (ms <= 0) return this.add(key);
    const at = this.clock.now() + ms;
    const delayed = this.#delayed.get(key);
    if (delayed !== undefined) {
      if (delayed.at <= at) return;
      delayed.timer.cancel();
    }
    const timer = this.clock.after(ms, () => {
      this.#delayed.delete(key);
      this.add(key);
    }, { background });
    this.#delayed.set(key, { at, timer });
  }

  /** Adds the key after the delay that its number of failures asks for. */
  addRateLimited(key: string): void {
    const { first = 5, longest = 1_000_000 } = this.options.backoff ?? {};
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    // What failed so often waits for somebody else: a quota, a missing object.
    this.addAfter(key, Math.min(longest, first * 2 ** failures), failures >= PATIENCE);
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
    for (const { timer } of this.#delayed.values()) timer.cancel();
    this.#delayed.clear();
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    this.clock.soon(() => void this.clock.track(this.#work()));
  }

  async #work(): Promise<void> {
    for (const key of this.#waiting) {
      this.#waiting.delete(key);
      try {
        await this.reconcile(key);
        this.#failures.delete(key);
      } catch (error) {
        this.options.report(key, error);
        this.addRateLimited(key);
      }
    }
    this.#running = false;
  }
}
