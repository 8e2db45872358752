/**
 * A Go value as `k8s.io/utils/dump.ForHash` prints it, made from the object's JSON.
 *
 * That text is what a pod template's hash is computed from: every field in the struct's order with its type, unset
 * ones too, and quantities and times with their private parts.
 *
 * Source: `github.com/davecgh/go-spew/spew/format.go` with the verb `%#v`, sorted keys and no methods.
 */
import { parseQuantity } from "../quantity.ts";
import { goType, shapeOf } from "./type_facts.ts";

type Value = unknown;

/** @param type the Go type of `value`, "v1.PodTemplateSpec" */
export function dumpForHash(type: string, value: Value): string {
  return format(type, value, true);
}

/** How reflection names a type: the API's packages are all called "v1". */
const printed = (type: string): string => type.replaceAll("meta.", "v1.");

function format(type: string, value: Value, withType: boolean): string {
  const { kind, of } = shapeOf(type);
  if (kind === "pointer") return pointer(type, of, value, withType);
  const prefix = withType ? `(${printed(type)})` : "";
  if (kind === "slice" || kind === "map") return prefix + container(kind, of, value);
  const definition = goType(type);
  if (typeof definition === "string") {
    const underlying = shapeOf(definition);
    if (underlying.kind === "slice" || underlying.kind === "map") {
      return prefix + container(underlying.kind, underlying.of, value);
    }
    return prefix + scalar(definition, value);
  }
  if (definition === undefined) return prefix + (OPAQUE[type]?.(value) ?? scalar(type, value));
  const object = (value ?? {}) as Readonly<Record<string, Value>>;
  // An embedded struct's fields stand in the JSON object of the struct around it.
  const fields = definition.map(([name, fieldType, json]) =>
    `${name}:${format(fieldType, json === undefined ? object : object[json], true)}`
  );
  return `${prefix}{${fields.join(" ")}}`;
}

function pointer(type: string, of: string, value: Value, withType: boolean): string {
  if (value === undefined || value === null) return withType ? `(${printed(type)})<nil>` : "<nil>";
  return (withType ? `(*${printed(of)})` : "<*>") + format(of, value, false);
}

function container(kind: "slice" | "map", of: string, value: Value): string {
  if (value === undefined || value === null) return "<nil>";
  if (kind === "slice") {
    const items = value as readonly Value[];
    return items.length === 0 ? "<nil>" : `[${items.map((item) => format(of, item, false)).join(" ")}]`;
  }
  const entries = value as Readonly<Record<string, Value>>;
  const keys = Object.keys(entries).sort(byBytes);
  return keys.length === 0
    ? "<nil>"
    : `map[${keys.map((key) => `${key}:${format(of, entries[key], false)}`).join(" ")}]`;
}

/** Go compares strings by their bytes, which is by code points. */
const byBytes = (a: string, b: string): number => {
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = x[i].codePointAt(0)! - y[i].codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
};

function scalar(type: string, value: Value): string {
  if (type === "bool") return String(value ?? false);
  return /^(u?int|float)/.test(type) ? String(value ?? 0) : String(value ?? "");
}

/** Types with private fields, from their JSON. */
const OPAQUE: Readonly<Record<string, (value: Value) => string>> = {
  "resource.Quantity": quantity,
  "intstr.IntOrString": (value) => {
    const isText = typeof value === "string";
    const [number, text] = isText ? [0, value] : [value ?? 0, ""];
    return `{Type:(intstr.Type)${isText ? 1 : 0} IntVal:(int32)${number} StrVal:(string)${text}}`;
  },
  "meta.Time": () => "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}",
};

function quantity(value: Value): string {
  const parts = (amount: string, text: string, format: string) =>
    `{i:(resource.int64Amount)${amount} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${text} ` +
    `Format:(resource.Format)${format}}`;
  const amount = (digits: bigint, scale: number) => `{value:(int64)${digits} scale:(resource.Scale)${scale}}`;
  if (value === undefined || value === null) return parts(amount(0n, 0), "", "");
  const { digits, exponent, format, text = "" } = parseQuantity(String(value));
  return parts(amount(digits, exponent), value === "0" ? "0" : text, format);
}
