/** How strategic merge patch treats a field: what its Go struct tags say. */
import type { Field, Shape } from "../../kinds/schema/shape.ts";
import { impossible } from "./strategic_errors.ts";

export interface PatchMetadata {
  /** "merge", "replace" or "" (objects merge, lists are replaced). */
  readonly strategy: string;
  /** "" when the list's items are no objects, or never merge. */
  readonly mergeKey: string;
  /** Of the field's value; of a list its items'. */
  readonly shape: Shape;
}

/**
 * @param of "list" when the field holds one and its items are asked for
 * @throws {StatusError} 500 when the shape has no such field
 */
export function patchMetadata(shape: Shape, key: string, of: "value" | "list" = "value"): PatchMetadata {
  const { shape: value, patchStrategy = "", patchMergeKey = "" } = fieldNamed(shape, key);
  const strategy = patchStrategy.split(",").find((part) => part !== "retainKeys") ?? "";
  if (of === "value") return { strategy, mergeKey: patchMergeKey, shape: value };
  if (value.is !== "list") throw impossible(`expected slice or array type, but got: ${goKindOf(shape)}`);
  return { strategy, mergeKey: patchMergeKey, shape: value.items };
}

function fieldNamed(shape: Shape, key: string): Field {
  if (shape.is !== "struct") {
    throw impossible(`merging an object in json but data type is not struct, instead is: ${goKindOf(shape)}`);
  }
  const exact = shape.fields.get(key);
  if (exact !== undefined) return exact;
  const folded = key.toLowerCase();
  for (const field of shape.fields.values()) if (field.name.toLowerCase() === folded) return field;
  const name = shape.name.slice(shape.name.lastIndexOf(".") + 1);
  throw impossible(`unable to find api field in struct ${name} for the json field ${JSON.stringify(key)}`);
}

const GO_KINDS: Readonly<Record<string, string>> = {
  string: "string",
  bool: "bool",
  int32: "int32",
  int64: "int64",
  double: "float64",
  bytes: "slice",
};

/** The kind of Go value that holds such data. */
export function goKindOf(shape: Shape): string {
  if (shape.is === "list") return "slice";
  if (shape.is === "map") return "map";
  return shape.is === "scalar" ? GO_KINDS[shape.type] ?? "struct" : "struct";
}
