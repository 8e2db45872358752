/**
 * Instants in JSON, checked and rewritten as metav1.Time and metav1.MicroTime write them.
 *
 * Source: Go's `time.Parse` with RFC3339 (and six digits of fraction for MicroTime), whose messages reach the client.
 */
import { goQuote } from "./go_text.ts";

/** Thrown with Go's message. */
export class TimeError extends Error {
  override readonly name = "TimeError";
}

const SECONDS_LAYOUT = "2006-01-02T15:04:05Z07:00";
const MICRO_LAYOUT = "2006-01-02T15:04:05.000000Z07:00";
const CANONICAL_SECONDS = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const CANONICAL_MICROS = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/;

/**
 * An instant in UTC, to the second: "2026-01-01T00:00:00Z"; undefined for Go's zero time, which is written as null.
 *
 * @throws {TimeError}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { canonicalTime } from "./time.ts";
 *
 * assert.equal(canonicalTime("2026-01-01T09:00:00.5+09:00"), "2026-01-01T00:00:00Z");
 * assert.throws(() => canonicalTime("today"), /cannot parse "today" as "2006"/);
 * ```
 */
export function canonicalTime(text: string): string | undefined {
  if (CANONICAL_SECONDS.test(text)) return text === "0001-01-01T00:00:00Z" ? undefined : text;
  const { seconds } = parse(text, SECONDS_LAYOUT);
  return seconds === ZERO ? undefined : written(seconds);
}

/** An instant in UTC, to the microsecond: "2026-01-01T00:00:00.000000Z"; undefined for Go's zero time. */
export function canonicalMicroTime(text: string): string | undefined {
  if (CANONICAL_MICROS.test(text)) return text === "0001-01-01T00:00:00.000000Z" ? undefined : text;
  const { seconds, micros } = parse(text, MICRO_LAYOUT);
  if (seconds === ZERO && micros === 0) return undefined;
  return written(seconds).replace("Z", `.${String(micros).padStart(6, "0")}Z`);
}

/** The year 1, in seconds since 1970. */
const ZERO = -62_135_596_800;

function written(seconds: number): string {
  const text = new Date(seconds * 1000).toISOString();
  // Beyond the year 9999 (a local time just before its end) the ISO form has six digits and a sign.
  return `${text.slice(0, -5).replace(/^\+0*/, "")}Z`;
}

interface Instant {
  readonly seconds: number;
  readonly micros: number;
}

function parse(text: string, layout: string): Instant {
  let rest = text;
  const fail = (expected: string): never => {
    throw new TimeError(
      `parsing time ${goQuote(text)} as ${goQuote(layout)}: cannot parse ${goQuote(rest)} as ${goQuote(expected)}`,
    );
  };
  const outOfRange = (what: string): never => {
    throw new TimeError(`parsing time ${goQuote(text)}: ${what} out of range`);
  };
  const take = (pattern: RegExp, expected: string): string => {
    const match = pattern.exec(rest) ?? fail(expected);
    rest = rest.slice(match[0].length);
    return match[0];
  };

  const year = Number(take(/^\d{4}/, "2006"));
  take(/^-/, "-");
  const month = Number(take(/^\d\d/, "01"));
  if (month < 1 || month > 12) outOfRange("month");
  take(/^-/, "-");
  const day = Number(take(/^\d\d/, "02"));
  take(/^T/, "T");
  const hour = Number(take(/^\d\d?/, "15"));
  if (hour > 23) outOfRange("hour");
  take(/^:/, ":");
  const minute = Number(take(/^\d\d/, "04"));
  if (minute > 59) outOfRange("minute");
  take(/^:/, ":");
  const second = Number(take(/^\d\d/, "05"));
  if (second > 59) outOfRange("second");
  const fraction = layout === MICRO_LAYOUT ? take(/^[.,]\d{6}/, ".000000") : /^[.,]\d+/.exec(rest)?.[0] ?? "";
  if (layout !== MICRO_LAYOUT) rest = rest.slice(fraction.length);
  const zone = take(/^(?:Z|[+-]\d\d:\d\d)/, "Z07:00");
  if (Number(zone.slice(1, 3)) > 24) outOfRange("time zone offset hour");
  if (Number(zone.slice(4)) > 60) outOfRange("time zone offset minute");
  if (rest !== "") throw new TimeError(`parsing time ${goQuote(text)}: extra text: ${goQuote(rest)}`);
  if (day < 1 || day > daysIn(year, month)) outOfRange("day");

  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const east = zone === "Z" ? 0 : (zone[0] === "-" ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
  return { seconds: date.getTime() / 1000 - east * 60, micros: Number(fraction.slice(1, 7).padEnd(6, "0")) };
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
}
