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
 * @param name the type in Kubernetes' internal groups, "batch.SuccessPolicy"; the core group's without it
 * @param value the object as the API has it
 * @returns what JSON.stringify turns into Go's text
 */
export const internalJson = (name: string, value: object | undefined): Value =>
  convert(name.includes(".") ? name : `core.${name}`, value);

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
    const external = externalName(type, name);
    if (json === undefined) Object.assign(result, convert(fieldType, external === undefined ? value : value[external]));
    else result[json] = convert(fieldType, value[external ?? name]);
  }
  return result;
}

/** The API's own version of a type, whose fields have the same Go names and JSON names beside. */
const EXTERNAL: Readonly<Record<string, string>> = { core: "v1", batch: "batchv1" };

/** The JSON name that a field has in the API; none when its struct is embedded there too. */
function externalName(type: string, name: string): string | undefined {
  const [alias, struct] = type.split(".");
  // The pod's security context holds what the API has beside it: hostNetwork and the like.
  for (const external of [`${EXTERNAL[alias]}.${struct}`, "v1.PodSpec"]) {
    const fields = goType(external);
    if (!Array.isArray(fields)) continue;
    const field = (fields as readonly GoField[]).find(([fieldName]) => fieldName === name);
    if (field !== undefined) return field[2];
  }
  // The addresses of pods and hosts have names of their own in the API, with this one field.
  return name === "IP" ? "ip" : undefined;
}

/** Types with JSON tags are written as the API writes them: without what is not set. */
function withTags(fields: readonly GoField[], value: Fields | undefined): Value {
  const result: Record<string, Value> = {};
  for (const [, type, json] of fields) {
    if (json && value?.[json] !== undefined) result[json] = convert(type, value[json]);
  }
  return result;
}
