/**
 * What keeps a schema from being structural at all: fields of JSON Schema that Kubernetes does not take.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/convert.go` (NewStructural).
 */
import { itemsOf, type JSONSchemaProps, valuesOf } from "./json_schema.ts";

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || typeof value === "object" && Object.keys(value).length === 0;

/** In Kubernetes' order, by the names that its messages give them. */
const UNSUPPORTED = [
  ["id", "id"],
  ["$schema", "schema"],
  ["$ref", "$ref"],
  ["patternProperties", "patternProperties"],
  ["dependencies", "dependencies"],
  ["additionalItems", "additionalItems"],
  ["definitions", "definitions"],
] as const satisfies readonly (readonly [keyof JSONSchemaProps, string])[];

/** The first such field, anywhere in the schema, in Kubernetes' words. */
export function unsupportedIn(schema: JSONSchemaProps): string | undefined {
  const found = UNSUPPORTED.find(([field]) =>
    field === "additionalItems" ? schema[field] !== undefined : !isEmpty(schema[field])
  );
  if (found !== undefined) return `OpenAPIV3Schema '${found[1]}' is not supported`;
  const { allOf = [], anyOf = [], oneOf = [], not, properties = {} } = schema;
  const values = valuesOf(schema);
  const conditions = firstOf([...allOf, ...anyOf, ...oneOf, ...not === undefined ? [] : [not]]);
  if (conditions !== undefined) return conditions;
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) {
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  }
  if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  const items = itemsOf(schema);
  return firstOf([
    ...items === undefined ? [] : [items],
    ...Object.values(properties),
    ...typeof values === "object" ? [values] : [],
  ]);
}

function firstOf(schemas: readonly JSONSchemaProps[]): string | undefined {
  for (const schema of schemas) {
    const found = unsupportedIn(schema);
    if (found !== undefined) return found;
  }
  return undefined;
}
