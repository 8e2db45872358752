/** What every Kubernetes object has, whatever its kind. */
import type { ObjectMeta } from "./schema/types.ts";

export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

/** A copy being prepared, before it is stored: the same shape, writable. Stored objects are shared and never change. */
export type Draft<T> = T extends readonly (infer Item)[] ? Draft<Item>[]
  : T extends object ? { -readonly [Field in keyof T]: Draft<T[Field]> }
  : T;

/** An object as a client may write it, with nothing that the server fills in. */
export type Partially<T> = T extends readonly (infer Item)[] ? readonly Partially<Item>[]
  : T extends object ? { readonly [Field in keyof T]?: Partially<T[Field]> }
  : T;

/** A deep, writable copy of JSON-like data. */
export function draft<T>(value: T): Draft<T> {
  return copy(value) as Draft<T>;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== "object" || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const key in value) result[key] = copy((value as Record<string, unknown>)[key]);
  return result;
}
