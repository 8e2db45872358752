/**
 * Whether an applied configuration fits its shape.
 *
 * Source: `sigs.k8s.io/structured-merge-diff/typed/validate.go`; the texts are what clients of apply see.
 */
import { goPrint, goTypeOf, isList, isObject, type Json, type JsonObject } from "../../kinds/json.ts";
import type { ListShape, ScalarType, Shape, StructShape } from "../../kinds/schema/shape.ts";
import { elementText } from "./field_set.ts";
import { itemElement, ItemError, shapeAt } from "./typed_value.ts";

/** What is wrong, as one text, or undefined. */
export function misfit(config: JsonObject, shape: StructShape): string | undefined {
  const errors: string[] = [];
  check(config, shape, "", errors, shape.name !== "");
  if (errors.length === 0) return undefined;
  return errors.length === 1 ? errors[0] : ["errors:", ...errors.map((error) => `  ${error}`)].join("\n");
}

function check(value: Json, shape: Shape, path: string, errors: string[], builtIn: boolean): void {
  const report = (message: string, at = path) => void errors.push(at === "" ? message : `${at}: ${message}`);
  if (value === null || shape.is === "any") return;
  if (shape.is === "scalar") return checkScalar(value, shape.type, report);
  if (shape.is === "list") {
    if (!isList(value)) return report(`expected list, got ${goValue(value)}`);
    return checkItems(value, shape, path, errors, builtIn);
  }
  if (!isObject(value)) return report(`expected map, got ${goValue(value)}`);
  for (const [key, entry] of Object.entries(value)) {
    const inner = shapeAt(shape, key);
    // The rest of the object is not looked at.
    if (inner === undefined) return report("field not declared in schema", `${path}.${key}`);
    check(entry, inner, `${path}.${key}`, errors, builtIn);
  }
}

function checkItems(list: readonly Json[], shape: ListShape, path: string, errors: string[], builtIn: boolean): void {
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    let element = `i:${index}`;
    if (shape.listType !== "atomic") {
      try {
        element = itemElement(shape, item);
      } catch (error) {
        if (!(error instanceof ItemError)) throw error;
        errors.push(`${path}: element ${index}: ${error.message}`);
        return;
      }
      if (seen.has(element)) errors.push(`${path}: duplicate entries for key ${elementText(element)}`);
      seen.add(element);
    }
    check(item, shape.items, path + elementText(element), errors, builtIn);
  }
}

/** What a scalar must be; a quantity, a time or an int-or-string is any scalar. */
const SCALARS: Partial<Record<ScalarType, "numeric" | "string" | "boolean">> = {
  string: "string",
  bytes: "string",
  int32: "numeric",
  int64: "numeric",
  double: "numeric",
  bool: "boolean",
};

function checkScalar(value: Json, type: ScalarType, report: (message: string) => void): void {
  switch (SCALARS[type]) {
    case "numeric":
      if (typeof value !== "number") report(`expected numeric (int or float), got ${goTypeOf(value)}`);
      return;
    case "string":
      if (typeof value !== "string") report(`expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`);
      return;
    case "boolean":
      if (typeof value !== "boolean") report(`expected boolean, got ${goValue(value)}`);
      return;
    default:
      if (isObject(value) || isList(value)) report(`expected any scalar, got ${goValue(value)}`);
  }
}

/** How Go prints the value that structured-merge-diff wraps around data. */
function goValue(value: Json): string {
  return `&{${goPrint(value)}}`;
}

/** Go's `%#v` of decoded JSON. */
function goSyntax(value: Json): string {
  if (value === null) return "interface {}(nil)";
  if (isList(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (isObject(value)) {
    const entries = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${goSyntax(value[key])}`);
    return `map[string]interface {}{${entries.join(", ")}}`;
  }
  return JSON.stringify(value);
}
