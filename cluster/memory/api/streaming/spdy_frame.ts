/**
 * The frames of SPDY/3.1, as far as kubectl uses them: streams inside one upgraded connection.
 *
 * Source: SPDY protocol draft 3.1, section 2.
 */

export type Frame =
  | { readonly type: "syn_stream"; readonly stream: number; readonly fin: boolean; readonly block: Uint8Array }
  | { readonly type: "syn_reply"; readonly stream: number; readonly fin: boolean; readonly block: Uint8Array }
  | { readonly type: "headers"; readonly stream: number; readonly fin: boolean; readonly block: Uint8Array }
  | { readonly type: "rst_stream"; readonly stream: number; readonly status: number }
  | { readonly type: "ping"; readonly id: number }
  | { readonly type: "goaway"; readonly last: number; readonly status: number }
  | { readonly type: "data"; readonly stream: number; readonly fin: boolean; readonly data: Uint8Array }
  /** Settings, window updates and what this protocol version does not know: read over. */
  | { readonly type: "other" };

const CONTROL = { syn_stream: 1, syn_reply: 2, rst_stream: 3, ping: 6, goaway: 7, headers: 8 } as const;
const FIN = 0x01;
const HEADER_SIZE = 8;

/** A connection whose peer sends more than this at once is not a kubectl. */
const LARGEST_FRAME = 16 * 1024 * 1024;

export class SpdyError extends Error {
  override readonly name = "SpdyError";
}

/** Cuts a byte stream into frames; bytes of an unfinished frame wait for the next chunk. */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array(0);

  /** @throws {SpdyError} for what is not SPDY/3 */
  *push(chunk: Uint8Array): Generator<Frame> {
    this.#rest = this.#rest.length === 0 ? chunk : concat([this.#rest, chunk]);
    while (this.#rest.length >= HEADER_SIZE) {
      const view = new DataView(this.#rest.buffer, this.#rest.byteOffset, this.#rest.byteLength);
      const length = view.getUint32(4) & 0xffffff;
      if (length > LARGEST_FRAME) throw new SpdyError(`a frame of ${length} bytes is too large`);
      if (this.#rest.length < HEADER_SIZE + length) return;
      const body = this.#rest.subarray(HEADER_SIZE, HEADER_SIZE + length);
      this.#rest = this.#rest.subarray(HEADER_SIZE + length);
      yield parse(view.getUint32(0), view.getUint8(4), body);
    }
  }
}

function parse(first: number, flags: number, body: Uint8Array): Frame {
  const fin = (flags & FIN) !== 0;
  if (first < 0x80000000) return { type: "data", stream: first, fin, data: body };
  const version = (first >>> 16) & 0x7fff;
  if (version !== 3) throw new SpdyError(`version ${version} is not SPDY/3`);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const number = (offset: number) => {
    if (offset + 4 > body.length) throw new SpdyError("a control frame is too short");
    return view.getUint32(offset);
  };
  switch (first & 0xffff) {
    case CONTROL.syn_stream:
      // After the stream's number: the associated stream, the priority and the slot, which kubectl leaves alone.
      return { type: "syn_stream", stream: number(0) & 0x7fffffff, fin, block: body.subarray(10) };
    case CONTROL.syn_reply:
      return { type: "syn_reply", stream: number(0) & 0x7fffffff, fin, block: body.subarray(4) };
    case CONTROL.headers:
      return { type: "headers", stream: number(0) & 0x7fffffff, fin, block: body.subarray(4) };
    case CONTROL.rst_stream:
      return { type: "rst_stream", stream: number(0) & 0x7fffffff, status: number(4) };
    case CONTROL.ping:
      return { type: "ping", id: number(0) };
    case CONTROL.goaway:
      return { type: "goaway", last: number(0) & 0x7fffffff, status: number(4) };
    default:
      return { type: "other" };
  }
}

export function encodeFrame(frame: Exclude<Frame, { type: "other" }>): Uint8Array {
  switch (frame.type) {
    case "data":
      return assemble(frame.stream, frame.fin, [frame.data]);
    case "syn_stream":
      return control(frame.type, frame.fin, [uint32(frame.stream, 0), new Uint8Array(2), frame.block]);
    case "syn_reply":
    case "headers":
      return control(frame.type, frame.fin, [uint32(frame.stream), frame.block]);
    case "rst_stream":
      return control(frame.type, false, [uint32(frame.stream, frame.status)]);
    case "ping":
      return control(frame.type, false, [uint32(frame.id)]);
    case "goaway":
      return control(frame.type, false, [uint32(frame.last, frame.status)]);
  }
}

function control(type: keyof typeof CONTROL, fin: boolean, parts: readonly Uint8Array[]): Uint8Array {
  return assemble((0x80030000 | CONTROL[type]) >>> 0, fin, parts);
}

function assemble(first: number, fin: boolean, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat([uint32(first, (((fin ? FIN : 0) << 24) | length) >>> 0), ...parts]);
}

function uint32(...numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * numbers.length);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, i) => view.setUint32(4 * i, number));
  return bytes;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

export type Headers = Readonly<Record<string, string>>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Names and values with their lengths, before compression. */
export function encodeHeaders(headers: Headers): Uint8Array {
  const entries = Object.entries(headers);
  const parts = [uint32(entries.length)];
  for (const text of entries.flat()) {
    const bytes = encoder.encode(text);
    parts.push(uint32(bytes.length), bytes);
  }
  return concat(parts);
}

/** @throws {SpdyError} for a block whose lengths do not add up */
export function decodeHeaders(block: Uint8Array): Headers {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  let offset = 0;
  const number = () => {
    if (offset + 4 > block.length) throw new SpdyError("a header block is too short");
    offset += 4;
    return view.getUint32(offset - 4);
  };
  const text = () => {
    const length = number();
    if (offset + length > block.length) throw new SpdyError("a header block is too short");
    offset += length;
    return decoder.decode(block.subarray(offset - length, offset));
  };
  const count = number();
  const headers: Record<string, string> = {};
  for (let i = 0; i < count; i++) {
    const name = text().toLowerCase();
    headers[name] = text();
  }
  return headers;
}
