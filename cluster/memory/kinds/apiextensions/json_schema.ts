/** The schema of a custom resource, as a CustomResourceDefinition has it, with what its type leaves open. */
import { isObject } from "../json.ts";
import type { JSONSchemaProps, ValidationRule } from "../schema/types.ts";

export type { JSONSchemaProps, ValidationRule };

/** The schema of a list's items; undefined for a list of schemas, which no CustomResourceDefinition may have. */
export function itemsOf({ items }: JSONSchemaProps): JSONSchemaProps | undefined {
  return isObject(items) ? items as JSONSchemaProps : undefined;
}

/** The schema of a map's values; `true` when any are allowed, `false` when none, undefined for no map. */
export function valuesOf({ additionalProperties }: JSONSchemaProps): JSONSchemaProps | boolean | undefined {
  if (additionalProperties === undefined || additionalProperties === null) return undefined;
  return typeof additionalProperties === "boolean" ? additionalProperties : additionalProperties as JSONSchemaProps;
}

export function propertyOf(schema: JSONSchemaProps, name: string): JSONSchemaProps | undefined {
  const { properties } = schema;
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** The schema of a property, whether it is named or a map's value. */
export function memberOf(schema: JSONSchemaProps, name: string): JSONSchemaProps | undefined {
  const property = propertyOf(schema, name);
  if (property !== undefined) return property;
  const values = valuesOf(schema);
  return typeof values === "object" ? values : undefined;
}

export const isEmbedded = (schema: JSONSchemaProps): boolean => schema["x-kubernetes-embedded-resource"] === true;
export const isIntOrString = (schema: JSONSchemaProps): boolean => schema["x-kubernetes-int-or-string"] === true;
export const preservesUnknown = (schema: JSONSchemaProps): boolean =>
  schema["x-kubernetes-preserve-unknown-fields"] === true;
export const rulesOf = (schema: JSONSchemaProps): readonly ValidationRule[] => schema["x-kubernetes-validations"] ?? [];
export const listTypeOf = (schema: JSONSchemaProps): string | undefined => schema["x-kubernetes-list-type"];
export const listKeysOf = (schema: JSONSchemaProps): readonly string[] => schema["x-kubernetes-list-map-keys"] ?? [];

/** Whether the schema or one inside it is as `test` asks. */
export function someSchema(schema: JSONSchemaProps, test: (schema: JSONSchemaProps) => boolean): boolean {
  if (test(schema)) return true;
  const values = valuesOf(schema);
  const inside = [
    itemsOf(schema),
    typeof values === "object" ? values : undefined,
    schema.not,
    ...schema.allOf ?? [],
    ...schema.anyOf ?? [],
    ...schema.oneOf ?? [],
    ...Object.values(schema.properties ?? {}),
  ];
  return inside.some((inner) => inner !== undefined && someSchema(inner, test));
}
