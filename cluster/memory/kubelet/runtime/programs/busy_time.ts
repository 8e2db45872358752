/** When just-bash works, and when it waits. */
import type { Clock } from "../../../clock.ts";

/** Keeps the clock still while just-bash works, but not while it waits for a program of ours, which waits for the clock. */
export interface BusyTime {
  during<T>(work: Promise<T>): Promise<T>;
  except<T>(work: Promise<T>): Promise<T>;
}

/** For one call of a borrowed program. */
export function busyTime(clock: Clock): BusyTime {
  let waits = 0;
  let over = false;
  let rest = () => {};
  const begin = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    void clock.track(promise);
    rest = resolve;
  };
  return {
    during(work) {
      begin();
      return work.finally(() => {
        over = true;
        rest();
      });
    },
    except(work) {
      if (waits++ === 0) rest();
      return work.finally(() => --waits === 0 && !over && begin());
    },
  };
}
