/**
 * Reads JSON into the shape of a type, as Go's decoder reads it into a struct.
 *
 * Fields must match to the letter; what does not fit is skipped. The first value of a wrong type is remembered and
 * reading goes on; a quantity, a time or an int-or-string that cannot be read ends it. Unknown and duplicate fields
 * are collected in the order in which they stand. The text may be malformed: ask `syntaxError` after a failure.
 *
 * Source: `sigs.k8s.io/json` (a fork of `encoding/json`), `UnmarshalStrict`.
 */
import type { ListShape, MapShape, Shape, StructShape } from "../../kinds/schema/shape.ts";
import { embeddingOf } from "../protobuf/mod.ts";
import { goQuote } from "./go_text.ts";
import { goItemType, goType, structName } from "./go_type.ts";
import { MAXIMUM_DEPTH } from "./json_syntax.ts";
import { canonicalScalar, isScalarError, zeroScalar } from "./scalar.ts";

export interface Reading {
  /** What was read; fields that are null or do not fit are left out. */
  readonly value: unknown;
  /** What does not fit its type, in Go's words. */
  readonly problem?: string;
  /** Unknown and duplicate fields: `unknown field "spec.foo"`. */
  readonly strictErrors: readonly string[];
}

/** Thrown for a text that is not JSON. */
export class MalformedJson extends Error {
  override readonly name = "MalformedJson";
}

/** Ends reading: a value that reads itself refused the text. */
class Refused extends Error {}

/** Strict errors beyond these are not told. */
const MOST_STRICT_ERRORS = 100;

/** Reads `text` into `shape`. @throws {MalformedJson} */
export function readJson(text: string, shape: Shape): Reading {
  const reader = new JsonReader(text);
  try {
    const value = reader.document(shape);
    return { value, problem: reader.problem, strictErrors: [...reader.strictErrors] };
  } catch (error) {
    if (error instanceof Refused) return { value: undefined, problem: error.message, strictErrors: [] };
    // A text nested beyond the runtime's stack is beyond Go's limit, or close to it.
    if (error instanceof RangeError) throw new MalformedJson();
    throw error;
  }
}

