/** The words in which the schemas of definitions are written here: short, so that what differs can be seen. */

export type Schema = { readonly [field: string]: unknown };

/** A field that must be there. */
export interface RequiredField {
  readonly mustBeThere: Schema;
}

/** A field that must be there. */
export const required = (schema: Schema): RequiredField => ({ mustBeThere: schema });

const isRequired = (field: Schema | RequiredField): field is RequiredField => "mustBeThere" in field;

export type Fields = Readonly<Record<string, Schema | RequiredField>>;

/** @param more rules, defaults, descriptions */
export function object(fields: Fields, more: Schema = {}): Schema {
  const entries = Object.entries(fields);
  const names = entries.filter(([, field]) => isRequired(field)).map(([name]) => name);
  const properties = Object.fromEntries(
    entries.map(([name, field]) => [name, isRequired(field) ? field.mustBeThere : field]),
  );
  return { type: "object", properties, ...names.length === 0 ? {} : { required: names }, ...more };
}

/**
 * A schema with descriptions.
 *
 * @param texts by the path of a field, "spec.rules.matches"; lists are passed through, and "" is the schema itself
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { described, list, object, text } from "./schema.ts";
 *
 * const schema = described(object({ names: list(object({ first: text(0, 9) }), 3) }), { "names.first": "The first." });
 * assert.ok(JSON.stringify(schema).includes('"maxLength":9,"description":"The first."'));
 * ```
 */
export function described(schema: Schema, texts: Readonly<Record<string, string>>, path = ""): Schema {
  const { properties, items } = schema as { readonly properties?: Record<string, Schema>; readonly items?: Schema };
  const below = (name: string) => path === "" ? name : `${path}.${name}`;
  return {
    ...schema,
    ...properties === undefined ? {} : {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, field]) => [name, described(field, texts, below(name))]),
      ),
    },
    // What is said of a list is said of it, not of its items.
    ...items === undefined ? {} : { items: described(items, { ...texts, [path]: "" }, path) },
    ...texts[path] ? { description: texts[path] } : {},
  };
}

export const text = (minLength: number, maxLength: number, pattern?: string): Schema => ({
  type: "string",
  ...minLength === 0 ? {} : { minLength },
  maxLength,
  ...pattern === undefined ? {} : { pattern },
});

export const oneOf = (...values: readonly string[]): Schema => ({ type: "string", enum: values });

export const integer = (minimum: number, maximum: number, format = "int32"): Schema => ({
  type: "integer",
  format,
  minimum,
  maximum,
});

/** A list that is replaced as a whole. */
export const list = (items: Schema, maxItems: number, more: Schema = {}): Schema => ({
  type: "array",
  items,
  maxItems,
  "x-kubernetes-list-type": "atomic",
  ...more,
});

/** A list whose items are known by a field. */
export const listByKey = (key: string, items: Schema, maxItems: number, more: Schema = {}): Schema => ({
  type: "array",
  items,
  maxItems,
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": [key],
  ...more,
});

/** A field that has a value where none is given. */
export const withDefault = (schema: Schema, value: unknown): Schema => ({ ...schema, default: value });

/** A rule of the Common Expression Language, with what is said where it does not hold. */
export const rules = (...pairs: readonly (readonly [message: string, rule: string])[]): Schema => ({
  "x-kubernetes-validations": pairs.map(([message, rule]) => ({ message, rule })),
});

/** Names and values of anybody's choice. */
export const map = (maxProperties: number, values: Schema): Schema => ({
  type: "object",
  maxProperties,
  additionalProperties: values,
});

/** Conditions, as all of Kubernetes has them. */
export const conditions = (initial: readonly string[] = []): Schema =>
  listByKey(
    "type",
    object({
      lastTransitionTime: required({ type: "string", format: "date-time" }),
      message: required({ type: "string", maxLength: 32768 }),
      observedGeneration: { type: "integer", format: "int64", minimum: 0 },
      reason: required(text(1, 1024, "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")),
      status: required(oneOf("True", "False", "Unknown")),
      type: required(
        text(
          0,
          316,
          "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
        ),
      ),
    }),
    8,
    initial.length === 0 ? {} : {
      default: initial.map((type) => ({
        type,
        status: "Unknown",
        reason: "Pending",
        message: "Waiting for controller",
        lastTransitionTime: "1970-01-01T00:00:00Z",
      })),
    },
  );

const LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
export const SUBDOMAIN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

export const group = text(0, 253, `^$|${SUBDOMAIN}`);
export const kind = text(1, 63, "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$");
export const name = text(1, 253);
export const namespace = text(1, 63, LABEL);
export const sectionName = text(1, 253, SUBDOMAIN);
export const hostname = text(1, 253, `^(\\*\\.)?${SUBDOMAIN.slice(1)}`);
export const port = integer(1, 65535);
