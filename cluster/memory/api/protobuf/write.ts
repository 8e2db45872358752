/** Writes objects as messages. What is not set, or holds its zero value without need, is left out. */
import { Buffer } from "node:buffer";
import { type Shape, shapeOf, type StructShape } from "../../kinds/schema/shape.ts";
import { type Form, type Plan, type PlannedField, planOf } from "./plan.ts";
import { FIXED64, LENGTH, VARINT, type WireWriter } from "./wire.ts";

type Json = Readonly<Record<string, unknown>>;

export function writeMessage(writer: WireWriter, object: Json, shape: StructShape) {
  writeFields(writer, object, planOf(shape));
}

function writeFields(writer: WireWriter, object: Json, plan: Plan) {
  for (const planned of plan.fields) {
    if (planned.embedded !== undefined) {
      const { embedded } = planned;
      writer.tag(planned.number, LENGTH);
      writer.withLength(() => writeFields(writer, object, embedded));
    } else if (planned.field !== undefined) {
      const value = object[planned.field.name];
      if (value !== undefined && value !== null) writeField(writer, value, planned);
    }
  }
}

function writeField(writer: WireWriter, value: unknown, { number, field, form }: PlannedField) {
  const { shape } = field!;
  if (shape.is === "list") {
    for (const item of value as readonly unknown[]) writeTagged(writer, number, item, shape.items, "raw");
  } else if (shape.is === "map" || form === "strings") {
    const values = shape.is === "map" ? shape.values : shape;
    for (const key of Object.keys(value as Json).sort()) {
      writer.tag(number, LENGTH);
      writer.withLength(() => {
        writer.tag(1, LENGTH);
        writer.text(key);
        writeTagged(writer, 2, (value as Json)[key], values, form);
      });
    }
  } else writeTagged(writer, number, value, shape, form);
}

function writeTagged(writer: WireWriter, number: number, value: unknown, shape: Shape, form: Form) {
  if (shape.is === "struct") {
    writer.tag(number, LENGTH);
    return writer.withLength(() => writeMessage(writer, (value ?? {}) as Json, shape));
  }
  if (shape.is === "list") {
    writer.tag(number, LENGTH);
    return writer.withLength(() => {
      for (const item of value as readonly unknown[] ?? []) writeTagged(writer, 1, item, shape.items, "raw");
    });
  }
  if (shape.is === "any") {
    writer.tag(number, LENGTH);
    return writer.withLength(() => writeAny(writer, value, form));
  }
  if (shape.is === "map") throw new Error("a map in a list has no protobuf form");
  switch (shape.type) {
    case "string":
      writer.tag(number, LENGTH);
      return writer.text(value as string ?? "");
    case "int32":
    case "int64":
      writer.tag(number, VARINT);
      return writer.varint(value as number);
    case "bool":
      writer.tag(number, VARINT);
      return writer.varint(value ? 1 : 0);
    case "double":
      writer.tag(number, FIXED64);
      return writer.double(value as number);
    case "bytes":
      writer.tag(number, LENGTH);
      return writer.bytes(Buffer.from(value as string ?? "", "base64"));
    case "quantity":
      writer.tag(number, LENGTH);
      return writer.withLength(() => {
        writer.tag(1, LENGTH);
        writer.text(String(value));
      });
    case "time":
    case "microtime":
      writer.tag(number, LENGTH);
      return writer.withLength(() => writeTime(writer, value as string | null));
    case "int-or-string":
      writer.tag(number, LENGTH);
      return writer.withLength(() => {
        const isText = typeof value === "string";
        writer.tag(1, VARINT);
        writer.varint(isText ? 1 : 0);
        writer.tag(2, VARINT);
        writer.varint(isText ? 0 : value as number);
        writer.tag(3, LENGTH);
        writer.text(isText ? value : "");
      });
  }
}

function writeTime(writer: WireWriter, text: string | null) {
  if (text === null) return;
  writer.tag(1, VARINT);
  writer.varint(Date.parse(`${text.slice(0, 19)}Z`) / 1000);
  writer.tag(2, VARINT);
  writer.varint(Number(/\.(\d{1,9})/.exec(text)?.[1].padEnd(9, "0") ?? 0));
}

function writeAny(writer: WireWriter, value: unknown, form: Form) {
  if (form === "raw") {
    writer.tag(1, LENGTH);
    return writer.text(JSON.stringify(value));
  }
  const nested = (number: number, schema: unknown) => {
    writer.tag(number, LENGTH);
    writer.withLength(() => writeMessage(writer, schema as Json, shapeOf("apiextensions.v1.JSONSchemaProps")));
  };
  if (form === "bool") {
    writer.tag(1, VARINT);
    writer.varint(value === false ? 0 : 1);
    if (typeof value === "object") nested(2, value);
  } else if (!Array.isArray(value)) nested(1, value);
  else if (form === "array") { for (const schema of value) nested(2, schema); }
  else {
    for (const text of value) {
      writer.tag(2, LENGTH);
      writer.text(text);
    }
  }
}
