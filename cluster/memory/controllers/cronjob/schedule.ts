/**
 * Cron schedules as Kubernetes reads them: five fields, "@hourly" and the like, "@every 90s"; day of month and day of
 * week are alternatives where both are restricted.
 *
 * Source: `github.com/robfig/cron/v3` (ParseStandard).
 */
import { Cron } from "croner";

export interface Schedule {
  /** The first time after `ms`, both in milliseconds since the epoch; undefined when there is none. */
  next(ms: number): number | undefined;
}

const NAMED: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/**
 * ```ts
 * import { parseSchedule } from "./schedule.ts";
 * import assert from "node:assert/strict";
 * const next = parseSchedule("0 9 * * 1-5", "Europe/Berlin").next(Date.UTC(2026, 0, 2, 12));
 * assert.equal(new Date(next!).toISOString(), "2026-01-05T08:00:00.000Z");
 * ```
 *
 * @param text may begin with "TZ=Area/City " or "CRON_TZ=Area/City "
 * @throws when it is no schedule, or the time zone is not known
 */
export function parseSchedule(text: string, timeZone = "UTC"): Schedule {
  const zoned = /^(?:CRON_)?TZ=(\S*)\s+(.*)$/.exec(text);
  if (zoned !== null) return parseSchedule(zoned[2], zoned[1] || "UTC");
  const spec = text.trim();
  if (spec.startsWith("@every ")) return every(spec.slice("@every ".length));
  const pattern = NAMED[spec] ?? spec;
  if (pattern.startsWith("@")) throw new Error(`unrecognized descriptor: ${pattern}`);
  const fields = pattern.split(/\s+/);
  if (fields.length !== 5) throw new Error(`expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`);
  const cron = new Cron(fields.map((field) => field.replaceAll("?", "*")).join(" "), {
    timezone: timeZone,
    paused: true,
  });
  return { next: (ms) => cron.nextRun(new Date(ms))?.getTime() };
}

function every(duration: string): Schedule {
  const parts = [...duration.trim().matchAll(/([0-9.]+)(ms|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== duration.trim()) {
    throw new Error(`failed to parse duration @every ${duration}`);
  }
  const ms = parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0);
  const delay = Math.max(1000, ms - ms % 1000);
  return { next: (from) => from - from % 1000 + delay };
}

/** Whether a time zone of this name is known. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
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
