/**
 * All fields that an object sets.
 *
 * Source: `sigs.k8s.io/structured-merge-diff/typed/tofieldset.go`.
 */
import { isList, isObject, type Json, type JsonObject } from "../../kinds/json.ts";
import type { ListShape, Shape, StructShape } from "../../kinds/schema/shape.ts";
import { type FieldSet, FieldSetBuilder } from "./field_set.ts";
import { isNamed, itemElement, partsOf, shapeAt } from "./typed_value.ts";

export function toFieldSet(object: JsonObject, shape: StructShape): FieldSet {
  const builder = new FieldSetBuilder();
  collect(object, shape, [], builder, shape.name !== "");
  return builder.set;
}

function collect(value: Json, shape: Shape, path: string[], into: FieldSetBuilder, builtIn: boolean): void {
  const parts = partsOf(shape, value, undefined, builtIn);
  if (parts === "leaf") into.add(path);
  else if (parts === "list") collectItems(isList(value) ? value : [], shape as ListShape, path, into, builtIn);
  else if (isObject(value)) {
    for (const [key, entry] of Object.entries(value)) {
      const inner = shapeAt(shape, key);
      if (inner === undefined || entry === undefined) continue;
      path.push(`f:${key}`);
      collect(entry, inner, path, into, builtIn);
      // The entries of a map are owned themselves; so is what holds nothing that could be.
      const hollow = entry === null || isObject(entry) && Object.keys(entry).length === 0;
      if (hollow || !isNamed(shape, key)) into.add(path);
      path.pop();
    }
  }
}

/** Items that are there more than once are owned together, as one value. */
function collectItems(
  list: readonly Json[],
  shape: ListShape,
  path: string[],
  into: FieldSetBuilder,
  builtIn: boolean,
) {
  const elements = list.map((item) => itemElement(shape, item));
  const counts = new Map<string, number>();
  for (const element of elements) counts.set(element, (counts.get(element) ?? 0) + 1);
  for (const [index, element] of elements.entries()) {
    path.push(element);
    if (counts.get(element) === 1) collect(list[index], shape.items, path, into, builtIn);
    into.add(path);
    path.pop();
  }
}
