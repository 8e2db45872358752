/** Numbers that may be percentages: 1, "25%". Source: `pkg/apis/apps/validation` and `k8s.io/apimachinery/pkg/util/intstr`. */
import { type FieldError, invalid } from "./field_error.ts";
import { check, percent } from "./names.ts";

export type IntOrString = number | string;

/** The number of a percentage, undefined for anything else. */
export const percentOf = (value: IntOrString): number | undefined =>
  typeof value === "string" && percent(value).length === 0 ? Number(value.slice(0, -1)) : undefined;

/** Errors of a value that must be a whole number, not negative, or a percentage. */
export function validatePositiveIntOrPercent(value: IntOrString, path: string): FieldError[] {
  if (typeof value === "string") return check(path, value, percent);
  return value < 0 ? [invalid(path, value, "must be greater than or equal to 0")] : [];
}

export function validateNotMoreThan100Percent(value: IntOrString, path: string): FieldError[] {
  return (percentOf(value) ?? 0) > 100 ? [invalid(path, value, "must not be greater than 100%")] : [];
}

/**
 * The number that a value means of a total, or undefined when it means none ("abc").
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { scaledValue } from "./int_or_percent.ts";
 *
 * assert.equal(scaledValue("25%", 10, "up"), 3);
 * assert.equal(scaledValue("25%", 10, "down"), 2);
 * assert.equal(scaledValue(4, 10, "down"), 4);
 * ```
 */
export function scaledValue(value: IntOrString, total: number, round: "up" | "down"): number | undefined {
  if (typeof value === "number") return value;
  const share = percentOf(value);
  if (share === undefined) return undefined;
  return round === "up" ? Math.ceil(share * total / 100) : Math.floor(share * total / 100);
}