/** Reads `text` without a type, looking only for duplicate fields: how custom resources are read. */
export function readUntyped(text: string): Reading {
  return readJson(text, { is: "any" });
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const INTEGER = /^-?\d+$/;
const LIMITS = { int32: 2n ** 31n, int64: 2n ** 63n };

class JsonReader {
  problem: string | undefined;
  readonly strictErrors = new Set<string>();
  #at = 0;
  #depth = 0;
  /** Where we are: fields, indices and keys; and beside each field the struct that has it. */
  readonly #path: (string | number)[] = [];
  readonly #owners: (StructShape | undefined)[] = [];

  constructor(readonly text: string) {}

  document(shape: Shape): unknown {
    this.#space();
    const value = shape.is === "any" ? this.#untyped(true) : this.#value(shape, undefined);
    this.#space();
    if (this.#at < this.text.length) throw new MalformedJson();
    return value;
  }

  /** The value at the cursor, or undefined when it is null or does not fit. */
  #value(shape: Shape, named: string | undefined): unknown {
    const first = this.text.charCodeAt(this.#at);
    if (first === 0x6e) return this.#null(shape);
    switch (shape.is) {
      case "struct":
        return first === 0x7b ? this.#struct(shape) : this.#mismatch(shape, named);
      case "list":
        return first === 0x5b ? this.#list(shape, named) : this.#mismatch(shape, named);
      case "map":
        return first === 0x7b ? this.#map(shape, named) : this.#mismatch(shape, named);
      case "any":
        return this.#untyped(false);
    }
    switch (shape.type) {
      case "string":
        return first === 0x22 ? this.#string() : this.#mismatch(shape, named);
      case "int32":
      case "int64":
        return isNumberStart(first) ? this.#integer(shape.type, named) : this.#mismatch(shape, named);
      case "double":
        return isNumberStart(first) ? Number(this.#number()) : this.#mismatch(shape, named);
      case "bool":
        return first === 0x74 || first === 0x66 ? this.#boolean() : this.#mismatch(shape, named);
      case "bytes":
        return first === 0x22 ? this.#bytes() : this.#mismatch(shape, named);
      case "quantity": {
        const start = this.#at;
        const quoted = first === 0x22;
        this.#skip();
        const raw = this.text.slice(start, this.#at);
        return this.#selfRead(shape.type, quoted ? raw.slice(1, -1) : raw);
      }
      case "time":
      case "microtime":
        if (first !== 0x22) this.#refuseType("string");
        return this.#selfRead(shape.type, this.#string());
      case "int-or-string":
        if (first === 0x22) return this.#string();
        if (!isNumberStart(first)) this.#refuseType("int32");
        return this.#intOrString();
    }
  }

  #struct(shape: StructShape): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const fields = shape.fields;
    let absent: Set<string> | undefined;
    this.#enter();
    if (this.#closes(0x7d)) return object;
    do {
      const key = this.#key();
      const field = fields.get(key);
      if (field === undefined) {
        this.#strict("unknown", key);
        this.#skip();
        continue;
      }
      if (object[key] !== undefined || absent?.has(key)) this.#strict("duplicate", key);
      this.#path.push(key);
      this.#owners.push(shape);
      const value = this.#value(field.shape, field.goType);
      this.#path.pop();
      this.#owners.pop();
      if (value !== undefined) object[key] = value;
      else (absent ??= new Set()).add(key);
    } while (this.#continues(0x7d));
    return object;
  }

  #map(shape: MapShape, named: string | undefined): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const itemType = goItemType(named);
    this.#enter();
    if (this.#closes(0x7d)) return object;
    do {
      const key = this.#key();
      if (Object.hasOwn(object, key)) this.#strict("duplicate", key);
      this.#path.push(key);
      this.#owners.push(undefined);
      const value = this.#value(shape.values, itemType);
      this.#path.pop();
      this.#owners.pop();
      put(object, key, value === undefined ? zero(shape.values) : value);
    } while (this.#continues(0x7d));
    return object;
  }

  #list(shape: ListShape, named: string | undefined): unknown[] {
    const items: unknown[] = [];
    const itemType = goItemType(named);
    this.#enter();
    if (this.#closes(0x5d)) return items;
    do {
      this.#space();
      this.#path.push(items.length);
      this.#owners.push(undefined);
      const value = this.#value(shape.items, itemType);
      this.#path.pop();
      this.#owners.pop();
      items.push(value === undefined ? zero(shape.items) : value);
    } while (this.#continues(0x5d));
    return items;
  }

  /** Any JSON value. `watched`: duplicate fields are strict errors. */
  #untyped(watched: boolean): unknown {
    const first = this.text.charCodeAt(this.#at);
    switch (first) {
      case 0x7b: {
        const object: Record<string, unknown> = {};
        this.#enter();
        if (this.#closes(0x7d)) return object;
        do {
          const key = this.#key();
          if (watched && Object.hasOwn(object, key)) this.#strict("duplicate", key);
          this.#path.push(key);
          put(object, key, this.#untyped(watched));
          this.#path.pop();
        } while (this.#continues(0x7d));
        return object;
      }
      case 0x5b: {
        const items: unknown[] = [];
        this.#enter();
        if (this.#closes(0x5d)) return items;
        do {
          this.#space();
          this.#path.push(items.length);
          items.push(this.#untyped(watched));
          this.#path.pop();
        } while (this.#continues(0x5d));
        return items;
      }
      case 0x22:
        return this.#string();
      case 0x74:
      case 0x66:
        return this.#boolean();
      case 0x6e:
        this.#word("null");
        return null;
      default:
        return Number(this.#number());
    }
  }

  /** Passes over a value. */
  #skip() {
    this.#untyped(false);
  }

  #null(shape: Shape): unknown {
    this.#word("null");
    // Go leaves what holds a value as it is, and empties what may hold none: both are "not set" here.
    return shape.is === "any" ? null : undefined;
  }

  #mismatch(shape: Shape, named: string | undefined): undefined {
    const described = this.#describe();
    this.#skip();
    this.#wrongType(described, goType(shape, named));
  }

  #wrongType(described: string, type: string) {
    this.problem ??= this.#typeError(described, type);
  }

  #refuseType(type: string): never {
    const first = this.text.charCodeAt(this.#at);
    const described = type === "int32" && isNumberStart(first) ? `number ${this.#number()}` : this.#describe();
    throw new Refused(this.#typeError(described, type));
  }

  #typeError(described: string, type: string): string {
    const names: (string | number)[] = [];
    let owner: StructShape | undefined;
    for (let i = 0; i < this.#path.length; i++) {
      const struct = this.#owners[i];
      if (struct === undefined) continue;
      names.push(...embeddingOf(struct, String(this.#path[i])), this.#path[i]);
      owner = struct;
    }
    const target = owner === undefined ? "value" : `struct field ${structName(owner.name)}.${names.join(".")}`;
    return `json: cannot unmarshal ${described} into Go ${target} of type ${type}`;
  }

  /** What Go calls the value at the cursor. */
  #describe(): string {
    switch (this.text[this.#at]) {
      case "{":
        return "object";
      case "[":
        return "array";
      case '"':
        return "string";
      case "t":
      case "f":
        return "bool";
      default:
        return "number";
    }
  }

  #selfRead(type: "quantity" | "time" | "microtime", text: string): unknown {
    try {
      return canonicalScalar(type, text) ?? undefined;
    } catch (error) {
      throw isScalarError(error) ? new Refused(error.message) : error;
    }
  }

  #bytes(): string | undefined {
    try {
      return canonicalScalar("bytes", this.#string()) as string;
    } catch (error) {
      if (!isScalarError(error)) throw error;
      this.problem ??= error.message;
      return undefined;
    }
  }

  #integer(type: "int32" | "int64", named: string | undefined): number | undefined {
    const text = this.#number();
    const value = Number(text);
    if (INTEGER.test(text) && fits(text, value, type)) return value;
    this.#wrongType(`number ${text}`, named ?? type);
    return undefined;
  }

  #intOrString(): number {
    const start = this.#at;
    const text = this.#number();
    const value = Number(text);
    if (INTEGER.test(text) && fits(text, value, "int32")) return value;
    this.#at = start;
    return this.#refuseType("int32");
  }

  #strict(what: "unknown" | "duplicate", key: string) {
    if (this.strictErrors.size >= MOST_STRICT_ERRORS) return;
    let path = "";
    for (const step of this.#path) path += typeof step === "number" ? `[${step}]` : path === "" ? step : `.${step}`;
    this.strictErrors.add(`${what} field ${goQuote(path === "" ? key : `${path}.${key}`)}`);
  }

  // --- the grammar ---

  #space() {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  /** Steps into the object or array at the cursor. */
  #enter() {
    if (++this.#depth > MAXIMUM_DEPTH) throw new MalformedJson();
    this.#at++;
    this.#space();
  }

  /** Whether an object or array that was just entered is empty; steps out of it then. */
  #closes(end: number): boolean {
    if (this.text.charCodeAt(this.#at) !== end) return false;
    this.#at++;
    this.#depth--;
    return true;
  }

  /** Whether another member follows; steps out of the object or array when not. */
  #continues(end: number): boolean {
    this.#space();
    const code = this.text.charCodeAt(this.#at++);
    if (code === 0x2c) return true;
    if (code !== end) throw new MalformedJson();
    this.#depth--;
    return false;
  }

  /** A member's key; leaves the cursor at its value. */
  #key(): string {
    this.#space();
    if (this.text.charCodeAt(this.#at) !== 0x22) throw new MalformedJson();
    const key = this.#string();
    this.#space();
    if (this.text.charCodeAt(this.#at++) !== 0x3a) throw new MalformedJson();
    this.#space();
    return key;
  }

  #string(): string {
    const text = this.text;
    const start = this.#at + 1;
    for (let at = start;; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x22) {
        this.#at = at + 1;
        return text.slice(start, at);
      }
      if (code === 0x5c) return this.#escapedString(start, at);
      if (!(code >= 0x20)) throw new MalformedJson();
    }
  }

  #escapedString(start: number, at: number): string {
    const text = this.text;
    for (;; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x5c) at++;
      else if (code === 0x22) break;
      else if (!(code >= 0x20)) throw new MalformedJson();
    }
    this.#at = at + 1;
    try {
      return (JSON.parse(text.slice(start - 1, at + 1)) as string).toWellFormed();
    } catch {
      throw new MalformedJson();
    }
  }

  #number(): string {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.text);
    if (match === null) throw new MalformedJson();
    this.#at += match[0].length;
    return match[0];
  }

  #boolean(): boolean {
    const value = this.text.charCodeAt(this.#at) === 0x74;
    this.#word(value ? "true" : "false");
    return value;
  }

  #word(word: string) {
    if (!this.text.startsWith(word, this.#at)) throw new MalformedJson();
    this.#at += word.length;
  }
}

const isNumberStart = (code: number) => code === 0x2d || (code >= 0x30 && code <= 0x39);

function fits(text: string, value: number, type: "int32" | "int64"): boolean {
  if (Number.isSafeInteger(value)) return type === "int64" || value === (value | 0);
  const limit = LIMITS[type];
  const exact = BigInt(text);
  return exact >= -limit && exact < limit;
}

/** Sets a key that may be any text; "__proto__" is one like others. */
function put(object: Record<string, unknown>, key: string, value: unknown) {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  } else object[key] = value;
}

/** What a list or a map of Go holds where null or a value that does not fit is given. */
function zero(shape: Shape): unknown {
  if (shape.is === "struct") return {};
  return shape.is === "scalar" ? zeroScalar(shape.type) : null;
}
