import assert from "node:assert/strict";
import { loadCel } from "../../../cluster/memory/kinds/cel/engine.ts";
import type { JSONSchemaProps } from "../../../cluster/memory/kinds/apiextensions/json_schema.ts";
import { validateSchema } from "../../../cluster/memory/kinds/apiextensions/schema_validation.ts";
import { validateStructural } from "../../../cluster/memory/kinds/apiextensions/structural_schema.ts";
import { validateDefaults } from "../../../cluster/memory/kinds/apiextensions/default_validation.ts";

// The expressions here come to their evaluation without having been written through the API.
await loadCel();

const texts = (errors: readonly { readonly field: string; readonly message: string }[]) =>
  errors.map(({ field, message }) => `${field}: ${message}`);

/** Of a field `f` of an object. */
const within = (field: unknown): JSONSchemaProps =>
  ({ type: "object", properties: { f: field } }) as unknown as JSONSchemaProps;

const structural = (field: unknown) => texts(validateStructural(within(field), "s"));
const schema = (field: unknown) => texts(validateSchema(within(field), "s", true));

Deno.test("a structural schema says every type once", () => {
  assert.deepEqual(structural({ type: "string", anyOf: [{ minLength: 1 }, { pattern: "^a" }] }), []);
  assert.deepEqual(structural({}), [
    "s.properties[f].type: Required value: must not be empty for specified object fields",
  ]);
  assert.deepEqual(structural({ type: "array" }), ["s.properties[f].items: Required value: must be specified"]);
  assert.deepEqual(structural({ type: "array", items: {} }), [
    "s.properties[f].items.type: Required value: must not be empty for specified array items",
  ]);
  assert.deepEqual(structural({ type: "string", anyOf: [{ type: "string" }] }), [
    "s.properties[f].anyOf[0].type: Forbidden: must be empty to be structural",
  ]);
  assert.deepEqual(texts(validateStructural({ type: "string" }, "s")), [
    's.type: Invalid value: "string": must be object at the root',
  ]);
});

Deno.test("what a condition names is there in the structure", () => {
  const conditional = { ...within({ type: "string" }), not: { properties: { g: { maxLength: 1 } } } };
  assert.deepEqual(texts(validateStructural(conditional, "s")), [
    "s.properties[g]: Required value: because it is defined in s.not.properties[g]",
  ]);
});

