/**
 * The wire format of protobuf: tags, varints, and values with a length.
 *
 * Source: the encoding that https://protobuf.dev/programming-guides/encoding describes; messages of errors are those
 * of the code that gogo/protobuf generates for Kubernetes.
 */

/** Thrown for bytes that are no message. */
export class MalformedProtobuf extends Error {
  override readonly name = "MalformedProtobuf";
}

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
export const FIXED32 = 5;

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** Texts up to this many bytes are decoded here, faster than by a call of the runtime. */
const SHORT = 32;

/** A cursor over the bytes of one message. */
export class WireReader {
  at: number;
  readonly end: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** An unsigned varint of up to 53 bits; a larger one (a negative number) is cut to its lowest 32 bits, signed. */
  varint(): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.at >= this.end) throw new MalformedProtobuf("unexpected EOF");
      const byte = bytes[this.at++];
      if (shift >= 49) return this.#long(value, byte, shift);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new MalformedProtobuf("proto: integer overflow");
  }

  #long(low: number, byte: number, shift: number): number {
    let value = BigInt(low);
    for (;;) {
      value |= BigInt(byte & 0x7f) << BigInt(shift);
      shift += 7;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
      if (shift >= 70) throw new MalformedProtobuf("proto: integer overflow");
      if (this.at >= this.end) throw new MalformedProtobuf("unexpected EOF");
      byte = this.#bytes[this.at++];
    }
  }

  double(): number {
    const start = this.#pass(8);
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + start, 8).getFloat64(0, true);
  }

  text(): string {
    const length = this.varint();
    const start = this.#pass(length);
    const bytes = this.#bytes;
    if (length <= SHORT) {
      let text = "";
      let i = start;
      for (; i < this.at && bytes[i] < 0x80; i++) text += String.fromCharCode(bytes[i]);
      if (i === this.at) return text;
    }
    return utf8.decode(bytes.subarray(start, this.at));
  }

  bytes(): Uint8Array {
    const start = this.#pass(this.varint());
    return this.#bytes.subarray(start, this.at);
  }

  /** The message at the cursor, as a reader of its own; the cursor moves past it. */
  message(): WireReader {
    const start = this.#pass(this.varint());
    return new WireReader(this.#bytes, start, this.at);
  }

  skip(wireType: number) {
    switch (wireType) {
      case VARINT:
        this.varint();
        return;
      case FIXED64:
        this.#pass(8);
        return;
      case LENGTH:
        this.#pass(this.varint());
        return;
      case FIXED32:
        this.#pass(4);
        return;
      default:
        throw new MalformedProtobuf(`proto: illegal wireType ${wireType}`);
    }
  }

  #pass(length: number): number {
    const start = this.at;
    if (length < 0) throw new MalformedProtobuf("proto: negative length found during unmarshaling");
    if (start + length > this.end) throw new MalformedProtobuf("unexpected EOF");
    this.at = start + length;
    return start;
  }
}

/** Bytes that grow. Lengths are known only after what they measure: a message is written, then moved behind its length. */
export class WireWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  raw(bytes: Uint8Array) {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  tag(field: number, wireType: number) {
    this.varint(field * 8 + wireType);
  }

  varint(value: number) {
    this.#reserve(10);
    if (value < 0 || value > Number.MAX_SAFE_INTEGER) return this.#long(BigInt.asUintN(64, BigInt(value)));
    while (value >= 0x80) {
      this.#bytes[this.#length++] = (value % 128) | 0x80;
      value = Math.floor(value / 128);
    }
    this.#bytes[this.#length++] = value;
  }

  #long(value: bigint) {
    while (value >= 0x80n) {
      this.#bytes[this.#length++] = Number(value & 0x7fn) | 0x80;
      value >>= 7n;
    }
    this.#bytes[this.#length++] = Number(value);
  }

  double(value: number) {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  text(value: string) {
    this.withLength(() => {
      this.#reserve(value.length * 3);
      this.#length += utf8Encoder.encodeInto(value, this.#bytes.subarray(this.#length)).written;
    });
  }

  bytes(value: Uint8Array) {
    this.varint(value.length);
    this.raw(value);
  }

  /** Writes what `write` writes, behind its length. */
  withLength(write: () => void) {
    this.#reserve(1);
    const start = this.#length++;
    write();
    const length = this.#length - start - 1;
    if (length < 0x80) {
      this.#bytes[start] = length;
      return;
    }
    let more = 0;
    for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 128)) more++;
    this.#reserve(more);
    this.#bytes.copyWithin(start + 1 + more, start + 1, this.#length);
    this.#length = start;
    this.varint(length);
    this.#length += length;
  }

  #reserve(length: number) {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
