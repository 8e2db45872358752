import assert from "node:assert/strict";
import { hasFormat, isKnownFormat } from "../../../cluster/memory/kinds/apiextensions/formats.ts";
import type { JSONSchemaProps } from "../../../cluster/memory/kinds/apiextensions/json_schema.ts";
import { validateListTypes } from "../../../cluster/memory/kinds/apiextensions/list_types.ts";
import { validateValue } from "../../../cluster/memory/kinds/apiextensions/value_validation.ts";

const wrong = (value: unknown, schema: object, old?: unknown) =>
  validateValue(value, schema as JSONSchemaProps, "x", old).map(({ field, message }) => `${field}: ${message}`);

Deno.test("numbers have limits", () => {
  const limits = { type: "number", minimum: 1, maximum: 3 };
  assert.deepEqual(wrong(2, limits), []);
  assert.deepEqual(wrong(0, limits), ["x: Invalid value: 0: x in body should be greater than or equal to 1"]);
  assert.deepEqual(wrong(1, { ...limits, exclusiveMinimum: true }), [
    "x: Invalid value: 1: x in body should be greater than 1",
  ]);
  assert.deepEqual(wrong(5, { type: "integer", multipleOf: 2 }), [
    "x: Invalid value: 5: x in body should be a multiple of 2",
  ]);
  assert.deepEqual(wrong(1.5, { type: "integer" }), [
    'x: Invalid value: "number": x in body must be of type integer: "number"',
  ]);
});

Deno.test("texts, lists and objects have sizes", () => {
  assert.deepEqual(wrong("a", { type: "string", minLength: 2 }), [
    'x: Invalid value: "a": x in body should be at least 2 chars long',
  ]);
  assert.deepEqual(wrong("äöü", { type: "string", maxLength: 3 }), []);
  assert.deepEqual(wrong([1, 2], { type: "array", maxItems: 1 }), ["x: Too many: 2: must have at most 1 item"]);
  assert.deepEqual(wrong([], { type: "array", minItems: 1 }), [
    "x: Invalid value: 0: x in body should have at least 1 items",
  ]);
  assert.deepEqual(wrong({ a: 1 }, { type: "object", minProperties: 2, additionalProperties: { type: "integer" } }), [
    "x: Invalid value: 1: x in body should have at least 2 properties",
  ]);
});

Deno.test("alternatives are counted", () => {
  const [short, long] = [{ maxLength: 2 }, { minLength: 2 }];
  assert.deepEqual(wrong("ab", { type: "string", anyOf: [short, long] }), []);
  assert.deepEqual(wrong("ab", { type: "string", oneOf: [short, long] }), [
    '<nil>: Invalid value: "": "x" must validate one and only one schema (oneOf). Found 2 valid alternatives',
  ]);
  assert.deepEqual(wrong("a", { type: "string", not: short }), [
    '<nil>: Invalid value: "": "x" must not validate the schema (not)',
  ]);
});

Deno.test("null is a value only where it may be", () => {
  assert.deepEqual(wrong(null, { type: "string", nullable: true }), []);
  assert.deepEqual(wrong(null, { type: "string" }), [
    'x: Invalid value: "null": x in body must be of type string: "null"',
  ]);
});

Deno.test("what was wrong before may stay", () => {
  const schema = { type: "object", properties: { a: { type: "integer", maximum: 1 }, b: { type: "integer" } } };
  assert.deepEqual(wrong({ a: 5, b: 2 }, schema, { a: 5, b: 1 }), []);
  assert.equal(wrong({ a: 6, b: 2 }, schema, { a: 5, b: 1 }).length, 1);
});

Deno.test("lists that are sets or maps have no duplicates", () => {
  const duplicates = (value: readonly unknown[], more: object) =>
    validateListTypes(value as never, { type: "array", ...more } as JSONSchemaProps, "x")
      .map(({ field, message }) => `${field}: ${message}`);
  assert.deepEqual(duplicates(["a", "b", "a"], { "x-kubernetes-list-type": "set", items: { type: "string" } }), [
    'x[2]: Duplicate value: "a"',
  ]);
  const map = { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["n"] };
  assert.deepEqual(duplicates([{ n: 1, v: 1 }, { n: 1, v: 2 }, { n: 2 }], { ...map, items: { type: "object" } }), [
    'x[1]: Duplicate value: {"n":1}',
  ]);
});

Deno.test("formats", () => {
  const examples: Readonly<Record<string, readonly [good: readonly string[], bad: readonly string[]]>> = {
    ipv4: [["10.0.0.1"], ["10.0.0", "::1"]],
    ipv6: [["::1", "fe80::1"], ["10.0.0.1", "::g"]],
    cidr: [["10.0.0.0/8", "::/0"], ["10.0.0.0", "10.0.0.0/33"]],
    uuid: [["123e4567-e89b-12d3-a456-426614174000"], ["123e4567"]],
    date: [["2024-02-29"], ["2023-02-29", "2024-1-1"]],
    datetime: [["2024-02-29T12:00:00Z", "2024-02-29T12:00:00.5+01:00"], ["2024-02-29", "2024-02-30T12:00:00Z"]],
    duration: [["1h30m", "5 seconds", "0"], ["1x", ""]],
    byte: [["aGk=", ""], ["aGk"]],
    hostname: [["example.com", "a"], ["-a.com", "a..b"]],
    email: [["a@example.com"], ["a"]],
    uri: [["https://example.com/a", "/a"], ["a b"]],
    mac: [["01:23:45:67:89:ab"], ["01:23"]],
    hexcolor: [["#fff", "a0b1c2"], ["#ff"]],
    rgbcolor: [["rgb(1, 2, 255)"], ["rgb(256,0,0)"]],
    isbn: [["0-306-40615-2", "9783161484100"], ["123"]],
    creditcard: [["4111-1111-1111-1111"], ["1"]],
    ssn: [["111-22-3333"], ["1"]],
    password: [["anything"], []],
  };
  for (const [format, [good, bad]] of Object.entries(examples)) {
    assert(isKnownFormat(format, "string"), format);
    for (const text of good) assert(hasFormat(text, format), `${text} is a ${format}`);
    for (const text of bad) assert(!hasFormat(text, format), `${text} is no ${format}`);
  }
  assert(!isKnownFormat("colour", "string"));
  assert.deepEqual(wrong("x", { type: "string", format: "ipv4" }), [
    'x: Invalid value: "x": x in body must be of type ipv4: "x"',
  ]);
});
