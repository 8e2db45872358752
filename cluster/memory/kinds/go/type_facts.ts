/** What Go's types of the pod template are made of, in the order of the structs' fields. See schema/go_types.json. */
import types from "../schema/go_types.json" with { type: "json" };

/** A field of a Go struct: its name, its type, its JSON name; an embedded struct has none. */
export type GoField = readonly [name: string, type: string, json?: string];

const known = types as unknown as Readonly<Record<string, Readonly<Record<string, readonly GoField[] | string>>>>;

/** What "v1.PodSpec" or "core.Protocol" is: a struct's fields, or the type that a named type stands for. */
export function goType(type: string): readonly GoField[] | string | undefined {
  const [alias, name] = type.split(".");
  return known[alias]?.[name];
}

/** "[]v1.Volume" → { kind: "slice", of: "v1.Volume" } */
export function shapeOf(type: string): { readonly kind: "slice" | "map" | "pointer" | "plain"; readonly of: string } {
  if (type.startsWith("[]")) return { kind: "slice", of: type.slice(2) };
  if (type.startsWith("*")) return { kind: "pointer", of: type.slice(1) };
  if (type.startsWith("map[")) return { kind: "map", of: type.slice(type.indexOf("]") + 1) };
  return { kind: "plain", of: type };
}
