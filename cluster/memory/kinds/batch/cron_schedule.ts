/**
 * Reading a CronJob's schedule, "0 3 * * mon-fri", with the words in which Kubernetes says what is wrong.
 *
 * Source: `github.com/robfig/cron/v3` (parser.go), by which the API judges and the controller reckons.
 */

/** The minutes, hours, days, months and weekdays at which a job is due. */
export interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  /** Whether the day's field is a star: then the weekday alone decides, and the other way round. */
  readonly anyDayOfMonth: boolean;
  readonly anyDayOfWeek: boolean;
}

/** A schedule: by the clock, or every so many milliseconds ("@every 1h30m"). */
export type CronSchedule = ({ readonly fields: CronFields } | { readonly every: number }) & {
  /** The time zone that the text begins with, "TZ=Asia/Seoul 0 3 * * *"; "" is UTC. */
  readonly timeZone?: string;
};

/** Thrown for a text that is no schedule. */
export class CronError extends Error {
  override readonly name = "CronError";
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  /** Names of values, from the lowest on. */
  readonly names?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const BOUNDS: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: WEEKDAYS },
];

const DESCRIPTORS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/**
 * @throws {CronError}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseCronSchedule } from "./cron_schedule.ts";
 *
 * assert.throws(() => parseCronSchedule("0 25 * * *"), { message: "end of range (25) above maximum (23): 25" });
 * ```
 */
export function parseCronSchedule(text: string): CronSchedule {
  if (text === "") throw new CronError("empty spec string");
  let spec = text;
  const zoned: { timeZone?: string } = {};
  if (/^(CRON_)?TZ=/.test(spec)) {
    const blank = spec.indexOf(" ");
    // Go's parser cuts without looking, and panics.
    if (blank < 0) throw new CronError("invalid schedule format: runtime error: slice bounds out of range [:-1]");
    const zone = spec.slice(spec.indexOf("=") + 1, blank);
    const wrong = timeZoneError(zone);
    if (wrong !== undefined) throw new CronError(`provided bad location ${zone}: ${wrong}`);
    zoned.timeZone = zone;
    spec = spec.slice(blank).trim();
  }
  if (spec.startsWith("@every ")) return { every: interval(spec), ...zoned };
  if (spec.startsWith("@")) {
    if (DESCRIPTORS[spec] === undefined) throw new CronError(`unrecognized descriptor: ${spec}`);
    spec = DESCRIPTORS[spec];
  }
  const parts = spec.split(/\s+/).filter((part) => part !== "");
  if (parts.length !== 5) {
    throw new CronError(`expected exactly 5 fields, found ${parts.length}: [${parts.join(" ")}]`);
  }
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = parts.map((part, i) => field(part, BOUNDS[i]));
  return {
    fields: {
      minutes: minutes.values,
      hours: hours.values,
      daysOfMonth: daysOfMonth.values,
      months: months.values,
      daysOfWeek: daysOfWeek.values,
      anyDayOfMonth: daysOfMonth.star,
      anyDayOfWeek: daysOfWeek.star,
    },
    ...zoned,
  };
}

/** "1,10-20/2,*" */
function field(text: string, bounds: Bounds): { readonly values: Set<number>; readonly star: boolean } {
  const values = new Set<number>();
  let star = false;
  for (const expression of text.split(",").filter((part) => part !== "")) {
    const { start, end, step, any } = range(expression, bounds);
    for (let value = start; value <= end; value += step) values.add(value);
    star ||= any;
  }
  return { values, star };
}

function range(expression: string, { min, max, names }: Bounds) {
  const [bothEnds, every, ...moreSteps] = expression.split("/");
  const [low, high, ...moreEnds] = bothEnds.split("-");
  const any = low === "*" || low === "?";
  const start = any ? min : numberOrName(low, names, min);
  let end = any ? max : start;
  if (!any && high !== undefined) {
    if (moreEnds.length > 0) throw new CronError(`too many hyphens: ${expression}`);
    end = numberOrName(high, names, min);
  }
  let step = 1;
  if (every !== undefined) {
    if (moreSteps.length > 0) throw new CronError(`too many slashes: ${expression}`);
    step = number(every);
    // "5/15" means from 5 on.
    if (high === undefined) end = max;
  }
  const wrong = (message: string) => new CronError(`${message}: ${expression}`);
  if (start < min) throw wrong(`beginning of range (${start}) below minimum (${min})`);
  if (end > max) throw wrong(`end of range (${end}) above maximum (${max})`);
  if (start > end) throw wrong(`beginning of range (${start}) beyond end of range (${end})`);
  if (step === 0) throw wrong("step of range should be a positive number");
  return { start, end, step, any: any && step === 1 };
}

function numberOrName(text: string, names: readonly string[] | undefined, first: number): number {
  const index = names?.indexOf(text.toLowerCase()) ?? -1;
  return index >= 0 ? index + first : number(text);
}

function number(text: string): number {
  const quoted = `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}`;
  if (!/^[-+]?[0-9]+$/.test(text)) throw new CronError(`${quoted}: invalid syntax`);
  const value = Number(text);
  if (Math.abs(value) >= 2 ** 63) throw new CronError(`${quoted}: value out of range`);
  if (value < 0) throw new CronError(`negative number (${value}) not allowed: ${text}`);
  return value;
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "µs": 1e-3,
  "μs": 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** "@every 1h30m" in milliseconds, at least a second and whole seconds. */
function interval(spec: string): number {
  const text = spec.slice("@every ".length);
  const quoted = JSON.stringify(text);
  const fail = (why: string) => new CronError(`failed to parse duration ${spec}: time: ${why}`);
  const sign = text.startsWith("-") ? -1 : 1;
  let rest = text.replace(/^[-+]/, "");
  if (rest === "0") return 1000;
  if (rest === "") throw fail(`invalid duration ${quoted}`);
  let total = 0;
  while (rest !== "") {
    const amount = /^[0-9]*\.?[0-9]*/.exec(rest)![0];
    if (amount === "" || amount === ".") throw fail(`invalid duration ${quoted}`);
    rest = rest.slice(amount.length);
    const unit = /^[^0-9.]*/.exec(rest)![0];
    if (unit === "") throw fail(`missing unit in duration ${quoted}`);
    if (UNITS[unit] === undefined) throw fail(`unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    total += Number(amount) * UNITS[unit];
    rest = rest.slice(unit.length);
  }
  return Math.max(1000, sign * (total - total % 1000));
}

/** What Go says of a time zone that it does not know, undefined for one that it does. */
export function timeZoneError(zone: string): string | undefined {
  if (zone === "" || zone === "UTC" || zone === "Local") return undefined;
  if (zone.startsWith("/") || zone.startsWith("\\") || zone.split(/[/\\]/).includes("..")) {
    return "time: invalid location name";
  }
  const unknown = `unknown time zone ${zone}`;
  // Offsets are zones to JavaScript, but no files of the zone database.
  if (/^[-+0-9]/.test(zone)) return unknown;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions();
    // The database's names are files: their case counts.
    return timeZone !== zone && timeZone.toLowerCase() === zone.toLowerCase() ? unknown : undefined;
  } catch {
    return unknown;
  }
}
