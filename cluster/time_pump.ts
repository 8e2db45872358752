/**
 * Lets virtual time pass while a command runs in a container: the command waits for the cluster's clock, and the caller
 * waits for the command, so without this neither would come to an end.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "./memory/clock.ts";

/** Real milliseconds between two steps, in which sockets are heard. */
const TURN = 1;
/** So many steps are small, so that a command that only starts and ends takes hardly any time. */
const SMALL_STEPS = 50;
/** Virtual milliseconds. */
const [SMALL, LARGE] = [1, 50];

export type TimePump = <T>(work: () => Promise<T>) => Promise<T>;

/** Works that run at the same time share the steps. */
export function timePump(clock: Clock & { advance(ms: number): Promise<void> }): TimePump {
  let running = 0;
  let pumping: Promise<void> | undefined;
  const pump = async () => {
    for (let step = 0; running > 0; step++) {
      await delay(TURN);
      if (running > 0) await clock.advance(step < SMALL_STEPS ? SMALL : LARGE);
    }
  };
  return async (work) => {
    running++;
    pumping ??= pump().finally(() => pumping = undefined);
    try {
      return await work();
    } finally {
      running--;
    }
  };
}
