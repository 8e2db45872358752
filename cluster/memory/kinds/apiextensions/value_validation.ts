/**
 * Whether a value is as its schema says, in the words of the API server.
 *
 * Source: `k8s.io/kube-openapi/pkg/validation/{validate,errors}` and
 * `k8s.io/apiextensions-apiserver/pkg/apiserver/validation/{validation,ratcheting}.go`.
 */
import { type FieldError, invalid, notSupported, required, tooLong, tooMany, typeInvalid } from "../field_error.ts";
import { equalJson, isList, isObject, type Json, type JsonObject } from "../json.ts";
import { hasFormat, isKnownFormat } from "./formats.ts";
import {
  isIntOrString,
  itemsOf,
  type JSONSchemaProps,
  listKeysOf,
  listTypeOf,
  propertyOf,
  valuesOf,
} from "./json_schema.ts";
import { compilePattern } from "../cel/pattern.ts";

/**
 * @param path of the value in its object, "" for the whole object
 * @param old the value before, of an update: parts that stay as they are need not be right
 */
export function validateValue(value: unknown, schema: JSONSchemaProps, path = "", old?: unknown): FieldError[] {
  const result: Result = { errors: [], checks: 0 };
  validate(value as Json, schema, path, old as Json | undefined, result);
  return result.errors;
}

interface Result {
  readonly errors: FieldError[];
  /** How much was looked at: of several alternatives the one that came furthest is told about. */
  checks: number;
}

function validate(value: Json, schema: JSONSchemaProps, path: string, old: Json | undefined, result: Result): void {
  if (old !== undefined && equalJson(value, old)) return;
  result.checks++;
  const report = (error: FieldError) => void result.errors.push(error);
  checkType(value, schema, path, report);
  if (value !== null) {
    checkAlternatives(value, schema, path, result);
    if (typeof value === "string") checkString(value, schema, path, report);
    else if (typeof value === "number") checkNumber(value, schema, path, report);
    else if (isList(value)) checkList(value, schema, path, isList(old) ? old : undefined, result);
  }
  checkEnum(value, schema, path, report);
  if (isObject(value)) checkObject(value, schema, path, isObject(old) ? old : undefined, result);
}

type Report = (error: FieldError) => void;

/** A whole object has no path of its own. */
const nameOf = (path: string) => path === "" ? "" : path;
const fieldOf = (path: string) => path === "" ? "<nil>" : path;

function jsonType(value: Json): string {
  if (value === null) return "null";
  if (isList(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function checkType(value: Json, schema: JSONSchemaProps, path: string, report: Report): void {
  const types = isIntOrString(schema) ? ["integer", "string"] : schema.type ? [schema.type] : [];
  if (types.length === 0 || value === null && schema.nullable === true) return;
  const type = jsonType(value);
  if (types.includes(type) || type === "integer" && types.includes("number")) return;
  const detail = `${nameOf(path)} in body must be of type ${types.join(",")}: ${JSON.stringify(type)}`;
  report(typeInvalid(fieldOf(path), type, detail));
}

function checkString(value: string, schema: JSONSchemaProps, path: string, report: Report): void {
  const { maxLength, minLength, pattern, format, type } = schema;
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) report(tooLong(path, maxLength));
  else if (minLength !== undefined && length < minLength) {
    report(invalid(path, value, `${path} in body should be at least ${minLength} chars long`));
  } else if (pattern !== undefined && pattern !== "" && !compilePattern(pattern).test(value)) {
    report(invalid(path, value, `${path} in body should match '${pattern}'`));
  }
  if (format !== undefined && format !== "" && isKnownFormat(format, type) && !hasFormat(value, format)) {
    const detail = `${path} in body must be of type ${format}: ${JSON.stringify(value)}`;
    report(typeInvalid(path, value, detail));
  }
}

function checkNumber(value: number, schema: JSONSchemaProps, path: string, report: Report): void {
  const { multipleOf, minimum, exclusiveMinimum, maximum, exclusiveMaximum, format } = schema;
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    report(invalid(path, value, `${path} in body should be a multiple of ${multipleOf}`));
  }
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    report(
      invalid(
        path,
        value,
        `${path} in body should be greater than ${exclusiveMinimum ? "" : "or equal to "}${minimum}`,
      ),
    );
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    report(
      invalid(path, value, `${path} in body should be less than ${exclusiveMaximum ? "" : "or equal to "}${maximum}`),
    );
  }
  const isTooLarge = format === "int32" && Number.isInteger(value) && (value > 2 ** 31 - 1 || value < -(2 ** 31));
  if (isTooLarge && schema.type === "integer") {
    report(invalid(path, value, `Checked value must be of type integer with format int32 in ${path}`));
  }
}