Deno.test("an int-or-string, an embedded resource and what is preserved need no type", () => {
  const either = [{ type: "integer" }, { type: "string" }];
  assert.deepEqual(structural({ "x-kubernetes-int-or-string": true, anyOf: either }), []);
  assert.deepEqual(structural({ "x-kubernetes-int-or-string": true, allOf: [{ anyOf: either }, { minimum: 1 }] }), []);
  assert.deepEqual(structural({ "x-kubernetes-preserve-unknown-fields": true }), []);
  const embedded = { "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true };
  assert.deepEqual(structural({ ...embedded, type: "object" }), []);
  assert.deepEqual(structural(embedded), [
    "s.properties[f].type: Required value: must be object if x-kubernetes-embedded-resource is true",
  ]);
  assert.deepEqual(structural({ "x-kubernetes-int-or-string": true, "x-kubernetes-preserve-unknown-fields": true }), [
    "s.properties[f].x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if " +
    "x-kubernetes-int-or-string is true",
  ]);
});

Deno.test("metadata is known already", () => {
  const metadata = (inner: unknown) => {
    const schema = { type: "object", properties: { metadata: inner } } as unknown as JSONSchemaProps;
    return texts(validateStructural(schema, "s"));
  };
  assert.deepEqual(metadata({ type: "object", properties: { name: { type: "string", maxLength: 3 } } }), []);
  assert.deepEqual(metadata({ type: "object", properties: { labels: { type: "object" } } }), [
    "s.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is " +
    "implicitly specified",
  ]);
});

Deno.test("patterns are RE2's", () => {
  assert.deepEqual(structural({ type: "string", pattern: "^[a-z]+$" }), []);
  assert.deepEqual(structural({ type: "string", pattern: "(" }), [
    's.properties[f].pattern: Invalid value: "(": must be a valid regular expression, but isn\'t: error parsing ' +
    "regexp: missing closing ): `(`",
  ]);
});

Deno.test("what schemas of custom resources may not say", () => {
  assert.deepEqual(schema({ type: "text" }), [
    's.properties[f].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", ' +
    '"object", "string"',
  ]);
  assert.deepEqual(schema({ type: "array", uniqueItems: true, items: { type: "string" } }), [
    "s.properties[f].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes " +
    "quadratic",
  ]);
  assert.deepEqual(schema({ type: "object", properties: { a: {} }, additionalProperties: { type: "string" } }), [
    "s.properties[f].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive",
  ]);
  assert.deepEqual(schema({ type: "string", $ref: "#/x" }), ["s.properties[f].$ref: Forbidden: $ref is not supported"]);
});

Deno.test("lists of a type have the items for it", () => {
  const list = (more: object) => schema({ type: "array", ...more });
  const named = { type: "object", required: ["name"], properties: { name: { type: "string" } } };
  const map = { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] };
  assert.deepEqual(list({ ...map, items: named }), []);
  assert.deepEqual(list({ ...map, items: { ...named, required: [] } }), [
    "s.properties[f].items.properties[name].default: Required value: this property is in x-kubernetes-list-map-keys, " +
    "so it must have a default or be a required property",
  ]);
  assert.deepEqual(list({ "x-kubernetes-list-type": "map", items: named }), [
    "s.properties[f].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map",
  ]);
  assert.deepEqual(list({ ...map, "x-kubernetes-list-type": "set", items: { type: "string" } }), [
    's.properties[f].x-kubernetes-list-type: Invalid value: "set": must be map if x-kubernetes-list-map-keys is ' +
    "non-empty",
  ]);
  assert.deepEqual(list({ "x-kubernetes-list-type": "bag", items: { type: "string" } }), [
    's.properties[f].x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "set", "map"',
  ]);
  assert.deepEqual(schema({ type: "string", "x-kubernetes-list-type": "set" }), [
    's.properties[f].type: Invalid value: "string": must be array if x-kubernetes-list-type is specified',
  ]);
});

Deno.test("rules compile, and say what is wrong where", () => {
  const rule = (more: object) => schema({ type: "integer", "x-kubernetes-validations": [more] });
  const at = "s.properties[f].x-kubernetes-validations[0]";
  const printed = (rule: string) =>
    `{"Rule":"${rule}","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}`;
  assert.deepEqual(rule({ rule: "self > 1", message: "too small" }), []);
  assert.deepEqual(rule({ rule: "self > 'a'" }), [
    `${at}.rule: Invalid value: ${
      printed("self \\u003e 'a'")
    }: compilation failed: ERROR: <input>:1:6: found no matching ` +
    "overload for '_>_' applied to '(int, string)'\n | self > 'a'\n | .....^",
  ]);
  assert.deepEqual(rule({ rule: "self + 1" }), [
    `${at}.rule: Invalid value: ${printed("self + 1")}: cel expression must evaluate to a bool`,
  ]);
  assert.deepEqual(rule({ rule: " " }), [`${at}.rule: Required value: rule is not specified`]);
  assert.deepEqual(rule({ rule: "true", reason: "Because" }), [
    `${at}.reason: Unsupported value: "Because": supported values: "FieldValueDuplicate", "FieldValueForbidden", ` +
    '"FieldValueInvalid", "FieldValueRequired"',
  ]);
});

Deno.test("defaults are what the schema asks for", () => {
  const defaults = (field: unknown) => texts(validateDefaults(within(field), "s"));
  assert.deepEqual(defaults({ type: "integer", default: 3, maximum: 5 }), []);
  assert.deepEqual(defaults({ type: "integer", default: 7, maximum: 5 }), [
    "s.properties[f].default: Invalid value: 7:  in body should be less than or equal to 5",
  ]);
  assert.deepEqual(defaults({ type: "object", default: { a: 1 }, properties: {} }), [
    's.properties[f].default: Invalid value: {"a":1}: must not have unknown fields',
  ]);
});
