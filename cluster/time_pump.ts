/**
 * Lets virtual time pass while a command runs in a container: the command waits for the cluster's clock, and the caller
 * waits for the command, so without this neither would come to an end.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { VirtualClock } from "./memory/clock.ts";

/**
 * So many steps after the last work began are of a virtual millisecond, so that a command that only starts and ends takes
 * hardly any time; then each is twice as long as the one before. A step ends early where the cluster waits for nothing.
 */
const SMALL_STEPS = 16;
/** In virtual milliseconds. */
const LONGEST = 250;
/** After so many steps in which nothing moved, the command waits for what the cluster takes for its steady state. */
const STILL_STEPS = 50;
/** Virtual milliseconds of a step through that. */
const ONWARD = 50;

/** @param outside whether other programs do the work, who are heard over sockets; true unless said */
export type TimePump = <T>(work: () => Promise<T>, outside?: boolean) => Promise<T>;

/** Works that run at the same time share the steps. */
export function timePump(clock: Pick<VirtualClock, "now" | "advance" | "settle">): TimePump {
  let running = 0;
  let listening = 0;
  let pumping = false;
  let steps = 0;
  let still = 0;
  const step = async () => {
    const begin = clock.now();
    const limit = Math.min(LONGEST, 2 ** Math.max(0, ++steps - SMALL_STEPS));
    if (!await clock.settle({ limit })) await clock.advance(begin + limit - clock.now());
    if (clock.now() > begin) still = 0;
    else if (++still > STILL_STEPS) await clock.advance(ONWARD);
  };
  const pump = async () => {
    pumping = true;
    try {
      while (running > 0) {
        // Sockets are heard.
        if (listening > 0) await delay(0);
        if (running > 0) await step();
      }
    } finally {
      // In the same breath as the last look at `running`: work that begins right after finds no pump and starts one.
      pumping = false;
    }
  };
  return async (work, outside = true) => {
    running++;
    if (outside) listening++;
    steps = still = 0;
    if (!pumping) void pump();
    try {
      return await work();
    } finally {
      running--;
      if (outside) listening--;
    }
  };
}
