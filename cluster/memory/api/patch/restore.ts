/**
 * Whether a map can become a Go value again, as the API server makes one of what a strategic merge patch leaves.
 *
 * Source: `k8s.io/apimachinery/pkg/runtime/converter.go` (FromUnstructured).
 */
import type { Json } from "../../kinds/json.ts";
import { isList, isObject } from "../../kinds/json.ts";
import type { ScalarType, Shape } from "../../kinds/schema/shape.ts";
import { goItemType, goType } from "../decode/go_type.ts";

/** The kinds that Go's reflection tells apart in plain JSON. */
type Kind = "bool" | "int64" | "float64" | "string" | "slice" | "map";

/** What Go calls the kind of a scalar; the others read their own JSON. */
const SIMPLE: Partial<Record<ScalarType, string>> = {
  string: "string",
  bool: "bool",
  int32: "int32",
  int64: "int64",
  double: "float64",
};

/**
 * Kubernetes' words for the first value of a kind that its field cannot hold; undefined when all can be.
 *
 * @param current what the value was made from: the parts that are still the very same are not looked at
 * @param named the Go type of the field, where it has one of its own ("v1.Protocol")
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shapeOf } from "../../kinds/schema/shape.ts";
 * import { restoreError } from "./restore.ts";
 *
 * const deployment = shapeOf("apps.v1.Deployment");
 * assert.equal(restoreError({ spec: { replicas: "three" } }, deployment), "unrecognized type: int32");
 * assert.equal(restoreError({ spec: { replicas: 3 } }, deployment), undefined);
 * ```
 */
export function restoreError(value: Json, shape: Shape, current?: Json, named?: string): string | undefined {
  if (value === null || value === current) return undefined;
  switch (shape.is) {
    case "any":
      return undefined;
    case "scalar":
      return scalarError(kindOf(value), shape.type, named ?? goType(shape));
    case "struct":
      if (!isObject(value)) return `cannot restore struct from: ${kindOf(value)}`;
      return first(
        shape.fields.values(),
        ({ name, shape, goType }) => restoreError(value[name] ?? null, shape, memberOf(current, name), goType),
      );
    case "map":
      if (!isObject(value)) return `cannot restore map from ${kindOf(value)}`;
      return first(
        Object.entries(value),
        ([name, item]) => restoreError(item ?? null, shape.values, memberOf(current, name), goItemType(named)),
      );
    case "list":
      if (!isList(value)) return `cannot restore slice from ${kindOf(value)}`;
      return first(value, (item) => restoreError(item, shape.items, undefined, goItemType(named)));
  }
}

const memberOf = (value: Json | undefined, name: string): Json | undefined =>
  value !== undefined && isObject(value) ? value[name] : undefined;

function first<T>(items: Iterable<T>, errorOf: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const error = errorOf(item);
    if (error !== undefined) return error;
  }
  return undefined;
}

function scalarError(from: Kind, type: ScalarType, named: string): string | undefined {
  if (type === "bytes") return from === "string" ? undefined : `cannot restore slice from ${from}`;
  const to = SIMPLE[type];
  if (to === undefined || from === to) return undefined;
  const [isNumber, wantsNumber] = [from === "int64" || from === "float64", to !== "string" && to !== "bool"];
  if (from === "int64" && wantsNumber) return undefined;
  // Go can convert these, but JSON does not: a number to the character of that code, a fraction to a whole number.
  if ((isNumber && wantsNumber) || (from === "int64" && to === "string")) return `cannot convert ${from} to ${named}`;
  return `unrecognized type: ${to}`;
}

function kindOf(value: Json): Kind {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
      return Number.isInteger(value) ? "int64" : "float64";
    default:
      return isList(value) ? "slice" : "map";
  }
}
