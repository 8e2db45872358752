/**
 * An object on its way: four bytes that say what follows, and a message that names the kind and holds the object's own.
 *
 * Source: `apimachinery/pkg/runtime/serializer/protobuf/protobuf.go`, `apimachinery/pkg/util/framer`.
 */
import type { StructShape } from "../../kinds/schema/shape.ts";
import { readMessage } from "./read.ts";
import { LENGTH, MalformedProtobuf, WireReader, WireWriter } from "./wire.ts";
import { writeMessage } from "./write.ts";

/** "k8s\0" */
const PREFIX = new Uint8Array([0x6b, 0x38, 0x73, 0x00]);

/** The media type of bodies; a watch's has ";stream=watch". */
export const PROTOBUF = "application/vnd.kubernetes.protobuf";

export interface Envelope {
  /** "" where the client left it out. */
  readonly apiVersion: string;
  readonly kind: string;
  /** The object's own message. */
  readonly raw: Uint8Array;
}

/** Opens a body. @throws {MalformedProtobuf} */
export function openEnvelope(body: Uint8Array): Envelope {
  if (body.length === 0) throw new MalformedProtobuf("empty data");
  if (body.length < PREFIX.length || PREFIX.some((byte, i) => body[i] !== byte)) {
    throw new MalformedProtobuf(
      `provided data does not appear to be a protobuf message, expected prefix [${PREFIX.join(" ")}]`,
    );
  }
  if (body.length === PREFIX.length) throw new MalformedProtobuf("empty body");
  const reader = new WireReader(body, PREFIX.length);
  const envelope = { apiVersion: "", kind: "", raw: new Uint8Array() };
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (tag === 8 + LENGTH) readTypeMeta(reader.message(), envelope);
    else if (tag === 16 + LENGTH) envelope.raw = reader.bytes() as Uint8Array<ArrayBuffer>;
    else reader.skip(tag & 7);
  }
  return envelope;
}

function readTypeMeta(reader: WireReader, envelope: { apiVersion: string; kind: string }) {
  while (reader.at < reader.end) {
    const tag = reader.varint();
    if (tag === 8 + LENGTH) envelope.apiVersion = reader.text();
    else if (tag === 16 + LENGTH) envelope.kind = reader.text();
    else reader.skip(tag & 7);
  }
}

/** The object of an envelope, as it stands in JSON, without apiVersion and kind. @throws {MalformedProtobuf} */
export function readObject({ raw }: Envelope, shape: StructShape): Record<string, unknown> {
  return readMessage(new WireReader(raw), shape);
}

/** A body for `object`, whose apiVersion and kind are written beside its message. */
export function encodeProtobuf(object: Readonly<Record<string, unknown>>, shape: StructShape): Uint8Array {
  const writer = new WireWriter();
  writer.raw(PREFIX);
  writer.tag(1, LENGTH);
  writer.withLength(() => {
    writer.tag(1, LENGTH);
    writer.text(String(object.apiVersion ?? ""));
    writer.tag(2, LENGTH);
    writer.text(String(object.kind ?? ""));
  });
  writer.tag(2, LENGTH);
  writer.withLength(() => writeMessage(writer, object, shape));
  writer.tag(3, LENGTH);
  writer.text("");
  writer.tag(4, LENGTH);
  writer.text("");
  return writer.finish();
}

/**
 * One event of a watch: its length in four bytes (big endian), its type and the body of its object.
 *
 * @param body what {@linkcode encodeProtobuf} made; it can serve many watchers
 */
export function encodeWatchEvent(type: string, body: Uint8Array): Uint8Array {
  const writer = new WireWriter();
  writer.raw(new Uint8Array(4));
  writer.tag(1, LENGTH);
  writer.text(type);
  writer.tag(2, LENGTH);
  writer.withLength(() => {
    writer.tag(1, LENGTH);
    writer.bytes(body);
  });
  const frame = writer.finish();
  new DataView(frame.buffer).setUint32(0, frame.length - 4);
  return frame;
}
