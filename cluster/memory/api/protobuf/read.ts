/** Reads messages into objects as they stand in JSON. */
import { Buffer } from "node:buffer";
import { type Shape, shapeOf, type StructShape } from "../../kinds/schema/shape.ts";
import { type Form, type Plan, type PlannedField, planOf } from "./plan.ts";
import { FIXED64, LENGTH, MalformedProtobuf, VARINT, WireReader } from "./wire.ts";

type Json = Record<string, unknown>;

/** Messages within one another; Go has no limit but its stack. */
const MAXIMUM_DEPTH = 1000;

/** Reads the message of a type from `reader` to its end. */
export function readMessage(reader: WireReader, shape: StructShape, depth = 0): Json {
  const object: Json = {};
  readFields(reader, planOf(shape), object, depth);
  return object;
}

function readFields(reader: WireReader, plan: Plan, object: Json, depth: number) {
  if (depth > MAXIMUM_DEPTH) throw new MalformedProtobuf("proto: nesting too deep");
  while (reader.at < reader.end) {
    const tag = reader.varint();
    const wireType = tag & 7;
    const number = Math.floor(tag / 8);
    if (number <= 0) throw new MalformedProtobuf(`proto: illegal tag ${number} (wire type ${wireType})`);
    const planned = plan.byNumber.get(number);
    if (planned === undefined) reader.skip(wireType);
    else if (planned.embedded !== undefined) {
      expect(wireType, LENGTH, planned);
      readFields(reader.message(), planned.embedded, object, depth + 1);
    } else if (planned.field !== undefined) readField(reader, wireType, planned, object, depth + 1);
    else reader.skip(wireType);
  }
}

function readField(reader: WireReader, wireType: number, planned: PlannedField, object: Json, depth: number) {
  const { field, form } = planned;
  const { name, shape } = field!;
  switch (shape.is) {
    case "list": {
      const items = (object[name] ??= []) as unknown[];
      const expected = wireTypeOf(shape.items);
      if (wireType === LENGTH && expected !== LENGTH) {
        const packed = reader.message();
        while (packed.at < packed.end) items.push(readValue(packed, shape.items, depth));
        return;
      }
      expect(wireType, expected, planned);
      items.push(readValue(reader, shape.items, depth));
      return;
    }
    case "map": {
      expect(wireType, LENGTH, planned);
      const entries = (object[name] ??= {}) as Json;
      const [key, value] = readEntry(reader.message(), shape.values, form, depth);
      Object.defineProperty(entries, key, { value, enumerable: true, writable: true, configurable: true });
      return;
    }
    case "any": {
      expect(wireType, LENGTH, planned);
      // "dependencies" is a map whose values have several forms.
      if (form === "strings") {
        const [key, value] = readEntry(reader.message(), shape, form, depth);
        object[name] ??= {} as Json;
        (object[name] as Json)[key] = value;
      } else {
        const value = readAny(reader.message(), form, depth);
        if (value !== null) object[name] = value;
      }
      return;
    }
    case "struct": {
      expect(wireType, LENGTH, planned);
      // A message that comes in parts is put together.
      const value = readMessage(reader.message(), shape, depth);
      object[name] = object[name] === undefined ? value : { ...object[name] as Json, ...value };
      return;
    }
    case "scalar": {
      expect(wireType, wireTypeOf(shape), planned);
      const value = readValue(reader, shape, depth);
      if (value !== null) object[name] = value;
    }
  }
}

function expect(wireType: number, expected: number, { field }: PlannedField) {
  if (wireType === expected) return;
  const name = field === undefined ? "" : field.name[0].toUpperCase() + field.name.slice(1);
  throw new MalformedProtobuf(`proto: wrong wireType = ${wireType} for field ${name}`);
}

function wireTypeOf(shape: Shape): number {
  if (shape.is !== "scalar") return LENGTH;
  switch (shape.type) {
    case "int32":
    case "int64":
    case "bool":
      return VARINT;
    case "double":
      return FIXED64;
    default:
      return LENGTH;
  }
}

function readEntry(reader: WireReader, values: Shape, form: Form, depth: number): [string, unknown] {
  let key = "";
  let value: unknown;
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (tag === 8 + LENGTH) key = reader.text();
    else if (tag === 16 + wireTypeOf(values)) {
      value = values.is === "any" ? readAny(reader.message(), form, depth) : readValue(reader, values, depth);
    } else reader.skip(tag & 7);
  }
  return [key, value ?? readAbsent(values, form, depth)];
}

