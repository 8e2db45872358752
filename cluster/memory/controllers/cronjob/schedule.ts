/**
 * When a cron schedule is due: by the hours and days of a time zone, or every so many seconds. Day of month and day of
 * week are alternatives where both are restricted.
 *
 * Source: `github.com/robfig/cron/v3` (spec.go, constantdelay.go).
 */
import { Cron } from "croner";
import { type CronFields, parseCronSchedule } from "../../kinds/batch/cron_schedule.ts";

export interface Schedule {
  /** The first time after `ms`, both in milliseconds since the epoch; undefined when there is none. */
  next(ms: number): number | undefined;
}

/**
 * ```ts
 * import { parseSchedule } from "./schedule.ts";
 * import assert from "node:assert/strict";
 * const next = parseSchedule("0 9 * * 1-5", "Europe/Berlin").next(Date.UTC(2026, 0, 2, 12));
 * assert.equal(new Date(next!).toISOString(), "2026-01-05T08:00:00.000Z");
 * ```
 *
 * @param text may begin with a time zone of its own, "TZ=Area/City "
 * @throws {CronError} when it is no schedule
 */
export function parseSchedule(text: string, timeZone = "UTC"): Schedule {
  const parsed = parseCronSchedule(text);
  if ("every" in parsed) return { next: (from) => from - from % 1000 + parsed.every };
  const zone = parsed.timeZone === undefined ? timeZone : parsed.timeZone || "UTC";
  const cron = new Cron(patternOf(parsed.fields), { timezone: zone, paused: true });
  return { next: (ms) => cron.nextRun(new Date(ms))?.getTime() };
}

/** The library reckons with the values that Kubernetes' own reading found. */
function patternOf(fields: CronFields): string {
  const { minutes, hours, daysOfMonth, months, daysOfWeek, anyDayOfMonth, anyDayOfWeek } = fields;
  const list = (values: ReadonlySet<number>) => [...values].join(",");
  return [
    list(minutes),
    list(hours),
    anyDayOfMonth ? "*" : list(daysOfMonth),
    list(months),
    anyDayOfWeek ? "*" : list(daysOfWeek),
  ].join(" ");
}

/** An instant as RFC 3339 in a time zone, "2026-01-05T09:00:00+01:00". */
export function inTimeZone(ms: number, timeZone: string): string {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    }).formatToParts(ms).map(({ type, value }) => [type, value]),
  );
  const local = `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
  const minutes = Math.round((Date.parse(`${local}Z`) - ms) / 60_000);
  if (minutes === 0) return `${local}Z`;
  const two = (number: number) => String(number).padStart(2, "0");
  const offset = Math.abs(minutes);
  return `${local}${minutes < 0 ? "-" : "+"}${two(Math.floor(offset / 60))}:${two(offset % 60)}`;
}
