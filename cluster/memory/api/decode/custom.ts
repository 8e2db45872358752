/**
 * What becomes of a custom resource after it is read: metadata are those of any object, and what the schema does not
 * know is dropped.
 *
 * Source: `apiextensions-apiserver/pkg/apiserver/customresource_handler.go` (unstructuredSchemaCoercer).
 */
import { shapeOf, type StructShape } from "../../kinds/schema/shape.ts";
import { readJson } from "./json_reader.ts";
import { prune } from "./prune.ts";

export interface Coerced {
  /** Metadata that cannot be read, in Go's words. */
  readonly problem?: string;
  /** Unknown fields, as strict errors. */
  readonly unknown: readonly string[];
}

/** Reads the metadata of `object` and drops its unknown fields: it is changed in place. */
export function coerce(object: Record<string, unknown>, shape: StructShape): Coerced {
  const unknown: string[] = [];
  if (object.metadata !== undefined) {
    const { value, problem, strictErrors } = readJson(sortedJson(object.metadata), shapeOf("meta.v1.ObjectMeta"));
    if (problem !== undefined) return { problem, unknown };
    if (value === undefined) delete object.metadata;
    else object.metadata = value;
    unknown.push(...strictErrors.map((error) => error.replace('field "', 'field "metadata.')));
  }
  unknown.push(...prune(object, shape).map((path) => `unknown field "${path}"`));
  return { unknown };
}

/** Go writes the keys of what it read without a type in the order of the alphabet. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) => {
    if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => a < b ? -1 : 1));
  });
}
