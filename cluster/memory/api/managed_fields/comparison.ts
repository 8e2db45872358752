/**
 * Which fields differ between two states of an object.
 *
 * Source: `sigs.k8s.io/structured-merge-diff/typed/compare.go`.
 */
import { equalJson, isList, isObject, type Json, type JsonObject } from "../../kinds/json.ts";
import type { ListShape, Shape, StructShape } from "../../kinds/schema/shape.ts";
import { type FieldSet, FieldSetBuilder, union } from "./field_set.ts";
import { entryOf, isEmpty, itemElement, keysOf, partsOf, shapeAt } from "./typed_value.ts";

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

export function isSame({ added, modified, removed }: Comparison): boolean {
  return added.size === 0 && modified.size === 0 && removed.size === 0;
}

/** The fields that the new state set: those that it added or modified. */
export function changed({ added, modified }: Comparison): FieldSet {
  return union(modified, added);
}

/** @param shape of both; an object that is not there yet is `{}` */
export function compare(old: unknown, object: unknown, shape: StructShape): Comparison {
  const walk = new Walk(shape.name !== "");
  walk.compare(old as Json, object as Json, shape, []);
  return { added: walk.added.set, modified: walk.modified.set, removed: walk.removed.set };
}

class Walk {
  readonly added = new FieldSetBuilder();
  readonly modified = new FieldSetBuilder();
  readonly removed = new FieldSetBuilder();

  constructor(readonly builtIn: boolean) {}

  /** Compares two values of a field, one of which may be absent. `path` is used again by the caller. */
  compare(old: Json | undefined, value: Json | undefined, shape: Shape, path: string[]): void {
    if (old === value) return;
    const parts = partsOf(shape, old, value, this.builtIn);
    if (parts === "leaf" || isEmpty(old, shape, this.builtIn) && isEmpty(value, shape, this.builtIn)) {
      return this.#leaf(old, value, path);
    }
    if (parts === "map") this.#maps(objectOrNone(old), objectOrNone(value), shape, path);
    else this.#lists(isList(old) ? old : [], isList(value) ? value : [], shape as ListShape, path);
    if (old === undefined) this.added.add(path);
    else if (value === undefined) this.removed.add(path);
  }

  #leaf(old: Json | undefined, value: Json | undefined, path: readonly string[]): void {
    if (old === undefined) this.added.add(path);
    else if (value === undefined) this.removed.add(path);
    else if (!equalJson(old, value)) this.modified.add(path);
  }

  #maps(old: JsonObject | undefined, value: JsonObject | undefined, shape: Shape, path: string[]): void {
    const keys = keysOf(value, shape, this.builtIn);
    for (const key of keys) this.#entry(old, value, key, shape, path);
    for (const key of keysOf(old, shape, this.builtIn)) {
      if (entryOf(value, key, shape, this.builtIn) === undefined) this.#entry(old, value, key, shape, path);
    }
  }

  #entry(old: JsonObject | undefined, value: JsonObject | undefined, key: string, shape: Shape, path: string[]): void {
    const inner = shapeAt(shape, key);
    // A field that the shape does not have is not owned by anybody.
    if (inner === undefined) return;
    path.push(`f:${key}`);
    this.compare(entryOf(old, key, shape, this.builtIn), entryOf(value, key, shape, this.builtIn), inner, path);
    path.pop();
  }

  /** Items are compared by their keys; items that are there more than once are owned together, as one value. */
  #lists(old: readonly Json[], value: readonly Json[], shape: ListShape, path: string[]): void {
    const [before, after] = [this.#index(old, shape), this.#index(value, shape)];
    for (const element of new Set([...before.keys(), ...after.keys()])) {
      const [left, right] = [before.get(element) ?? [], after.get(element) ?? []];
      path.push(element);
      if (left.length <= 1 && right.length <= 1) this.compare(left[0], right[0], shape.items, path);
      else if (left.length >= 2 && right.length >= 2) {
        if (!equalJson(left, right)) this.modified.add(path);
      } else if (left.length >= 2) {
        if (right.length === 1) this.compare(undefined, right[0], shape.items, path);
        this.removed.add(path);
      } else {
        if (left.length === 1) this.compare(left[0], undefined, shape.items, path);
        this.added.add(path);
      }
      path.pop();
    }
  }

  #index(list: readonly Json[], shape: ListShape): Map<string, Json[]> {
    const items = new Map<string, Json[]>();
    for (const item of list) {
      const element = itemElement(shape, item);
      const known = items.get(element);
      if (known === undefined) items.set(element, [item]);
      else known.push(item);
    }
    return items;
  }
}

function objectOrNone(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}
