/**
 * What an object looks like after Go has read and written it again.
 *
 * Fields that are null or hold their zero value are left out, unless a pointer holds the value; structs held by value
 * and fields without `omitempty` are always there; quantities and times are written in their own way.
 *
 * Source: the rules of `encoding/json` and the tags of the API types.
 */
import type { Field, Shape, StructShape } from "../../kinds/schema/shape.ts";
import { canonicalScalar, zeroScalar } from "./scalar.ts";

type Json = Record<string, unknown>;

/**
 * Returns `object` itself when nothing changes, and shares what does not change otherwise. Unknown fields are dropped,
 * except by shapes that keep them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shapeOf } from "../../kinds/schema/shape.ts";
 * import { normalize } from "./normalize.ts";
 *
 * const deployment = { spec: { replicas: 0, paused: false, minReadySeconds: null } };
 * assert.deepEqual(normalize(deployment, shapeOf("apps.v1.Deployment")), {
 *   metadata: {},
 *   spec: {
 *     replicas: 0,
 *     selector: null,
 *     strategy: {},
 *     template: { metadata: {}, spec: { containers: null } },
 *   },
 *   status: {},
 * });
 * ```
 */
export function normalize<T>(object: T, shape: StructShape): T {
  return struct(object as Json, shape) as T;
}

/** The fields of a struct that Go writes even when nothing set them. */
const alwaysWritten = new WeakMap<StructShape, readonly Field[]>();

function requiredFields(shape: StructShape): readonly Field[] {
  let fields = alwaysWritten.get(shape);
  if (fields === undefined) {
    fields = [...shape.fields.values()].filter((field) => field.alwaysWritten);
    alwaysWritten.set(shape, fields);
  }
  return fields;
}

function struct(object: Json, shape: StructShape): Json {
  if (shape.name === "") return custom(object, shape);
  let result: Json | undefined;
  for (const key in object) {
    const value = object[key];
    const field = shape.fields.get(key);
    let written: unknown;
    if (field !== undefined) written = member(value, field);
    else if (shape.preserveUnknown) written = value;
    if (written === value && value !== undefined) {
      if (result !== undefined) result[key] = value;
      continue;
    }
    result ??= before(object, key);
    if (written !== undefined) result[key] = written;
  }
  for (const field of requiredFields(shape)) {
    if ((result ?? object)[field.name] !== undefined) continue;
    result ??= { ...object };
    result[field.name] = unset(field);
  }
  return result ?? object;
}

/** A custom resource keeps what it holds, whatever its value; only its metadata is read into a struct. */
function custom(object: Json, shape: StructShape): Json {
  const metadata = shape.fields.get("metadata");
  if (metadata?.shape.is !== "struct" || metadata.shape.name === "" || !isObject(object.metadata)) return object;
  const written = struct(object.metadata, metadata.shape);
  return written === object.metadata ? object : { ...object, metadata: written };
}

/** The members of `object` that stand before `key`. */
function before(object: Json, key: string): Json {
  const result: Json = {};
  for (const earlier in object) {
    if (earlier === key) break;
    result[earlier] = object[earlier];
  }
  return result;
}

/** What is written for a field; undefined when it is left out. */
function member(value: unknown, field: Field): unknown {
  if (value === undefined) return undefined;
  if (value === null) return field.alwaysWritten && unset(field) === null ? null : undefined;
  const { shape } = field;
  const written = rewritten(value, shape);
  if (field.alwaysWritten) return written ?? undefined;
  switch (shape.is) {
    case "struct":
    case "any":
      return written;
    case "list":
      return (written as unknown[]).length === 0 ? undefined : written;
    case "map":
      return isEmpty(written as Json) ? undefined : written;
    case "scalar":
      if (written === null) return undefined;
      if (!field.pointer && (written === "" || written === 0 || written === false)) return undefined;
      return written;
  }
}

function isEmpty(object: Json): boolean {
  for (const _key in object) return false;
  return true;
}

/** What Go writes for a field without `omitempty` that nothing set. */
function unset({ shape, byValue, pointer }: Field): unknown {
  switch (shape.is) {
    case "struct":
      return byValue ? struct({}, shape) : null;
    case "scalar":
      return pointer ? null : zeroScalar(shape.type);
    default:
      return null;
  }
}

/** An item of a list or a map: null is the zero value. */
function element(value: unknown, shape: Shape): unknown {
  if (value !== null && value !== undefined) return rewritten(value, shape);
  if (shape.is === "struct") return struct({}, shape);
  return shape.is === "scalar" ? zeroScalar(shape.type) : null;
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function rewritten(value: unknown, shape: Shape): unknown {
  switch (shape.is) {
    case "any":
      return value;
    case "scalar":
      return shape.type === "string" ? value : canonicalScalar(shape.type, value as string);
    case "struct":
      return isObject(value) ? struct(value, shape) : value;
    case "list": {
      if (!Array.isArray(value)) return value;
      let result: unknown[] | undefined;
      for (let i = 0; i < value.length; i++) {
        const item = element(value[i], shape.items);
        if (item === value[i]) {
          result?.push(item);
          continue;
        }
        result ??= value.slice(0, i);
        result.push(item);
      }
      return result ?? value;
    }
    case "map": {
      if (!isObject(value)) return value;
      if (shape.values.is === "scalar" && shape.values.type === "string") return value;
      let result: Json | undefined;
      for (const key in value) {
        const item = element(value[key], shape.values);
        if (item === value[key]) continue;
        result ??= { ...value };
        result[key] = item;
      }
      return result ?? value;
    }
  }
}
