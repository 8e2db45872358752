/** Data as JSON has it, and how Go names and prints it: patches, field ownership and custom resources work on it. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether two values are the same data; the order of an object's keys does not count. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => equalJson(item, b[index]));
  }
  if (Array.isArray(b)) return false;
  const [left, right] = [a as JsonObject, b as JsonObject];
  let count = 0;
  for (const key in left) {
    if (left[key] === undefined) continue;
    if (!equalJson(left[key], right[key])) return false;
    count++;
  }
  for (const key in right) if (right[key] !== undefined) count--;
  return count === 0;
}

/**
 * `next` as data, in the memory of `previous` as far as they are the same: every part that did not change is the very
 * object that it was, and all of it if nothing did. Neither may be changed afterwards.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sharing } from "./json.ts";
 *
 * const previous = { spec: { image: "nginx" }, status: { phase: "Pending" } };
 * const next = sharing({ spec: { image: "nginx" }, status: { phase: "Running" } }, previous);
 * assert.equal(next.spec, previous.spec);
 * assert.equal(next.status.phase, "Running");
 * assert.equal(sharing({ ...previous }, previous), previous);
 * ```
 */
export function sharing<T>(next: T, previous: T): T {
  if (next === previous || !isShareable(next) || !isShareable(previous)) return next;
  if (Array.isArray(next)) return Array.isArray(previous) ? shareItems(next, previous) as T : next;
  if (Array.isArray(previous)) return next;
  const [from, before] = [next as JsonObject, previous as JsonObject];
  const result: Record<string, Json> = {};
  let same = true;
  for (const key in from) {
    if (from[key] === undefined) continue;
    result[key] = sharing(from[key], before[key]);
    if (result[key] !== before[key]) same = false;
  }
  if (same) { for (const key in before) if (before[key] !== undefined && result[key] === undefined) same = false; }
  return (same ? previous : result) as T;
}

function shareItems(next: readonly unknown[], previous: readonly unknown[]): readonly unknown[] {
  const items = next.map((item, i) => i < previous.length ? sharing(item, previous[i]) : item);
  return items.length === previous.length && items.every((item, i) => item === previous[i]) ? previous : items;
}

const isShareable = (value: unknown): value is object => typeof value === "object" && value !== null;

/** The Go type that a decoded JSON value has: "map[string]interface {}", "int64". */
export function goTypeOf(value: Json): string {
  if (value === null) return "%!s(<nil>)";
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "object") return "map[string]interface {}";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return typeof value === "boolean" ? "bool" : "string";
}

/** What Go's `%v` prints for a decoded JSON value: `map[a:1 b:[x y]]`. */
export function goPrint(value: Json): string {
  if (value === null) return "<nil>";
  if (isList(value)) return `[${value.map(goPrint).join(" ")}]`;
  if (isObject(value)) {
    return `map[${Object.keys(value).sort().map((key) => `${key}:${goPrint(value[key])}`).join(" ")}]`;
  }
  return String(value);
}

/** How Go's encoding/json calls a value that it cannot decode: "object", "array", "string", "number", "bool". */
export function goJsonKind(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value;
}

/** The value with every object's keys in order, as Go encodes a map. */
export function sortKeys(value: Json): Json {
  if (isList(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sortKeys(value[key])]));
}
