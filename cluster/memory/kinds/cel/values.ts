/** JSON as expressions see it, and what they come to as JSON. */
import { isList, type Json } from "../json.ts";
import { cel } from "./engine.ts";

/** Whole numbers are integers, objects are maps; what is absent is null. */
export function fromJson(value: Json | undefined): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value !== "object") return value;
  if (isList(value)) return value.map(fromJson);
  return new Map(
    Object.entries(value).filter(([, entry]) => entry !== undefined).map(([name, entry]) => [name, fromJson(entry)]),
  );
}

/** Undefined for what is no JSON: a type, an absent optional. */
export function toJson(value: unknown): Json | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number") {
    return value;
  }
  if (typeof value === "bigint") return Number(value);
  if (value instanceof cel().Optional) return value.hasValue() ? toJson(value.value()) : undefined;
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  if (Array.isArray(value)) return value.map((item) => toJson(item) ?? null);
  if (typeof value !== "object") return undefined;
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
  const result: Record<string, Json> = {};
  for (const [name, entry] of entries) {
    const json = toJson(entry);
    if (json !== undefined) result[String(name)] = json;
  }
  return result;
}
