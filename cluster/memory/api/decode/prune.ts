/**
 * Drops from a custom resource what its schema does not know.
 *
 * Source: `apiextensions-apiserver/pkg/apiserver/schema/pruning/algorithm.go`.
 */
import type { Shape, StructShape } from "../../kinds/schema/shape.ts";

/** Fields of the root that every object has, whether or not its schema says so. */
const TYPE_META: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/**
 * Removes unknown fields from `object`, which is changed in place.
 *
 * @returns their paths, sorted: "spec.foo", "spec.items[0].bar"
 */
export function prune(object: Record<string, unknown>, shape: StructShape): string[] {
  const dropped: string[] = [];
  pruneStruct(object, shape, "", dropped);
  return dropped.sort();
}

function pruneStruct(object: Record<string, unknown>, shape: StructShape, path: string, dropped: string[]) {
  for (const key of Object.keys(object)) {
    const field = shape.fields.get(key);
    const inside = path === "" ? key : `${path}.${key}`;
    if (field !== undefined) pruneValue(object[key], field.shape, inside, dropped);
    else if (!shape.preserveUnknown && !(path === "" && TYPE_META.has(key))) {
      dropped.push(inside);
      delete object[key];
    }
  }
}

function pruneValue(value: unknown, shape: Shape, path: string, dropped: string[]) {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    if (shape.is === "list") value.forEach((item, i) => pruneValue(item, shape.items, `${path}[${i}]`, dropped));
  } else if (shape.is === "struct") pruneStruct(value as Record<string, unknown>, shape, path, dropped);
  else if (shape.is === "map") {
    for (const [key, item] of Object.entries(value)) pruneValue(item, shape.values, `${path}.${key}`, dropped);
  }
}
