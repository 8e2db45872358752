/**
 * Kubernetes' protobuf: what kubectl's typed clients send, and what a client gets that accepts nothing else.
 *
 * - {@linkcode openEnvelope} and {@linkcode readObject}: a body → its kind and its object, as JSON has it. Requests go
 *   through `decode` (api/decode), which calls them.
 * - {@linkcode encodeProtobuf}: an object → a body; {@linkcode encodeWatchEvent}: such a body → a frame of a watch.
 * - {@linkcode embeddingOf}: where Go keeps a field that a struct has from one that it embeds.
 * - {@linkcode hasProtobuf}: whether a type has a protobuf form; a custom resource has none.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { shapeOf } from "../../kinds/schema/shape.ts";
 * import { encodeProtobuf, openEnvelope, readObject } from "./mod.ts";
 *
 * const shape = shapeOf("core.v1.ConfigMap");
 * const body = encodeProtobuf({ apiVersion: "v1", kind: "ConfigMap", data: { colour: "blue" } }, shape);
 * const envelope = openEnvelope(body);
 * assert.equal(envelope.kind, "ConfigMap");
 * assert.deepEqual(readObject(envelope, shape), { data: { colour: "blue" } });
 * ```
 */
export { encodeProtobuf, encodeWatchEvent, type Envelope, openEnvelope, PROTOBUF, readObject } from "./envelope.ts";
export { embeddingOf, hasProtobuf } from "./plan.ts";
export { MalformedProtobuf } from "./wire.ts";
