/** Which field of a type has which number on the wire. */
import type { Field, StructShape } from "../../kinds/schema/shape.ts";
import table from "./fields.json" with { type: "json" };

/** How a value that is any JSON is written: as its text, or as one of JSONSchemaProps' alternatives. */
export type Form = "raw" | "array" | "bool" | "strings";

export interface PlannedField {
  readonly number: number;
  /** A field of the type itself, or undefined for an embedded struct. */
  readonly field?: Field;
  readonly form: Form;
  /** The fields of an embedded struct, which are the type's own in JSON. */
  readonly embedded?: Plan;
}

export interface Plan {
  readonly byNumber: ReadonlyMap<number, PlannedField>;
  readonly fields: readonly PlannedField[];
}

const messages = table as Readonly<Record<string, Readonly<Record<string, string>>>>;
const plans = new Map<string, Plan>();

/** @throws {Error} for a type that has no protobuf form: a part of a custom resource */
export function planOf(shape: StructShape): Plan {
  let plan = plans.get(shape.name);
  if (plan === undefined) {
    plan = planned(shape.name, shape);
    plans.set(shape.name, plan);
  }
  return plan;
}

function planned(message: string, shape: StructShape): Plan {
  const numbers = messages[message];
  if (numbers === undefined) throw new Error(`no protobuf message for type "${message}"`);
  const fields = Object.entries(numbers).map(([number, text]): PlannedField => {
    if (text.startsWith("+")) {
      return { number: Number(number), form: "raw", embedded: planned(text.slice(1), shape) };
    }
    const [name, form = "raw"] = text.split("|");
    return { number: Number(number), field: shape.fields.get(name), form: form as Form };
  });
  return { fields, byNumber: new Map(fields.map((field) => [field.number, field])) };
}

/** Whether a type can be written in protobuf. */
export const hasProtobuf = (shape: StructShape): boolean => messages[shape.name] !== undefined;

/**
 * The embedded structs that hold a field in Go: a Volume's "hostPath" is in its VolumeSource. JSON does not show them,
 * but Go's errors do.
 */
export function embeddingOf(shape: StructShape, field: string): readonly string[] {
  return messages[shape.name] === undefined ? [] : embedding(shape.name, field) ?? [];
}

function embedding(message: string, field: string): readonly string[] | undefined {
  const entries = Object.values(messages[message]);
  if (entries.some((text) => text.split("|")[0] === field)) return [];
  for (const text of entries) {
    const inner = text.startsWith("+") ? embedding(text.slice(1), field) : undefined;
    if (inner !== undefined) return [text.slice(text.lastIndexOf(".") + 1), ...inner];
  }
  return undefined;
}
