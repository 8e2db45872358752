/**
 * Whether a schema is structural: it says the type of every field once, and adds conditions on values elsewhere.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/{validation,complete,convert}.go`.
 */
import { child, type FieldError, forbidden, invalid, keyed, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import {
  isEmbedded,
  isIntOrString,
  itemsOf,
  type JSONSchemaProps,
  preservesUnknown,
  rulesOf,
  valuesOf,
} from "./json_schema.ts";
import { compilePattern, PatternError } from "../cel/pattern.ts";

type Level = "root" | "item" | "field";

/** The errors, sorted by their texts. */
export function validateStructural(schema: JSONSchemaProps, path: string): FieldError[] {
  const errors = [...invariants(schema, "root", path), ...completeness(schema, schema, path, path)];
  const text = ({ field, message }: FieldError) => `${field}: ${message}`;
  return errors.sort((a, b) => text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0);
}

function invariants(schema: JSONSchemaProps, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const items = itemsOf(schema);
  if (schema.type === "array" && items === undefined) errors.push(required(child(path, "items"), "must be specified"));
  if (items !== undefined) errors.push(...invariants(items, "item", child(path, "items")));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    errors.push(...invariants(property, "field", keyed(child(path, "properties"), name)));
  }
  const values = valuesOf(schema);
  const at = child(path, "additionalProperties");
  if (values !== undefined && level === "root") errors.push(forbidden(at, "must not be used at the root"));
  if (typeof values === "object") errors.push(...invariants(values, "field", at));
  errors.push(...extensionErrors(schema, path), ...valueErrors(schema, path, 0));
  errors.push(...typeErrors(schema, level, path));
  if (isEmbedded(schema) && values !== undefined) {
    errors.push(forbidden(at, "must not be used if x-kubernetes-embedded-resource is set"));
  }
  errors.push(...metadataErrors(schema, level, path));
  if (isEmbedded(schema) && !preservesUnknown(schema) && Object.keys(schema.properties ?? {}).length === 0) {
    const why =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    errors.push(required(child(path, "properties"), why));
  }
  return errors;
}

const EMPTY_TYPE: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

function typeErrors(schema: JSONSchemaProps, level: Level, path: string): FieldError[] {
  const { type = "" } = schema;
  const at = child(path, "type");
  const errors: FieldError[] = [];
  if (isEmbedded(schema) && type !== "object") {
    const why = "must be object if x-kubernetes-embedded-resource is true";
    errors.push(type === "" ? required(at, why) : invalid(at, type, why));
  } else if (type === "" && !isIntOrString(schema) && !preservesUnknown(schema)) {
    errors.push(required(at, EMPTY_TYPE[level]));
  }
  if (level === "root" && type !== "" && type !== "object") {
    errors.push(invalid(at, type, "must be object at the root"));
  }
  return errors;
}

function metadataErrors(schema: JSONSchemaProps, level: Level, path: string): FieldError[] {
  const { kind, apiVersion, metadata } = schema.properties ?? {};
  const errors: FieldError[] = [];
  const isResource = level === "root" || isEmbedded(schema);
  for (const [name, property] of [["kind", kind], ["apiVersion", apiVersion]] as const) {
    if (property === undefined || !isResource || property.type === "string") continue;
    errors.push(invalid(child(keyed(child(path, "properties"), name), "type"), property.type ?? "", "must be string"));
  }
  if (metadata === undefined) return errors;
  const at = keyed(child(path, "properties"), "metadata");
  if (isResource && metadata.type !== "object") {
    errors.push(invalid(child(at, "type"), metadata.type ?? "", "must be object"));
  }
  if (level === "root" && !restrictsNameOnly(metadata)) {
    const why = "must not specify anything other than name and generateName, but metadata is implicitly specified";
    errors.push(forbidden(at, why));
  }
  return errors;
}

function restrictsNameOnly({ type: _type, default: _default, properties = {}, ...rest }: JSONSchemaProps): boolean {
  return Object.keys(properties).every((name) => name === "name" || name === "generateName") &&
    Object.keys(rest).length === 0;
}

function extensionErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  if (!isIntOrString(schema)) return [];
  return ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"]
    .filter((name) => (schema as Readonly<Record<string, unknown>>)[name] === true)
    .map((name) => invalid(child(path, name), true, "must be false if x-kubernetes-int-or-string is true"));
}

