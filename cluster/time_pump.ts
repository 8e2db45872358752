/**
 * Lets virtual time pass while a command runs in a container: the command waits for the cluster's clock, and the caller
 * waits for the command, so without this neither would come to an end.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { VirtualClock } from "./memory/clock.ts";

/** Real milliseconds between two steps, in which sockets are heard. */
const TURN = 1;
/** So many steps are small, so that a command that only starts and ends takes hardly any time. */
const SMALL_STEPS = 50;
/** Virtual milliseconds. */
const [SMALL, LARGE] = [1, 50];

export type TimePump = <T>(work: () => Promise<T>) => Promise<T>;

/** Works that run at the same time share the steps. */
export function timePump(clock: Pick<VirtualClock, "advance">): TimePump {
  let running = 0;
  let pumping = false;
  const pump = async () => {
    pumping = true;
    try {
      for (let step = 0; running > 0; step++) {
        await delay(TURN);
        if (running > 0) await clock.advance(step < SMALL_STEPS ? SMALL : LARGE);
      }
    } finally {
      // In the same breath as the last look at `running`: work that begins right after finds no pump and starts one.
      pumping = false;
    }
  };
  return async (work) => {
    running++;
    if (!pumping) void pump();
    try {
      return await work();
    } finally {
      running--;
    }
  };
}
