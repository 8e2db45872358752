/**
 * Whole objects inside custom resources have a type and sound metadata.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta/validation.go`.
 */
import { child, type FieldError, invalid, required } from "../field_error.ts";
import { isList, isObject, type Json, type JsonObject } from "../json.ts";
import { dns1035Label } from "../names.ts";
import { validateObjectMeta } from "../object_meta.ts";
import type { ObjectMeta } from "../schema/types.ts";
import { isEmbedded, itemsOf, type JSONSchemaProps, propertyOf, valuesOf } from "./json_schema.ts";

/** @param schema of the value; a whole custom resource is not embedded itself */
export function validateEmbedded(value: Json, schema: JSONSchemaProps, path = ""): FieldError[] {
  if (isList(value)) {
    const items = itemsOf(schema);
    return items === undefined ? [] : value.flatMap((item, index) => validateEmbedded(item, items, child(path, index)));
  }
  if (!isObject(value)) return [];
  const values = valuesOf(schema);
  const inside = Object.entries(value).flatMap(([name, entry]) => {
    const property = propertyOf(schema, name);
    if (property !== undefined) return validateEmbedded(entry, property, child(path, name));
    return typeof values === "object" ? validateEmbedded(entry, values, `${path}[${name}]`) : [];
  });
  return isEmbedded(schema) ? [...validateResource(value, path), ...inside] : inside;
}

function validateResource(object: JsonObject, path: string): FieldError[] {
  return [
    ...validateText(object.apiVersion, child(path, "apiVersion"), apiVersionErrors),
    ...validateText(object.kind, child(path, "kind"), kindErrors),
    ...isObject(object.metadata) ? validateMetadata(object.metadata, child(path, "metadata")) : [],
  ];
}

function validateText(value: Json | undefined, path: string, rule: (text: string) => readonly string[]): FieldError[] {
  if (value === undefined) return [required(path)];
  if (typeof value !== "string") return [invalid(path, value, "must be a string")];
  if (value === "") return [invalid(path, value, "must not be empty")];
  return rule(value).map((text) => invalid(path, value, text));
}

function apiVersionErrors(text: string): string[] {
  return text.split("/").length > 2 ? [`unexpected GroupVersion string: ${text}`] : [];
}

function kindErrors(text: string): string[] {
  const errors = dns1035Label(text.toLowerCase());
  return errors.length === 0 ? [] : [`may have mixed case, but should otherwise match: ${errors.join(",")}`];
}

function validateMetadata(metadata: JsonObject, path: string): FieldError[] {
  const meta = metadata as unknown as ObjectMeta;
  // An embedded object needs no name, but one that it has must be right.
  const named = meta.name ? meta : { ...meta, name: "fakename" };
  return validateObjectMeta(named, (meta.namespace ?? "") !== "", "path", path);
}
