/**
 * Lists that are sets have no value twice, lists that are maps no key.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype/validation.go`.
 */
import { duplicate, type FieldError, invalid } from "../field_error.ts";
import { isList, isObject, type Json, type JsonObject, sortKeys } from "../json.ts";
import { itemsOf, type JSONSchemaProps, listKeysOf, listTypeOf, propertyOf, valuesOf } from "./json_schema.ts";

export function validateListTypes(value: Json, schema: JSONSchemaProps, path = ""): FieldError[] {
  if (isList(value)) return validateList(value, schema, path);
  if (!isObject(value)) return [];
  const values = valuesOf(schema);
  return Object.entries(value).flatMap(([name, entry]) => {
    const property = propertyOf(schema, name);
    if (property !== undefined) return validateListTypes(entry, property, path === "" ? name : `${path}.${name}`);
    return typeof values === "object" ? validateListTypes(entry, values, `${path}[${name}]`) : [];
  });
}

function validateList(list: readonly Json[], schema: JSONSchemaProps, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (listTypeOf(schema) === "set") {
    errors.push(...repeated(list).map((index) => duplicate(`${path}[${index}]`, list[index])));
  } else if (listTypeOf(schema) === "map") {
    const wrong = list.findIndex((item) => item !== null && !isObject(item));
    if (wrong >= 0) {
      errors.push(invalid(`${path}[${wrong}]`, list[wrong], "must be an object for an array of list-type map"));
    } else {
      const keys = list.map((item) => keysOf(isObject(item) ? item : {}, listKeysOf(schema)));
      errors.push(...repeated(keys).map((index) => duplicate(`${path}[${index}]`, keys[index])));
    }
  }
  const items = itemsOf(schema);
  if (items !== undefined) {
    list.forEach((item, index) => errors.push(...validateListTypes(item, items, `${path}[${index}]`)));
  }
  return errors;
}

function keysOf(item: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]));
}

/** Where each value comes for the second time. */
function repeated(list: readonly Json[]): number[] {
  const seen = new Map<string, number>();
  const found: number[] = [];
  for (const [index, item] of list.entries()) {
    const text = JSON.stringify(sortKeys(item));
    const times = seen.get(text) ?? 0;
    if (times === 1) found.push(index);
    seen.set(text, times + 1);
  }
  return found;
}
