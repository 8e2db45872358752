/** The signals by which people and systems end a program: the only place that listens to them. */
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";

const ENDING: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

const NUMBERS: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** The exit code of a program that a signal ended, as shells give it. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + (NUMBERS[signal] ?? 15);
}

/** Aborted by the first ending signal; from the second on, signals do what they do to every program. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
  /** Which signal it was. */
  readonly by: NodeJS.Signals | undefined;
}

/** Listens to ending signals until it is disposed of. */
export function interruption(): Interruption {
  const controller = new AbortController();
  let by: NodeJS.Signals | undefined;
  const listeners = ENDING.map((name) => {
    const listener = () => {
      by ??= name;
      stop();
      controller.abort();
    };
    process.on(name, listener);
    return [name, listener] as const;
  });
  const stop = () => listeners.forEach(([name, listener]) => process.off(name, listener));
  return {
    signal: controller.signal,
    get by() {
      return by;
    },
    [Symbol.dispose]: stop,
  };
}

/** For so long, in milliseconds, a command may go on after the signal that ends it, to leave things in order. */
const GRACE = 15_000;

/** Rejects when the grace after the abort is over: nobody waits then for what never comes. */
export async function overdue(signal: AbortSignal, grace = GRACE): Promise<never> {
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  await delay(grace, undefined, { ref: false });
  throw signal.reason;
}

/** Resolves with the first ending signal. */
export async function untilEnded(): Promise<NodeJS.Signals> {
  using ending = interruption();
  await new Promise<void>((resolve) => ending.signal.addEventListener("abort", () => resolve(), { once: true }));
  return ending.by ?? "SIGTERM";
}

/**
 * Hands every ending signal on instead of ending. Ctrl-C (SIGINT) reaches all programs of a terminal by itself, so it
 * is only kept from ending this one.
 *
 * @returns what stops it
 */
export function forwardSignals(to: (signal: NodeJS.Signals) => void): () => void {
  const listeners = ENDING.map((name) => {
    const listener = () => {
      if (name !== "SIGINT" || !process.stdin.isTTY) to(name);
    };
    process.on(name, listener);
    return [name, listener] as const;
  });
  return () => listeners.forEach(([name, listener]) => process.off(name, listener));
}
