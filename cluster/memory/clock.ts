/**
 * Time and chance for everything inside the memory cluster.
 *
 * Nothing else reads the time, sets a timer or draws a random number. With {@linkcode realClock} the cluster lives in
 * the world's time, or runs N times as fast; with {@linkcode virtualClock} nobody waits: when no work is left, time
 * jumps to the next timer, and the same seed gives the same names, uids and order of events.
 */

/** A timer that has not fired yet. Cancelling it twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

export interface TimerOptions {
  /**
   * The timer belongs to the cluster's steady state (a heartbeat, a resync, a probe of a healthy container): a cluster
   * with nothing but background timers is settled.
   */
  readonly background?: boolean;
}

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `task` once, `ms` milliseconds of this clock from now. */
  after(ms: number, task: () => void, options?: TimerOptions): Timer;
  /** Runs `task` as soon as the current one ends, in the order of the calls. */
  soon(task: () => void): void;
  /** Resolves after `ms` milliseconds of this clock. */
  sleep(ms: number, options?: TimerOptions): Promise<void>;
  /** Counts `work` as something that the cluster is busy with until it ends. Returns the same promise. */
  track<T>(work: Promise<T>): Promise<T>;
  /** A number in [0, 1). */
  random(): number;
}

/** A clock whose owner moves the time. */
export interface VirtualClock extends Clock {
  /** Runs all that is due, without moving the time. */
  quiet(): Promise<void>;
  /** Moves the time by `ms`, running every timer on the way in order. */
  advance(ms: number): Promise<void>;
  /**
   * Moves the time until nothing more will happen without new input: no work and no timers but background ones.
   *
   * @returns whether that was reached within `limit` milliseconds (10 minutes unless said) of virtual time; a pod that
   * crashes for ever never settles.
   */
  settle(options?: { readonly limit?: number }): Promise<boolean>;
}

/** Small, fast, seedable generator (sfc32). Not for secrets: keys and certificates come from Web Crypto. */
function generator(seed: number): () => number {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, 0xb7e15162 ^ seed, 1];
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

export interface RealClockOptions {
  /** How many times as fast as the world's time the clock runs; 1 unless said. */
  readonly speed?: number;
  /** Seeds `random()`; unless said, every clock draws its own numbers. */
  readonly seed?: number;
}

/** The longest delay that the runtime's timers take, in milliseconds. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** How long tasks follow each other before connections and timers get their turn, in milliseconds. */
const TURN = 10;

/**
 * Runs tasks in order as microtasks, between whose continuations they stand, and lets the event loop go round after
 * each {@linkcode TURN}: a cluster that starts ten thousand pods still answers.
 */
function taskQueue(): (task: () => void) => void {
  let tasks: (() => void)[] = [];
  let next = 0;
  let pumping = false;
  let turnEnds = -Infinity;
  const beginTurn = () => {
    turnEnds = performance.now() + TURN;
    setImmediate(() => turnEnds = -Infinity);
  };
  const pump = () => {
    if (performance.now() > turnEnds) {
      if (turnEnds === -Infinity) beginTurn();
      else return void setImmediate(pump);
    }
    const task = tasks[next++];
    if (next === tasks.length) {
      tasks = [];
      next = 0;
      pumping = false;
    } else queueMicrotask(pump);
    task();
  };
  return (task) => {
    tasks.push(task);
    if (pumping) return;
    pumping = true;
    queueMicrotask(pump);
  };
}

export interface RealClock extends Clock {
  /** Moves the clock forward by `ms`: the timers on the way run now, in order, each at its time. */
  skip(ms: number): Promise<void>;
  /** Cancels every timer: nothing runs on this clock any more. */
  [Symbol.dispose](): void;
}

interface RealTimer {
  /** Milliseconds of the clock. */
  readonly at: number;
  readonly run: () => void;
  handle?: ReturnType<typeof setTimeout>;
}

