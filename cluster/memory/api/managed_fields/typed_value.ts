/**
 * Values seen through their shape: which parts they have, and how an item of a list is known.
 *
 * A value of a built-in type is what Go holds: a field that is always written is there, empty, even when the JSON leaves
 * it out. A custom resource is what its JSON says. Source: `sigs.k8s.io/structured-merge-diff/typed/helpers.go`.
 */
import type { Json, JsonObject } from "../../kinds/json.ts";
import { isList, isObject } from "../../kinds/json.ts";
import { zeroScalar } from "../decode/scalar.ts";
import type { Field, ListShape, Shape, StructShape } from "../../kinds/schema/shape.ts";
import { keyElement } from "./field_set.ts";

/** How the parts of a value are owned. */
export type Parts = "leaf" | "map" | "list";

/**
 * A value of no shape is what its data is: a map by its entries, everything else as one value. In a built-in type such a
 * part (a RawExtension) is one value as a whole.
 */
export function partsOf(shape: Shape, a: Json | undefined, b: Json | undefined, builtIn: boolean): Parts {
  switch (shape.is) {
    case "scalar":
      return "leaf";
    case "any":
      return !builtIn && (isObject(a) || isObject(b)) ? "map" : "leaf";
    case "list":
      return shape.listType === "atomic" ? "leaf" : "list";
    default:
      return shape.atomic ? "leaf" : "map";
  }
}

const ANY: Shape = { is: "any" };

/** The shape of a map's entry or a struct's field; undefined when the struct has no such field. */
export function shapeAt(shape: Shape, key: string): Shape | undefined {
  if (shape.is === "struct") return shape.fields.get(key)?.shape ?? (shape.preserveUnknown ? ANY : undefined);
  return shape.is === "map" ? shape.values : ANY;
}

/** Whether the schema names the field: the entries of a map are not named. */
export function isNamed(shape: Shape, key: string): boolean {
  return shape.is === "struct" && shape.fields.has(key);
}

const present = new WeakMap<StructShape, ReadonlyMap<string, Json>>();

/** The fields that a built-in struct has even when its JSON leaves them out, with their empty values. */
export function emptyFields(shape: StructShape): ReadonlyMap<string, Json> {
  let fields = present.get(shape);
  if (fields === undefined) {
    fields = new Map(
      [...shape.fields.values()].filter((field) => field.alwaysWritten).map((field) => [field.name, emptyOf(field)]),
    );
    present.set(shape, fields);
  }
  return fields;
}

function emptyOf({ shape, pointer, byValue }: Field): Json {
  if (pointer) return null;
  if (byValue) return {};
  return shape.is === "scalar" ? zeroScalar(shape.type) : null;
}

/**
 * A map's or struct's entry. A field of a built-in struct that the JSON leaves out, or has as null, is empty when it is
 * always written, and else is not there.
 */
export function entryOf(value: JsonObject | undefined, key: string, shape: Shape, builtIn: boolean): Json | undefined {
  if (value === undefined) return undefined;
  const entry = value[key];
  if (!builtIn || shape.is !== "struct" || entry !== undefined && entry !== null) return entry;
  return emptyFields(shape).get(key);
}

/** The keys of a map or struct. */
export function keysOf(value: JsonObject | undefined, shape: Shape, builtIn: boolean): readonly string[] {
  if (value === undefined) return [];
  const keys = Object.keys(value).filter((key) => entryOf(value, key, shape, builtIn) !== undefined);
  if (!builtIn || shape.is !== "struct") return keys;
  for (const key of emptyFields(shape).keys()) if (value[key] === undefined) keys.push(key);
  return keys;
}

/** Whether a map or list holds nothing; what is neither holds nothing. */
export function isEmpty(value: Json | undefined, shape: Shape, builtIn: boolean): boolean {
  if (isList(value)) return value.length === 0;
  if (!isObject(value)) return true;
  if (builtIn && shape.is === "struct" && emptyFields(shape).size > 0) return false;
  for (const key in value) if (entryOf(value, key, shape, builtIn) !== undefined) return false;
  return true;
}

/** What does not fit a shape, worded as structured-merge-diff words it. */
export class ItemError extends Error {}

/**
 * The path element of an item of a list that is a map or a set.
 *
 * @throws {ItemError} for an item that cannot be one of such a list
 */
export function itemElement(list: ListShape, item: Json): string {
  if (list.listType === "set") {
    if (isObject(item)) throw new ItemError("associative list without keys has an element that's a map type");
    if (isList(item)) throw new ItemError("not supported: associative list with lists as elements");
    if (item === null) throw new ItemError("associative list without keys has an element that's an explicit null");
    return `v:${JSON.stringify(item)}`;
  }
  if (item === null) throw new ItemError("associative list with keys may not have a null element");
  if (!isObject(item)) throw new ItemError("associative list with keys may not have non-map elements");
  const keys: Record<string, Json> = {};
  for (const name of list.listMapKeys) {
    const value = item[name] ?? defaultOf(list.items, name);
    if (value !== undefined) keys[name] = value;
  }
  if (Object.keys(keys).length === 0) {
    const names = list.listMapKeys.map((name) => JSON.stringify(name)).join(" ");
    throw new ItemError(
      `associative list with keys has an element that omits all key fields [${names}] ` +
        "(and doesn't have default values for any key fields)",
    );
  }
  return keyElement(keys);
}

function defaultOf(shape: Shape, name: string): Json | undefined {
  return shape.is === "struct" ? shape.fields.get(name)?.default as Json | undefined : undefined;
}
