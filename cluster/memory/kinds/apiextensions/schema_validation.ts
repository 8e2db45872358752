/**
 * What a CustomResourceDefinition's schema may say.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go`
 * (ValidateCustomResourceDefinitionOpenAPISchema).
 */
import { child, type FieldError, forbidden, invalid, keyed, notSupported, required } from "../field_error.ts";
import { isEmbedded, itemsOf, type JSONSchemaProps, listKeysOf, listTypeOf, rulesOf, valuesOf } from "./json_schema.ts";
import { validateRuleDeclarations } from "./rule_validation.ts";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];

/** Where in an object a schema is. */
export interface Place {
  readonly isRoot: boolean;
  /** Inside a type or metadata, of the object or of an embedded one. */
  readonly isMeta: boolean;
  /** Why there may be no default, undefined where there may. */
  readonly noDefaults?: string;
  /** The path of what cannot be followed from one state of an object to the next: rules there know no old value. */
  readonly uncorrelated?: string;
}

export interface SchemaErrors {
  readonly schema: FieldError[];
  /** Of CEL expressions: looked for only where the schema itself is right. */
  readonly rules: FieldError[];
}

export function validateSchema(schema: JSONSchemaProps, path: string, checkRules: boolean): FieldError[] {
  const errors = validate(schema, path, { isRoot: true, isMeta: false }, checkRules ? schema : undefined);
  return [...errors.schema, ...errors.rules];
}

/** @param root the schema of the whole object; undefined where rules are not compiled */
function validate(
  schema: JSONSchemaProps,
  path: string,
  place: Place,
  root: JSONSchemaProps | undefined,
): SchemaErrors {
  const errors: SchemaErrors = { schema: standardErrors(schema, path, place), rules: [] };
  const descend = (inner: JSONSchemaProps | undefined, at: string, there: Place) => {
    if (inner === undefined) return;
    const found = validate(inner, at, { ...there, isRoot: false }, root);
    errors.schema.push(...found.schema);
    errors.rules.push(...found.rules);
  };
  if (schema.uniqueItems === true) {
    const why = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
    errors.schema.push(forbidden(child(path, "uniqueItems"), why));
  }
  const values = valuesOf(schema);
  const valuesPath = child(path, "additionalProperties");
  const hasProperties = Object.keys(schema.properties ?? {}).length > 0;
  if (values !== undefined && values !== true && hasProperties) {
    errors.schema.push(forbidden(valuesPath, "additionalProperties and properties are mutual exclusive"));
  }
  if (typeof values === "object") {
    const noDefaults = place.isMeta ? "inside additionalProperties applying to object metadata" : place.noDefaults;
    descend(values, valuesPath, { ...place, noDefaults });
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isMeta = (place.isRoot || isEmbedded(schema)) && ["metadata", "kind", "apiVersion"].includes(name);
    const noDefaults = isMeta && place.isRoot ? `in top-level ${name}` : place.noDefaults;
    const there = { ...place, isMeta: isMeta || place.isMeta, noDefaults };
    descend(property, keyed(child(path, "properties"), name), there);
  }
  const condition = (inner: JSONSchemaProps | undefined, at: string) => {
    if (inner === undefined) return;
    errors.schema.push(...validate(inner, at, { ...place, isRoot: false }, undefined).schema);
  };
  condition(schema.not, child(path, "not"));
  for (const name of ["allOf", "oneOf", "anyOf"] as const) {
    schema[name]?.forEach((inner, i) => condition(inner, child(path, name, i)));
  }
  for (const [name, inner] of Object.entries(schema.definitions ?? {})) {
    condition(inner, keyed(child(path, "definitions"), name));
  }
  const uncorrelated = listTypeOf(schema) === "map" ? place.uncorrelated : place.uncorrelated ?? path;
  descend(itemsOf(schema), child(path, "items"), { ...place, uncorrelated });
  if (Array.isArray(schema.items)) {
    schema.items.forEach((inner, i) =>
      descend(inner as JSONSchemaProps, child(path, "items", i), { ...place, uncorrelated })
    );
  }
  for (const [name, inner] of Object.entries(schema.dependencies ?? {})) {
    if (!Array.isArray(inner)) condition(inner as JSONSchemaProps, keyed(child(path, "dependencies"), name));
  }
  errors.schema.push(...extensionErrors(schema, path), ...listErrors(schema, path));
  if (rulesOf(schema).length > 0) {
    const found = validateRuleDeclarations(schema, path, place, errors.schema.length === 0 ? root : undefined);
    errors.schema.push(...found.schema);
    errors.rules.push(...found.rules);
  }
  return errors;
}

function standardErrors(schema: JSONSchemaProps, path: string, place: Place): FieldError[] {
  const errors: FieldError[] = [];
  const { type = "" } = schema;
  if (type !== "" && !TYPES.includes(type)) errors.push(notSupported(child(path, "type"), type, TYPES));
  if (schema.default !== undefined && place.noDefaults !== undefined) {
    errors.push(forbidden(child(path, "default"), `must not be set ${place.noDefaults}`));
  }
  for (const name of ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"] as const) {
    if (isSet(schema, name)) errors.push(forbidden(child(path, name), `${name} is not supported`));
  }
  if (type === "null") {
    errors.push(forbidden(child(path, "type"), "type cannot be set to null, use nullable as an alternative"));
  }
  if (Array.isArray(schema.items)) {
    errors.push(forbidden(child(path, "items"), "items must be a schema object and not an array"));
  }
  if (place.isMeta && isEmbedded(schema)) {
    errors.push(forbidden(child(path, "x-kubernetes-embedded-resource"), "must not be used inside of resource meta"));
  }
  return errors;
}

