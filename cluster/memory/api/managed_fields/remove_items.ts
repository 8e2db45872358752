/**
 * An object without some of its fields and items.
 *
 * Source: `sigs.k8s.io/structured-merge-diff/typed/remove.go` and `fieldpath/set.go` (EnsureNamedFieldsAreMembers).
 */
import { isList, isObject, type Json, type JsonObject } from "../../kinds/json.ts";
import type { ListShape, Shape, StructShape } from "../../kinds/schema/shape.ts";
import { below, type FieldNode, type FieldSet } from "./field_set.ts";
import { isNamed, itemElement, partsOf, shapeAt } from "./typed_value.ts";

export function removeItems(object: JsonObject, fields: FieldSet, shape: StructShape): JsonObject {
  return remove(object, fields, shape, shape.name !== "") as JsonObject;
}

function remove(value: Json, fields: FieldSet, shape: Shape, builtIn: boolean): Json {
  const parts = fields.size === 0 ? "leaf" : partsOf(shape, value, undefined, builtIn);
  if (parts === "map" && isObject(value)) {
    const result: Record<string, Json> = {};
    for (const [key, entry] of Object.entries(value)) {
      const element = `f:${key}`;
      if (fields.get(element)?.member) continue;
      result[key] = remove(entry, below(fields, element), shapeAt(shape, key) ?? { is: "any" }, builtIn);
    }
    return result;
  }
  if (parts === "list" && isList(value)) {
    const list = shape as ListShape;
    const result: Json[] = [];
    for (const item of value) {
      const element = itemElement(list, item);
      if (!fields.get(element)?.member) result.push(remove(item, below(fields, element), list.items, builtIn));
    }
    return result;
  }
  return value;
}

/**
 * The set, with every named field that has members below it a member too: who owns `spec.template` in part owns the
 * field `spec` as well. The entries of maps stay as they are.
 */
export function withNamedFields(set: FieldSet, shape: Shape | undefined): FieldSet {
  if (set.size === 0) return set;
  const result = new Map<string, FieldNode>();
  for (const [element, { member, children }] of set) {
    const [named, inner] = step(element, shape);
    result.set(element, { member: member || named && children.size > 0, children: withNamedFields(children, inner) });
  }
  return result;
}

function step(element: string, shape: Shape | undefined): readonly [named: boolean, shape: Shape | undefined] {
  if (shape === undefined) return [false, undefined];
  if (element.startsWith("f:")) {
    const key = element.slice(2);
    return [isNamed(shape, key), shape.is === "list" ? undefined : shapeAt(shape, key)];
  }
  return [false, shape.is === "list" ? shape.items : undefined];
}