/** The world's time, optionally sped up. */
export function realClock({ speed = 1, seed }: RealClockOptions = {}): RealClock {
  const start = Date.now();
  let skipped = 0;
  let stopped = false;
  const random = generator(seed ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  const pending = new Set<RealTimer>();
  const now = () => start + (Date.now() - start) * speed + skipped;

  const arm = (timer: RealTimer) => {
    clearTimeout(timer.handle);
    const delay = (timer.at - now()) / speed;
    timer.handle = delay > LONGEST_DELAY ? setTimeout(() => arm(timer), LONGEST_DELAY) : setTimeout(() => {
      pending.delete(timer);
      timer.run();
    }, Math.max(0, delay));
  };
  const after = (ms: number, run: () => void): Timer => {
    const timer: RealTimer = { at: now() + ms, run };
    if (!stopped) {
      pending.add(timer);
      arm(timer);
    }
    return {
      cancel() {
        pending.delete(timer);
        clearTimeout(timer.handle);
      },
    };
  };
  /** The first timer that is due by `end`. */
  const earliest = (end: number): RealTimer | undefined => {
    let first: RealTimer | undefined;
    for (const timer of pending) if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
    return first;
  };
  return {
    now: () => Math.floor(now()),
    after,
    soon: taskQueue(),
    sleep: (ms) => new Promise((resolve) => void after(ms, resolve)),
    track: (work) => work,
    random,
    async skip(ms) {
      const end = now() + ms;
      // One timer after the other, so that heartbeats beat on the way and nobody seems to have slept.
      for (let next = earliest(end); next !== undefined && !stopped; next = earliest(end)) {
        pending.delete(next);
        clearTimeout(next.handle);
        skipped += Math.max(0, next.at - now());
        next.run();
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      skipped += Math.max(0, end - now());
      for (const timer of pending) arm(timer);
    },
    [Symbol.dispose]() {
      stopped = true;
      for (const { handle } of pending) clearTimeout(handle);
      pending.clear();
    },
  };
}

export interface VirtualClockOptions {
  /** Where time begins, in milliseconds since the Unix epoch. */
  readonly start?: number;
  readonly seed?: number;
}

interface PendingTimer {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
  readonly background: boolean;
  cancelled: boolean;
}

/** Time that nobody waits for. See {@linkcode VirtualClock}. */
export function virtualClock({ start = Date.UTC(2026, 0, 1), seed = 1 }: VirtualClockOptions = {}): VirtualClock {
  let time = start;
  let order = 0;
  let busy = 0;
  let foreground = 0;
  const waiting: (() => void)[] = [];
  const heap = new TimerHeap();
  const done = () => {
    if (--busy === 0) { for (const resume of waiting.splice(0)) resume(); }
  };

  const clock: VirtualClock = {
    now: () => time,
    random: generator(seed),
    after(ms, task, { background = false } = {}) {
      const timer: PendingTimer = { at: time + Math.max(0, ms), order: order++, task, background, cancelled: false };
      if (!background) foreground++;
      heap.push(timer);
      return {
        cancel() {
          if (timer.cancelled) return;
          timer.cancelled = true;
          if (!background) foreground--;
        },
      };
    },
    soon(task) {
      busy++;
      queueMicrotask(() => {
        try {
          task();
        } finally {
          done();
        }
      });
    },
    sleep: (ms, options) => new Promise((resolve) => void clock.after(ms, resolve, options)),
    track(work) {
      busy++;
      work.then(done, done);
      return work;
    },
    async quiet() {
      // A turn of the event loop lets continuations that nobody tracks (a request being answered) come to their end.
      do {
        if (busy > 0) await new Promise<void>((resolve) => waiting.push(resolve));
        await new Promise<void>((resolve) => setImmediate(resolve));
      } while (busy > 0);
    },
    async advance(ms) {
      const end = time + ms;
      await clock.quiet();
      for (let next = heap.peek(); next !== undefined && next.at <= end; next = heap.peek()) await fire(next.at);
      // Somebody else may have moved it farther meanwhile; it never goes back.
      time = Math.max(time, end);
    },
    async settle({ limit = 10 * 60_000 } = {}) {
      const end = time + limit;
      await clock.quiet();
      while (foreground > 0) {
        const next = heap.peek()!;
        if (next.at > end) return false;
        await fire(next.at);
      }
      return true;
    },
  };

  /** Moves to `at` and runs the timers due then, one after the other. */
  async function fire(at: number) {
    time = Math.max(time, at);
    for (let timer = heap.peek(); timer !== undefined && timer.at <= at; timer = heap.peek()) {
      heap.pop();
      timer.cancelled = true;
      if (!timer.background) foreground--;
      timer.task();
    }
    await clock.quiet();
  }
  return clock;
}

/** A binary heap of timers, earliest first; timers of the same instant keep the order in which they were set. */
class TimerHeap {
  readonly #items: PendingTimer[] = [];

  /** The earliest timer that is not cancelled. */
  peek(): PendingTimer | undefined {
    while (this.#items.length > 0 && this.#items[0].cancelled) this.pop();
    return this.#items[0];
  }

  push(timer: PendingTimer) {
    const items = this.#items;
    let i = items.push(timer) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(timer, items[parent])) break;
      items[i] = items[parent];
      i = parent;
    }
    items[i] = timer;
  }

  pop(): PendingTimer | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return first;
    let i = 0;
    for (let child = 1; child < items.length; child = 2 * i + 1) {
      if (child + 1 < items.length && before(items[child + 1], items[child])) child++;
      if (!before(items[child], last)) break;
      items[i] = items[child];
      i = child;
    }
    items[i] = last;
    return first;
  }
}

function before(a: PendingTimer, b: PendingTimer): boolean {
  return a.at !== b.at ? a.at < b.at : a.order < b.order;
}
