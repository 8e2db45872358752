/** Which time of its schedule a CronJob is due for. Source: `pkg/controller/cronjob/utils.go`. */
import { instant } from "../../api/timestamps.ts";
import type { CronJob } from "../../kinds/schema/types.ts";
import type { Schedule } from "./schedule.ts";

export interface Due {
  /** From when on times count, in milliseconds since the epoch. */
  readonly earliest: number;
  /** The latest time that has come, if one has. */
  readonly time?: number;
  readonly missed: "none" | "few" | "many";
}

/**
 * @param withDeadline whether times before the starting deadline are forgotten
 * @throws when the schedule comes more often than once a second, or never, as on the 31st of February
 */
export function mostRecent(cronJob: CronJob, now: number, schedule: Schedule, withDeadline: boolean): Due {
  const { startingDeadlineSeconds } = cronJob.spec;
  let earliest = instant(cronJob.status?.lastScheduleTime) ?? instant(cronJob.metadata.creationTimestamp)!;
  if (withDeadline && startingDeadlineSeconds !== undefined) {
    earliest = Math.max(earliest, now - startingDeadlineSeconds * 1000);
  }
  const first = schedule.next(earliest);
  if (first !== undefined && now < first) return { earliest, missed: "none" };
  const second = first === undefined ? undefined : schedule.next(first);
  if (second !== undefined && now < second) return { earliest, time: first, missed: "none" };

  const interval = first === undefined || second === undefined ? 0 : Math.round((second - first) / 1000);
  if (first === undefined || interval < 1) {
    throw new Error("time difference between two schedules is less than 1 second");
  }
  const missed = Math.floor(Math.floor((now - first) / 1000) / interval) + 1;
  let time: number | undefined;
  // Intervals need not be equal: what the division finds is only where to begin to look.
  let next = schedule.next(first + (missed - 2) * interval * 1000);
  while (next !== undefined && next <= now) {
    time = next;
    next = schedule.next(next);
  }
  return { earliest, ...time === undefined ? {} : { time }, missed: missed > 100 ? "many" : "few" };
}

/** The milliseconds until the next time, and a little more, so that it has come by then; none where it never comes. */
export function untilNext(cronJob: CronJob, now: number, schedule: Schedule): number {
  let from = now;
  try {
    const { earliest, time, missed } = mostRecent(cronJob, now, schedule, false);
    from = time ?? (missed === "none" ? earliest : now);
  } catch {
    // A schedule that comes too often or never: from now on, then.
  }
  const next = schedule.next(from);
  return next === undefined ? 0 : next + 100 - now;
}
