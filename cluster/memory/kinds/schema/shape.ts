/**
 * The shape of data: what fields a type has, how its lists and maps merge, and what Go's encoding keeps or leaves out.
 *
 * Built-in types get theirs from facts.json, custom resources from their structural schema; decoding, pruning, patches,
 * field ownership and OpenAPI work on shapes and know neither source.
 */
import facts from "./facts.json" with { type: "json" };

export type ScalarType =
  | "string"
  | "int32"
  | "int64"
  | "double"
  | "bool"
  | "bytes"
  | "quantity"
  | "time"
  | "microtime"
  | "int-or-string";

export type Shape = ScalarShape | StructShape | MapShape | ListShape | AnyShape;

export interface ScalarShape {
  readonly is: "scalar";
  readonly type: ScalarType;
}

/** Any JSON value, kept as it is: a RawExtension, `x-kubernetes-preserve-unknown-fields`. */
export interface AnyShape {
  readonly is: "any";
}

export interface StructShape {
  readonly is: "struct";
  /** "core.v1.Pod"; "" for a part of a custom resource. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Owned and replaced as one value. */
  readonly atomic: boolean;
  /** Custom resources: fields beyond the known ones are kept. */
  readonly preserveUnknown?: boolean;
}

export interface MapShape {
  readonly is: "map";
  readonly values: Shape;
  /** Owned and replaced as one value. */
  readonly atomic: boolean;
}

export interface ListShape {
  readonly is: "list";
  readonly items: Shape;
  /** How server-side apply merges: as one value, by value, or by keys. */
  readonly listType: "atomic" | "set" | "map";
  readonly listMapKeys: readonly string[];
}

export interface Field {
  readonly name: string;
  readonly shape: Shape;
  /** Must be there (OpenAPI). */
  readonly required: boolean;
  /** Written even when empty: a field without `omitempty` (mostly the required ones), or a struct held by value. */
  readonly alwaysWritten: boolean;
  /** A struct (or a quantity, a time…) that Go holds by value: an object without it has an empty one. */
  readonly byValue?: boolean;
  /** A pointer in Go: its zero value (0, "", false) is kept when set; other fields lose theirs. */
  readonly pointer: boolean;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  /** Strategic merge patch: "merge", "retainKeys", "merge,retainKeys", "replace"; lists merge by `patchMergeKey`. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  /** The Go type that a decoding error names, where it is not the shape's own ("v1.PullPolicy"). */
  readonly goType?: string;
}

/** What facts.json says of a field; what is false or empty is left out. */
export interface FieldFacts {
  /** "string", "core.v1.PodSpec", "list<core.v1.Container>"… */
  readonly type: string;
  readonly required?: boolean;
  readonly always?: boolean;
  readonly pointer?: boolean;
  readonly struct?: boolean;
  /** Left out when empty, although OpenAPI requires it. */
  readonly omitempty?: boolean;
  readonly omitzero?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  /** The values of a list's items, or a map's. */
  readonly itemEnum?: readonly string[];
  /** Any JSON that has a type of its own in OpenAPI: "pkg.runtime.RawExtension". */
  readonly ref?: string;
  readonly listType?: string;
  readonly listMapKeys?: readonly string[];
  readonly mapType?: string;
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  readonly goType?: string;
}

/** What facts.json says of a type. */
export interface TypeFacts {
  readonly fields: Readonly<Record<string, FieldFacts>>;
  /** The required fields in Go's order, where it is not the alphabet's. */
  readonly required?: readonly string[];
  readonly kinds?: readonly { readonly group: string; readonly version: string; readonly kind: string }[];
  readonly mapType?: string;
  readonly unions?: readonly unknown[];
}

const types = facts as unknown as Readonly<Record<string, TypeFacts>>;
const shapes = new Map<string, StructShape>();

/** The names of all built-in types, "core.v1.Pod". */
export const typeNames: readonly string[] = Object.keys(types);

/** What facts.json says of a type, beyond its shape: its group-version-kinds, its unions. */
export function typeFacts(name: string): TypeFacts {
  return types[name];
}

/**
 * The shape of a built-in type.
 *
 * @param name as in facts.json, "core.v1.Pod"
 * @throws {Error} for a name that facts.json does not have
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shapeOf } from "./shape.ts";
 *
 * const containers = shapeOf("core.v1.PodSpec").fields.get("containers")!;
 * assert.equal(containers.patchMergeKey, "name");
 * ```
 */
export function shapeOf(name: string): StructShape {
  const known = shapes.get(name);
  if (known !== undefined) return known;
  const type = types[name];
  if (type === undefined) throw new Error(`no type "${name}" in facts.json`);
  const fields = new Map<string, Field>();
  const shape: StructShape = { is: "struct", name, fields, atomic: type.mapType === "atomic" };
  // Known before its fields are: types such as JSONSchemaProps hold themselves.
  shapes.set(name, shape);
  for (const [field, facts] of Object.entries(type.fields)) fields.set(field, fieldOf(field, facts));
  return shape;
}

function fieldOf(name: string, facts: FieldFacts): Field {
  const { required = false, always = false, pointer = false, omitempty = false, omitzero = false } = facts;
  const struct = facts.struct === true || (STRUCT_SCALARS.has(facts.type) && !pointer && !omitzero);
  return {
    name,
    shape: shapeFrom(facts.type, facts),
    required,
    alwaysWritten: (required && !omitempty) || always || struct,
    byValue: struct,
    pointer,
    enum: facts.enum,
    default: facts.default,
    patchStrategy: facts.patchStrategy,
    patchMergeKey: facts.patchMergeKey,
    goType: facts.goType,
  };
}

/** Scalars that are structs in Go: `omitempty` leaves none of them out. */
const STRUCT_SCALARS: ReadonlySet<string> = new Set(["quantity", "time", "microtime", "int-or-string"]);

const ANY: AnyShape = { is: "any" };

/** The shape of a field's type as facts.json names it: "list<core.v1.Container>". */
export function shapeFrom(type: string, facts: Partial<FieldFacts> = {}): Shape {
  const generic = /^(list|map)<(.*)>$/.exec(type);
  if (generic?.[1] === "list") {
    const listType = (facts.listType ?? "atomic") as ListShape["listType"];
    return { is: "list", items: shapeFrom(generic[2]), listType, listMapKeys: facts.listMapKeys ?? [] };
  }
  if (generic) return { is: "map", values: shapeFrom(generic[2]), atomic: facts.mapType === "atomic" };
  if (type === "json") return ANY;
  if (type.includes(".")) {
    const shape = shapeOf(type);
    return facts.mapType === "atomic" && !shape.atomic ? { ...shape, atomic: true } : shape;
  }
  return { is: "scalar", type: type as ScalarType };
}