/** An entry without a value has the zero value. */
function readAbsent(shape: Shape, form: Form, depth: number): unknown {
  const nothing = new WireReader(new Uint8Array([0]));
  if (wireTypeOf(shape) === FIXED64) return 0;
  return shape.is === "any" ? readAny(nothing.message(), form, depth) : readValue(nothing, shape, depth);
}

function readValue(reader: WireReader, shape: Shape, depth: number): unknown {
  if (depth > MAXIMUM_DEPTH) throw new MalformedProtobuf("proto: nesting too deep");
  switch (shape.is) {
    case "struct":
      return readMessage(reader.message(), shape, depth + 1);
    case "any":
      return readAny(reader.message(), "raw", depth);
    case "list":
      return readWrappedList(reader.message(), shape.items, depth);
    case "map":
      throw new MalformedProtobuf("proto: a map in a list has no protobuf form");
  }
  switch (shape.type) {
    case "string":
      return reader.text();
    case "int32":
      return reader.varint() | 0;
    case "int64":
      return reader.varint();
    case "bool":
      return reader.varint() !== 0;
    case "double":
      return reader.double();
    case "bytes":
      return Buffer.from(reader.bytes()).toString("base64");
    case "quantity":
      return fieldsOf(reader.message(), { 1: LENGTH })[1] ?? "0";
    case "time":
    case "microtime":
      return readTime(reader.message(), shape.type);
    case "int-or-string": {
      const { 1: type = 0, 2: number = 0, 3: text = "" } = fieldsOf(reader.message(), {
        1: VARINT,
        2: VARINT,
        3: LENGTH,
      });
      return type === 1 ? text : Number(number) | 0;
    }
  }
}

/** A list within a map is a message of its own, with the items as field 1: UserInfo.extra. */
function readWrappedList(reader: WireReader, items: Shape, depth: number): unknown[] {
  const list: unknown[] = [];
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (tag === 8 + wireTypeOf(items)) list.push(readValue(reader, items, depth + 1));
    else reader.skip(tag & 7);
  }
  return list;
}

/** The numbers and texts of a small message, by field number. */
function fieldsOf(reader: WireReader, types: Readonly<Record<number, number>>): Record<number, number | string> {
  const values: Record<number, number | string> = {};
  while (reader.at < reader.end) {
    const tag = reader.varint();
    const number = Math.floor(tag / 8);
    if (types[number] !== (tag & 7)) reader.skip(tag & 7);
    else values[number] = types[number] === LENGTH ? reader.text() : reader.varint();
  }
  return values;
}

const MAXIMUM_SECONDS = Date.UTC(10000, 0) / 1000;

/** No bytes at all are Go's zero time, which JSON has as null. */
function readTime(reader: WireReader, type: "time" | "microtime"): string | null {
  if (reader.at === reader.end) return null;
  const { 1: seconds = 0, 2: nanos = 0 } = fieldsOf(reader, { 1: VARINT, 2: VARINT }) as Record<number, number>;
  if (!(Math.abs(seconds) < MAXIMUM_SECONDS)) {
    throw new MalformedProtobuf("Time.MarshalJSON: year outside of range [0,9999]");
  }
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return type === "time" ? `${text}Z` : `${text}.${String(Math.floor(nanos / 1000)).padStart(6, "0").slice(0, 6)}Z`;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Any JSON value, or null when there is none. */
function readAny(reader: WireReader, form: Form, depth: number): unknown {
  let value: unknown = null;
  const nested = () => readMessage(reader.message(), shapeOf("apiextensions.v1.JSONSchemaProps"), depth + 1);
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (form === "raw" && tag === 8 + LENGTH) value = parsed(reader.bytes());
    else if (form === "bool" && tag === 8 + VARINT) value ??= reader.varint() !== 0;
    else if ((form === "array" || form === "strings") && tag === 8 + LENGTH) value = nested();
    else if (form === "bool" && tag === 16 + LENGTH) value = nested();
    else if (form === "array" && tag === 16 + LENGTH) value = [...Array.isArray(value) ? value : [], nested()];
    else if (form === "strings" && tag === 16 + LENGTH) value = [...Array.isArray(value) ? value : [], reader.text()];
    else reader.skip(tag & 7);
  }
  return value;
}

function parsed(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return null;
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new MalformedProtobuf("json: error calling MarshalJSON: the value is not JSON");
  }
}
