/**
 * An object as Go writes Kubernetes' internal types: every field, by Go's names and in Go's order, `null` where unset.
 *
 * Some of the API's messages quote internal structs this way: a security context that contradicts itself, or what a
 * pod's update changed.
 */
import { type GoField, goType, shapeOf } from "./type_facts.ts";

type Value = unknown;
type Fields = Readonly<Record<string, Value>>;

/**
 * @param name the type in Kubernetes' internal core group, "SecurityContext"
 * @param value the object as the API has it
 * @returns what JSON.stringify turns into Go's text
 */
export const internalJson = (name: string, value: object): Value => convert(`core.${name}`, value);

function convert(type: string, value: Value): Value {
  const { kind, of } = shapeOf(type);
  if (kind === "pointer") return value === undefined || value === null ? null : convert(of, value);
  if (kind === "slice") {
    return value === undefined || value === null ? null : (value as readonly Value[]).map((item) => convert(of, item));
  }
  if (kind === "map") {
    if (value === undefined || value === null) return null;
    const entries = Object.entries(value as Fields).sort(([a], [b]) => a < b ? -1 : 1);
    return Object.fromEntries(entries.map(([key, item]) => [key, convert(of, item)]));
  }
  const definition = goType(type);
  if (typeof definition === "string") return convert(definition, value);
  if (definition === undefined) return value ?? ZEROS[type] ?? null;
  if (type.startsWith("meta.")) return withTags(definition, value as Fields);
  return struct(type, definition, value as Fields ?? {});
}

const ZEROS: Readonly<Record<string, Value>> = {
  string: "",
  bool: false,
  int32: 0,
  int64: 0,
  "types.UID": "",
  "resource.Quantity": "0",
  "intstr.IntOrString": 0,
};

function struct(type: string, fields: readonly GoField[], value: Fields): Value {
  const result: Record<string, Value> = {};
  for (const [name, fieldType, json] of fields) {
    if (json === undefined) Object.assign(result, convert(fieldType, value));
    else result[json] = convert(fieldType, value[externalName(type, name)]);
  }
  return result;
}

/** The JSON name of a field in the API's own version, where the struct has the same fields by the same Go names. */
function externalName(type: string, name: string): string {
  // The pod's security context holds what the API has beside it: hostNetwork and the like.
  for (const external of [type.replace("core.", "v1."), "v1.PodSpec"]) {
    const fields = goType(external);
    if (!Array.isArray(fields)) continue;
    for (const [field, , json] of fields as readonly GoField[]) if (field === name && json !== undefined) return json;
  }
  // Types that the API writes by lower-case names, such as `{ip: "10.0.0.1"}`.
  return name === "IP" ? "ip" : name;
}

/** Types with JSON tags are written as the API writes them: without what is not set. */
function withTags(fields: readonly GoField[], value: Fields | undefined): Value {
  const result: Record<string, Value> = {};
  for (const [, , json] of fields) if (json && value?.[json] !== undefined) result[json] = value[json];
  return result;
}