/** As Go sees it: an empty text or map is not set, unless it is held by a pointer. */
function isSet(schema: JSONSchemaProps, name: keyof JSONSchemaProps): boolean {
  const value = schema[name];
  if (value === undefined || value === null) return false;
  if (name === "id") return value !== "";
  return !["patternProperties", "definitions"].includes(name) || Object.keys(value).length > 0;
}

function extensionErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const keep = "x-kubernetes-preserve-unknown-fields";
  if (schema[keep] === false) errors.push(invalid(child(path, keep), false, "must be true or undefined"));
  const mapType = schema["x-kubernetes-map-type"];
  if (mapType !== undefined) {
    if (schema.type !== "object") errors.push(mustBe(schema, path, "object", "x-kubernetes-map-type"));
    if (!["atomic", "granular"].includes(mapType)) {
      errors.push(notSupported(child(path, "x-kubernetes-map-type"), mapType, ["atomic", "granular"]));
    }
  }
  return errors;
}

function mustBe({ type = "" }: JSONSchemaProps, path: string, wanted: string, extension: string): FieldError {
  const detail = `must be ${wanted} if ${extension} is specified`;
  return type === "" ? required(child(path, "type"), detail) : invalid(child(path, "type"), type, detail);
}

function listErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const listType = listTypeOf(schema);
  const errors: FieldError[] = [];
  const items = itemsOf(schema);
  const typePath = child(path, "x-kubernetes-list-type");
  if (listType !== undefined && schema.type !== "array") {
    errors.push(mustBe(schema, path, "array", "x-kubernetes-list-type"));
  } else if (listType === "set" && items !== undefined) errors.push(...setItemErrors(items, child(path, "items")));
  if (listType !== undefined && !["atomic", "set", "map"].includes(listType)) {
    errors.push(notSupported(typePath, listType, ["atomic", "set", "map"]));
  }
  if (listKeysOf(schema).length > 0 && listType !== "map") {
    const why = "must be map if x-kubernetes-list-map-keys is non-empty";
    errors.push(listType === undefined ? required(typePath, why) : invalid(typePath, listType, why));
  }
  if (listType === "map") errors.push(...mapErrors(schema, path));
  if (listType === "map" || listType === "set") errors.push(...keyErrors(schema, path, listType));
  return errors;
}

/** What is compared as a whole must be owned as a whole. */
function setItemErrors(items: JSONSchemaProps, path: string): FieldError[] {
  const why = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const listType = listTypeOf(items);
  if (items.type === "array" && listType !== undefined && listType !== "atomic") {
    return [invalid(child(path, "x-kubernetes-list-type"), listType, why)];
  }
  if (items.type === "object" && items["x-kubernetes-map-type"] !== "atomic") {
    return [invalid(child(path, "x-kubernetes-map-type"), listType ?? null, why)];
  }
  return [];
}

function mapErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const keysPath = child(path, "x-kubernetes-list-map-keys");
  const keys = listKeysOf(schema);
  const items = itemsOf(schema);
  if (keys.length === 0) errors.push(required(keysPath, "must not be empty if x-kubernetes-list-type is map"));
  if (schema.items === undefined) {
    errors.push(required(child(path, "items"), "must have a schema if x-kubernetes-list-type is map"));
  }
  if (items === undefined) return errors;
  if (items.type !== "object") {
    const why = "must be object if parent array's x-kubernetes-list-type is map";
    return [...errors, invalid(child(path, "items", "type"), items.type ?? "", why)];
  }
  for (const [index, key] of keys.entries()) {
    const property = items.properties?.[key];
    if (property === undefined) errors.push(invalid(keysPath, keys, "entries must all be names of item properties"));
    else if (property.type === "array" || property.type === "object") {
      const at = child(keyed(child(path, "items", "properties"), key), "type");
      errors.push(invalid(at, items.type, "must be a scalar type if parent array's x-kubernetes-list-type is map"));
    }
    if (keys.indexOf(key) < index) errors.push(invalid(keysPath, keys, "must not contain duplicate entries"));
  }
  return errors;
}

function keyErrors(schema: JSONSchemaProps, path: string, listType: string): FieldError[] {
  const items = itemsOf(schema);
  if (items === undefined) return [];
  const errors: FieldError[] = [];
  if (items.nullable === true) {
    errors.push(
      forbidden(child(path, "items", "nullable"), `cannot be nullable when x-kubernetes-list-type is ${listType}`),
    );
  }
  if (listType !== "map") return errors;
  for (const key of listKeysOf(schema)) {
    const property = items.properties?.[key];
    if (property === undefined) continue;
    const at = keyed(child(path, "items", "properties"), key);
    const about = "this property is in x-kubernetes-list-map-keys, so it";
    if (!items.required?.includes(key) && property.default === undefined) {
      errors.push(required(child(at, "default"), `${about} must have a default or be a required property`));
    }
    if (property.nullable === true) errors.push(forbidden(child(at, "nullable"), `${about} cannot be nullable`));
  }
  return errors;
}
