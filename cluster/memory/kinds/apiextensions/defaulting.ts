/**
 * Fills in the defaults of a schema, and drops nulls where nothing may be null.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/{algorithm,prunenulls}.go`.
 */
import { draft } from "../object.ts";
import { itemsOf, type JSONSchemaProps, propertyOf, valuesOf } from "./json_schema.ts";

/** @param value changed in place */
export function applyDefaults(value: unknown, schema: JSONSchemaProps): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items === undefined) return;
    for (const [index, item] of value.entries()) {
      if (isForbiddenNull(item, items) && items.default !== undefined) value[index] = draft(items.default);
      applyDefaults(value[index], items);
    }
    return;
  }
  const object = value as Record<string, unknown>;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isMissing = object[name] === undefined || isForbiddenNull(object[name], property);
    if (isMissing && property.default !== undefined) object[name] = draft(property.default);
  }
  const values = valuesOf(schema);
  for (const name of Object.keys(object)) {
    const property = propertyOf(schema, name);
    if (property !== undefined) {
      if (isForbiddenNull(object[name], property)) delete object[name];
      else applyDefaults(object[name], property);
    } else if (typeof values === "object") {
      if (isForbiddenNull(object[name], values)) {
        if (values.default === undefined) delete object[name];
        else object[name] = draft(values.default);
      }
      applyDefaults(object[name], values);
    }
  }
}

function isForbiddenNull(value: unknown, schema: JSONSchemaProps): boolean {
  return value === null && schema.nullable !== true;
}
