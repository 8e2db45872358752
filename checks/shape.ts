/**
 * Shapes of content files: each says what it expects, reads it into a typed value, and complains by line and field.
 *
 * Reading goes on after a complaint, so that an author sees all of them at once. Unknown fields are errors.
 */
import type { Text } from "../cluster/text.ts";
import { ContentError, type Issue } from "./content_error.ts";
import { nearest } from "./nearest.ts";
import type { Path, Position, YamlDocument } from "./yaml.ts";

/** Where reading stands: a value, its path, and where complaints go. */
export interface Place {
  readonly value: unknown;
  readonly path: Path;
  readonly document: YamlDocument;
  readonly issues: Issue[];
}

/** Reads the value of a place; undefined after a complaint. */
export type Shape<T> = (place: Place) => T | undefined;

/** @throws {ContentError} with every complaint */
export function readShape<T>(document: YamlDocument, shape: Shape<T>): T {
  const issues: Issue[] = [];
  const value = shape({ value: document.value, path: [], document, issues });
  if (issues.length > 0 || value === undefined) throw new ContentError(issues);
  return value;
}

/** The place of a field or item inside `place`. */
export function inside(place: Place, key: string | number): Place {
  const value = (place.value as Record<string | number, unknown>)[key];
  return { ...place, value, path: [...place.path, key] };
}

/** Files a complaint about `place`. */
export function complain(place: Place, text: Text, position: Position = place.document.locate(place.path)): undefined {
  const { path, document, issues } = place;
  issues.push({ file: document.file, ...position, ...path.length === 0 ? {} : { field: formatPath(path) }, text });
}

/** `["checks", 0, "a.b"]` → `checks[0]['a.b']`. */
export function formatPath(path: Path): string {
  return path.map((step, i) => {
    if (typeof step === "number") return `[${step}]`;
    if (!/^[\w$-]+$/.test(step)) return `['${step}']`;
    return i === 0 ? step : `.${step}`;
  }).join("");
}

function expected<T>(place: Place, en: string, ko: string): T | undefined {
  const is = place.value === undefined ? undefined : JSON.stringify(place.value);
  return complain(
    place,
    is === undefined
      ? { en: `is missing: give ${en}`, ko: `값이 없습니다: ${ko} 형식으로 적으세요` }
      : { en: `is ${shorten(is)}, but must be ${en}`, ko: `현재 값은 ${shorten(is)}이지만 ${ko} 형식이어야 합니다` },
  );
}

const shorten = (text: string) => text.length > 60 ? `${text.slice(0, 57)}…` : text;

/** A non-empty text, matching `pattern` where one is given. */
export function string(pattern?: RegExp, en = "a text", ko = "문자열"): Shape<string> {
  return (place) =>
    typeof place.value === "string" && place.value !== "" && (pattern?.test(place.value) ?? true)
      ? place.value
      : expected(place, en, ko);
}

export function integer(min: number, max: number): Shape<number> {
  return (place) =>
    typeof place.value === "number" && Number.isInteger(place.value) && place.value >= min && place.value <= max
      ? place.value
      : expected(place, `a whole number from ${min} to ${max}`, `${min}부터 ${max}까지의 정수`);
}

export const boolean: Shape<boolean> = (place) =>
  typeof place.value === "boolean" ? place.value : expected(place, "true or false", "true 또는 false");

export function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  return (place) => {
    const found = words.find((word) => word === place.value);
    return found ?? expected(place, `one of ${words.join(", ")}`, words.join(", ") + " 중 하나");
  };
}

/** Any JSON. */
export const anything: Shape<unknown> = (place) =>
  place.value === undefined ? expected(place, "a value", "값") : place.value;

/** A map of whatever. */
export const anyMap: Shape<Readonly<Record<string, unknown>>> = (place) =>
  isMap(place.value) ? place.value : expected(place, "a map", "맵");

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function list<T>(of: Shape<T>): Shape<readonly T[]> {
  return (place) => {
    if (!Array.isArray(place.value)) return expected(place, "a list", "목록");
    const items = place.value.map((_, i) => of(inside(place, i)));
    return items.every((item) => item !== undefined) ? items : undefined;
  };
}

export function mapOf<T>(of: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (place) => {
    if (!isMap(place.value)) return expected(place, "a map", "맵");
    const entries = Object.keys(place.value).map((key) => [key, of(inside(place, key))] as const);
    return entries.every(([, value]) => value !== undefined)
      ? Object.fromEntries(entries) as Record<string, T>
      : undefined;
  };
}

/** A field that may be left out. */
export interface Optional<T> {
  readonly optional: Shape<T>;
}

export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape };
}

type Fields = Readonly<Record<string, Shape<unknown> | Optional<unknown>>>;

/** The value that fields are read into. */
export type Reading<F extends Fields> =
  & { readonly [K in keyof F as F[K] extends Shape<unknown> ? K : never]: F[K] extends Shape<infer T> ? T : never }
  & {
    readonly [K in keyof F as F[K] extends Optional<unknown> ? K : never]?: F[K] extends Optional<infer T> ? T : never;
  };

/** A map with these fields and no others. */
export function fields<F extends Fields>(shapes: F): Shape<Reading<F>> {
  return (place) => {
    if (!isMap(place.value)) {
      return expected(
        place,
        `a map with ${Object.keys(shapes).join(", ")}`,
        `${Object.keys(shapes).join(", ")} 필드를 가진 맵`,
      );
    }
    refuseUnknown(place, Object.keys(shapes));
    const before = place.issues.length;
    const result: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries(shapes)) {
      const within = inside(place, name);
      if (typeof shape === "function") result[name] = shape(within);
      else if (within.value !== undefined) result[name] = shape.optional(within);
    }
    return place.issues.length === before ? result as Reading<F> : undefined;
  };
}

/** Complains about every field of a map that is not known. */
export function refuseUnknown(place: Place, known: readonly string[]) {
  for (const name of Object.keys(place.value as object)) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    const at = inside(place, name);
    complain(
      at,
      meant === undefined
        ? {
          en: `is not known here; known are ${known.join(", ")}`,
          ko: `알 수 없는 필드입니다. 쓸 수 있는 필드: ${known.join(", ")}`,
        }
        : {
          en: `is not known here; did you mean ${meant}?`,
          ko: `알 수 없는 필드입니다. 혹시 ${meant}인가요?`,
        },
      at.document.locateKey(at.path),
    );
  }
}

/** A sentence in every language. */
export const text: Shape<Text> = fields({ en: string(), ko: string() });
