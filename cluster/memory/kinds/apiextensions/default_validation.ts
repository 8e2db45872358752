/**
 * Whether the defaults in a schema are values that the schema allows.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go`.
 */
import { child, type FieldError, invalid, keyed } from "../field_error.ts";
import { equalJson, isList, isObject, type Json } from "../json.ts";
import { validateEmbedded } from "./embedded_resource.ts";
import { isEmbedded, itemsOf, type JSONSchemaProps, preservesUnknown, propertyOf, valuesOf } from "./json_schema.ts";
import { validateRules } from "./rules.ts";
import { validateValue } from "./value_validation.ts";

export function validateDefaults(schema: JSONSchemaProps, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.default !== undefined && schema.default !== null) {
    const [value, at] = [schema.default as Json, child(path, "default")];
    if (!equalJson(pruned(value, schema), value)) errors.push(invalid(at, value, "must not have unknown fields"));
    const named = validateValue(value, schema, at)
      // A message names what is wrong within the default.
      .map((error) => ({ ...error, message: error.message.replace(`: ${at}`, ": ") }));
    const wrong = [...validateEmbedded(value, schema, at), ...named];
    errors.push(...wrong);
    if (wrong.length === 0) errors.push(...validateRules(value, undefined, schema, at));
  }
  const items = itemsOf(schema);
  if (items !== undefined) errors.push(...validateDefaults(items, child(path, "items")));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    errors.push(...validateDefaults(property, keyed(child(path, "properties"), name)));
  }
  return errors;
}

const META: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/** The value without what its schema does not know. */
function pruned(value: Json, schema: JSONSchemaProps | undefined): Json {
  if (isList(value)) return value.map((item) => pruned(item, schema && itemsOf(schema)));
  if (!isObject(value)) return value;
  if (schema === undefined) return {};
  const values = valuesOf(schema);
  const kept = Object.entries(value).flatMap(([name, entry]): [string, Json][] => {
    if (isEmbedded(schema) && META.has(name)) return [[name, entry]];
    const property = propertyOf(schema, name) ?? (typeof values === "object" ? values : undefined);
    if (property !== undefined) return [[name, pruned(entry, property)]];
    return preservesUnknown(schema) || values === true ? [[name, entry]] : [];
  });
  return Object.fromEntries(kept);
}
