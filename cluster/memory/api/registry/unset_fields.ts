/**
 * Fields that Go writes even when nothing set them: `"containers": null`.
 *
 * Objects are stored and sent with them. Strategies and admission see what the types say instead: a list without
 * items, a map without entries, and no null.
 */
import type { Field, Shape, StructShape } from "../../kinds/schema/shape.ts";
import type { KubeObject } from "../../kinds/object.ts";

type Fields = Record<string, unknown>;

interface Plan {
  /** Fields that may be null here. */
  readonly unset: readonly Field[];
  /** Fields with such fields below them. */
  readonly below: readonly Field[];
}

const plans = new WeakMap<StructShape, Plan>();
/** Shapes whose plan is being made: types can hold themselves. */
const making = new Set<StructShape>();

function planOf(shape: StructShape): Plan {
  const known = plans.get(shape);
  if (known !== undefined) return known;
  making.add(shape);
  const fields = [...shape.fields.values()];
  const plan = {
    unset: fields.filter((field) => field.alwaysWritten && isNullable(field)),
    below: fields.filter(({ shape }) => concerns(shape)),
  };
  making.delete(shape);
  plans.set(shape, plan);
  return plan;
}

const isNullable = ({ byValue, pointer, shape }: Field): boolean => !byValue && (pointer || shape.is !== "scalar");

function concerns(shape: Shape): boolean {
  switch (shape.is) {
    case "list":
      return concerns(shape.items);
    case "map":
      return concerns(shape.values);
    case "struct": {
      if (making.has(shape)) return true;
      const { unset, below } = planOf(shape);
      return unset.length > 0 || below.length > 0;
    }
    default:
      return false;
  }
}

/** Calls `visit` with every struct of an object that has such fields. */
function walk(value: unknown, shape: Shape, visit: (object: Fields, unset: readonly Field[]) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (shape.is === "list" && Array.isArray(value)) { for (const item of value) walk(item, shape.items, visit); }
  if (shape.is === "map") { for (const key in value) walk((value as Fields)[key], shape.values, visit); }
  if (shape.is !== "struct") return;
  const { unset, below } = planOf(shape);
  if (unset.length > 0) visit(value as Fields, unset);
  for (const field of below) walk((value as Fields)[field.name], field.shape, visit);
}

/** Gives a copy being prepared empty lists and maps in place of null, and drops other nulls. */
export function fillUnset(object: unknown, shape: StructShape): void {
  walk(object, shape, fillFields);
}

function fillFields(fields: Fields, unset: readonly Field[]): void {
  for (const { name, shape } of unset) {
    if (fields[name] !== null && fields[name] !== undefined) continue;
    if (shape.is === "list") fields[name] = [];
    else if (shape.is === "map") fields[name] = {};
    else delete fields[name];
  }
}

/** Takes empty lists and maps out again, for `normalize` to write null. */
export function clearUnset(object: unknown, shape: StructShape): void {
  walk(object, shape, (fields, unset) => {
    for (const { name, shape } of unset) {
      if (shape.is === "list" && (fields[name] as unknown[] | null)?.length === 0) delete fields[name];
      else if (shape.is === "map" && fields[name] && Object.keys(fields[name]).length === 0) delete fields[name];
    }
  });
}

/** A stored object as strategies see it: the very object where nothing is unset, else one that shares the rest with it. */
export function withFilled(object: KubeObject, shape: StructShape): KubeObject {
  return filled(object, shape) as KubeObject;
}

function filled(value: unknown, shape: Shape): unknown {
  if (typeof value !== "object" || value === null) return value;
  switch (shape.is) {
    case "list": {
      if (!Array.isArray(value)) return value;
      const items = value.map((item) => filled(item, shape.items));
      return items.every((item, i) => item === value[i]) ? value : items;
    }
    case "map":
      return replaced(value as Fields, Object.keys(value), (key) => filled((value as Fields)[key], shape.values));
    case "struct": {
      const { unset, below } = planOf(shape);
      const fields = replaced(
        value as Fields,
        below.map(({ name }) => name),
        (name) => filled((value as Fields)[name], shape.fields.get(name)!.shape),
      );
      if (unset.every(({ name }) => fields[name] !== null && fields[name] !== undefined)) return fields;
      const copy = { ...fields };
      fillFields(copy, unset);
      return copy;
    }
    default:
      return value;
  }
}

/** The fields with new values for those of some names; the same object where none is new. */
function replaced(fields: Fields, names: readonly string[], valueOf: (name: string) => unknown): Fields {
  let copy: Fields | undefined;
  for (const name of names) {
    if (fields[name] === undefined) continue;
    const value = valueOf(name);
    if (value === fields[name]) continue;
    copy ??= { ...fields };
    copy[name] = value;
  }
  return copy ?? fields;
}
