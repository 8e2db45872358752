/**
 * Pods that wait for a node: those to try next, by priority; those that failed a moment ago, with growing delays; and
 * those for which nothing will change until something in the cluster does.
 *
 * When nobody else is waiting, a pod need not sit out its delay. Adding, taking and waking a pod costs the logarithm of
 * how many there are.
 *
 * Source: `pkg/scheduler/backend/queue/scheduling_queue.go`.
 */
import type { Clock, Timer } from "../clock.ts";
import type { PodInfo } from "./framework/pod_info.ts";
import { PodHeap } from "./pod_heap.ts";

export interface QueuedPod {
  readonly info: PodInfo;
  /** When it was first queued, and when it was last tried, in milliseconds. */
  readonly since: number;
  readonly triedAt: number;
  readonly attempts: number;
  /** The plugins that refused it last; none after an error. */
  readonly rejectedBy: ReadonlySet<string>;
}

const FIRST_BACKOFF = 1000;
const LONGEST_BACKOFF = 10_000;
/** A pod that nothing woke is tried again after so long, and this is looked after so often, in milliseconds. */
const LONGEST_WAIT = 5 * 60_000;
const FLUSH_INTERVAL = 30_000;

const NOBODY: ReadonlySet<string> = new Set();

export class SchedulingQueue {
  readonly #active = new PodHeap(before);
  readonly #backoff = new PodHeap((a, b) => expiry(a) - expiry(b) || a.info.key.localeCompare(b.info.key));
  readonly #unschedulable = new Map<string, QueuedPod>();
  #flush!: Timer;
  #stopped = false;

  /** @param wake is called when a pod can be taken */
  constructor(readonly clock: Clock, readonly wake: () => void) {
    this.#flushLater();
  }

  add(info: PodInfo): void {
    this.remove(info.key);
    const now = this.clock.now();
    this.#active.set({ info, since: now, triedAt: now, attempts: 0, rejectedBy: NOBODY });
    this.wake();
  }

  /** The pod to try next. */
  pop(): QueuedPod | undefined {
    const pod = this.#active.pop() ?? this.#popBackoff();
    return pod === undefined ? undefined : { ...pod, attempts: pod.attempts + 1, triedAt: this.clock.now() };
  }

  /** A pod whose attempt failed: waits for an event, or, after an error, for its delay. */
  addUnschedulable(pod: QueuedPod): void {
    if (pod.rejectedBy.size > 0) this.#unschedulable.set(pod.info.key, pod);
    else this.#backOff(pod);
  }

  /** The pod itself has changed. @param retry whether that may make it fit */
  update(info: PodInfo, retry: boolean): void {
    const { key } = info;
    for (const heap of [this.#active, this.#backoff]) {
      const pod = heap.get(key);
      if (pod !== undefined) return heap.set({ ...pod, info });
    }
    const pod = this.#unschedulable.get(key);
    if (pod === undefined) return;
    this.#unschedulable.set(key, { ...pod, info });
    if (retry) this.#requeue({ ...pod, info });
  }

  has(key: string): boolean {
    return this.#active.has(key) || this.#backoff.has(key) || this.#unschedulable.has(key);
  }

  remove(key: string): void {
    this.#active.delete(key);
    this.#backoff.delete(key);
    this.#unschedulable.delete(key);
  }

  /** Tries again the pods that a change may have helped. */
  wakeUp(isHelped: (pod: QueuedPod) => boolean): void {
    for (const pod of this.#unschedulable.values()) if (isHelped(pod)) this.#requeue(pod);
  }

  /** Those that wait for a change. */
  get unschedulable(): Iterable<QueuedPod> {
    return this.#unschedulable.values();
  }

  stop(): void {
    this.#stopped = true;
    this.#flush.cancel();
  }

  #requeue(pod: QueuedPod): void {
    this.#unschedulable.delete(pod.info.key);
    if (expiry(pod) <= this.clock.now()) this.#active.set(pod);
    else this.#backOff(pod);
    this.wake();
  }

  #backOff(pod: QueuedPod): void {
    this.#backoff.set(pod);
    // Only pods that failed by an error have to sit out the delay: nobody else takes long.
    if (pod.rejectedBy.size === 0) this.clock.after(expiry(pod) - this.clock.now(), () => this.#stopped || this.wake());
  }

  #popBackoff(): QueuedPod | undefined {
    const now = this.clock.now();
    const first = this.#backoff.peek();
    if (first === undefined) return undefined;
    if (expiry(first) <= now || first.rejectedBy.size > 0) return this.#backoff.pop();
    const refused = this.#backoff.find(({ rejectedBy }) => rejectedBy.size > 0);
    if (refused !== undefined) this.#backoff.delete(refused.info.key);
    return refused;
  }

  #flushLater(): void {
    this.#flush = this.clock.after(FLUSH_INTERVAL, () => {
      const limit = this.clock.now() - LONGEST_WAIT;
      this.wakeUp(({ triedAt }) => triedAt < limit);
      this.#flushLater();
    }, { background: true });
  }
}

/** When a pod's delay is over. */
function expiry({ attempts, triedAt }: QueuedPod): number {
  return attempts === 0 ? triedAt : triedAt + Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (attempts - 1));
}

/** The more important pod first, then the one that has waited longer: the queue sort PrioritySort. */
function before(a: QueuedPod, b: QueuedPod): number {
  return b.info.priority - a.info.priority || a.since - b.since;
}
