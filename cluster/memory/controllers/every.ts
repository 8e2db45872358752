/** Work that is done again and again, in the background: it does not keep the cluster from settling. */
import type { Timer } from "../clock.ts";
import type { Controller, ControllerContext } from "./controller.ts";

/** Runs `task` when the informers have synced, and then `ms` milliseconds after each end. What it throws is reported. */
export function every({ clock, synced, report }: ControllerContext, ms: number, task: () => Promise<void>): Controller {
  let timer: Timer | undefined;
  let stopped = false;
  const run = async () => {
    try {
      await task();
    } catch (error) {
      report(error);
    }
    if (!stopped) timer = clock.after(ms, () => void clock.track(run()), { background: true });
  };
  void synced.then(() => stopped ? undefined : void clock.track(run()));
  return {
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