/** The one place where types may stand in alternatives: an int-or-string says its two. */
const INT_OR_STRING = [{ type: "integer" }, { type: "string" }];

function valueErrors(schema: JSONSchemaProps, path: string, depth: number): FieldError[] {
  const { allOf = [], anyOf = [], oneOf = [], not, pattern = "" } = schema;
  const errors: FieldError[] = [];
  if (depth > 0 || !equalJson(anyOf, INT_OR_STRING)) {
    anyOf.forEach((inner, i) => errors.push(...nestedErrors(inner, child(path, "anyOf", i))));
  }
  allOf.forEach((inner, i) => {
    const isTyped = i === 0 && depth === 0 && equalJson(inner.anyOf ?? [], INT_OR_STRING);
    const { anyOf: _, ...untyped } = inner;
    errors.push(...nestedErrors(isTyped ? untyped : inner, child(path, "allOf", i)));
  });
  oneOf.forEach((inner, i) => errors.push(...nestedErrors(inner, child(path, "oneOf", i))));
  if (not !== undefined) errors.push(...nestedErrors(not, child(path, "not")));
  if (pattern !== "") {
    try {
      compilePattern(pattern);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      const why = `must be a valid regular expression, but isn't: ${error.message}`;
      errors.push(invalid(child(path, "pattern"), pattern, why));
    }
  }
  return errors;
}

/** What only the structural part of a schema may say. */
const FORBIDDEN_INSIDE: readonly (readonly [name: string, why: string])[] = [
  ["type", "must be empty to be structural"],
  ["additionalProperties", "must be undefined to be structural"],
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
];

function nestedErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const errors = valueErrors(schema, path, 1);
  const items = itemsOf(schema);
  if (items !== undefined) errors.push(...nestedErrors(items, child(path, "items")));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    errors.push(...nestedErrors(property, keyed(child(path, "properties"), name)));
  }
  for (const [name, why] of FORBIDDEN_INSIDE) {
    const value = (schema as Readonly<Record<string, unknown>>)[name];
    const isUnset = value === undefined || value === false && name !== "additionalProperties" || value === "" ||
      Array.isArray(value) && value.length === 0;
    if (!isUnset) errors.push(forbidden(child(path, name), why));
  }
  if (rulesOf(schema).length > 0) {
    errors.push(forbidden(child(path, "x-kubernetes-validations"), "must be empty to be structural"));
  }
  if (schema.properties?.metadata !== undefined) {
    errors.push(forbidden(keyed(child(path, "properties"), "metadata"), "must not be specified in a nested context"));
  }
  return errors;
}

/** Every field that a condition names must be there in the structural part. */
function completeness(
  conditions: JSONSchemaProps,
  structure: JSONSchemaProps | undefined,
  structurePath: string,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const check = (inner: JSONSchemaProps, at: string) =>
    void errors.push(...nestedCompleteness(inner, structure, structurePath, at));
  if (conditions.not !== undefined) check(conditions.not, child(path, "not"));
  conditions.allOf?.forEach((inner, i) => check(inner, child(path, "allOf", i)));
  conditions.anyOf?.forEach((inner, i) => check(inner, child(path, "anyOf", i)));
  conditions.oneOf?.forEach((inner, i) => check(inner, child(path, "oneOf", i)));
  return errors;
}

function nestedCompleteness(
  conditions: JSONSchemaProps,
  structure: JSONSchemaProps | undefined,
  structurePath: string,
  path: string,
): FieldError[] {
  if (structure === undefined) return [required(structurePath, `because it is defined in ${path}`)];
  const errors = completeness(conditions, structure, structurePath, path);
  const items = itemsOf(conditions);
  if (items !== undefined) {
    const at = child(structurePath, "items");
    errors.push(...nestedCompleteness(items, itemsOf(structure), at, child(path, "items")));
  }
  for (const [name, property] of Object.entries(conditions.properties ?? {})) {
    const [there, here] = [structurePath, path].map((path) => keyed(child(path, "properties"), name));
    errors.push(...nestedCompleteness(property, structure.properties?.[name], there, here));
  }
  return errors;
}