function checkEnum(value: Json, schema: JSONSchemaProps, path: string, report: Report): void {
  const values = schema.enum;
  if (values === undefined || values.length === 0) return;
  if (value === null && schema.nullable === true || values.some((allowed) => equalJson(allowed, value))) return;
  const texts = values.map((allowed) => typeof allowed === "string" ? allowed : JSON.stringify(allowed));
  report(notSupported(fieldOf(path), value, texts));
}

function checkList(
  list: readonly Json[],
  schema: JSONSchemaProps,
  path: string,
  old: readonly Json[] | undefined,
  result: Result,
): void {
  const items = itemsOf(schema);
  if (items !== undefined) {
    for (const [index, item] of list.entries()) {
      validate(item, items, `${path}[${index}]`, oldItem(item, schema, old), result);
    }
  }
  const { minItems, maxItems } = schema;
  if (minItems !== undefined && list.length < minItems) {
    result.errors.push(invalid(path, list.length, `${path} in body should have at least ${minItems} items`));
  }
  if (maxItems !== undefined && list.length > maxItems) result.errors.push(tooMany(path, list.length, maxItems));
}

/** The item of the old list with the same keys, where the list is a map. */
export function oldItem(item: Json, schema: JSONSchemaProps, old: readonly Json[] | undefined): Json | undefined {
  if (old === undefined || listTypeOf(schema) !== "map" || !isObject(item)) return undefined;
  const keys = listKeysOf(schema);
  return old.find((candidate) => isObject(candidate) && keys.every((key) => equalJson(candidate[key], item[key])));
}

function checkObject(
  object: JsonObject,
  schema: JSONSchemaProps,
  path: string,
  old: JsonObject | undefined,
  result: Result,
): void {
  const names = Object.keys(object);
  const { minProperties, maxProperties } = schema;
  if (minProperties !== undefined && names.length < minProperties) {
    const detail = `${nameOf(path)} in body should have at least ${minProperties} properties`;
    result.errors.push(invalid(fieldOf(path), names.length, detail));
  }
  if (maxProperties !== undefined && names.length > maxProperties) {
    result.errors.push(tooMany(fieldOf(path), names.length, maxProperties));
  }
  const values = valuesOf(schema);
  const inside = (name: string) => path === "" ? name : `${path}.${name}`;
  for (const name of names) {
    const property = propertyOf(schema, name) ?? (typeof values === "object" ? values : undefined);
    if (property !== undefined) validate(object[name], property, inside(name), old?.[name], result);
  }
  for (const name of schema.required ?? []) {
    if (object[name] === undefined) result.errors.push(required(inside(name)));
  }
}

/** `allOf`, `anyOf`, `oneOf` and `not`. Their errors carry no field: the server loses it. */
function checkAlternatives(value: Json, schema: JSONSchemaProps, path: string, result: Result): void {
  const { anyOf = [], oneOf = [], allOf = [], not } = schema;
  const tried = (alternatives: readonly JSONSchemaProps[]) =>
    alternatives.map((alternative) => {
      const outcome: Result = { errors: [], checks: 0 };
      validate(value, alternative, path, undefined, outcome);
      return outcome;
    });
  const say = (message: string) => void result.errors.push(invalid("<nil>", "", `${JSON.stringify(path)} ${message}`));
  if (anyOf.length > 0) {
    const outcomes = tried(anyOf);
    if (outcomes.every(({ errors }) => errors.length > 0)) {
      say("must validate at least one schema (anyOf)");
      result.errors.push(...furthest(outcomes).errors);
    }
  }
  if (oneOf.length > 0) {
    const outcomes = tried(oneOf);
    const valid = outcomes.filter(({ errors }) => errors.length === 0).length;
    if (valid !== 1) {
      const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
      say(`must validate one and only one schema (oneOf). ${found}`);
      if (valid === 0) result.errors.push(...furthest(outcomes).errors);
    }
  }
  if (allOf.length > 0) {
    const outcomes = tried(allOf);
    const valid = outcomes.filter(({ errors }) => errors.length === 0).length;
    for (const { errors } of outcomes) result.errors.push(...errors);
    if (valid < outcomes.length) say(`must validate all the schemas (allOf)${valid === 0 ? ". None validated" : ""}`);
  }
  if (not !== undefined && tried([not])[0].errors.length === 0) say("must not validate the schema (not)");
}

function furthest(outcomes: readonly Result[]): Result {
  return outcomes.reduce((best, outcome) => outcome.checks > best.checks ? outcome : best);
}
