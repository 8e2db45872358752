import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { normalize } from "../../../cluster/memory/api/decode/mod.ts";
import {
  encodeProtobuf,
  encodeWatchEvent,
  MalformedProtobuf,
  openEnvelope,
  readObject,
} from "../../../cluster/memory/api/protobuf/mod.ts";
import { shapeOf, typeFacts, typeNames } from "../../../cluster/memory/kinds/schema/shape.ts";

/** Kubernetes' own round-trip data, where they lie beside the repository. */
const vectors = new URL("../../../../shared/protobuf/", import.meta.url);

/** "apps/v1" and "Deployment" → "apps.v1.Deployment" */
function typeOf(apiVersion: string, kind: string): string | undefined {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  return typeNames.find((name) =>
    typeFacts(name).kinds?.some((gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind)
  );
}

Deno.test({
  name: "protobuf: every kind's bytes are its JSON, and back (needs ../shared/protobuf beside the repository)",
  ignore: !existsSync(vectors),
  async fn(t) {
    for (const file of readdirSync(vectors).filter((name) => name.endsWith(".pb"))) {
      const { apiVersion = "v1", kind, ...expected } = JSON.parse(
        readFileSync(new URL(file.replace(/pb$/, "json"), vectors), "utf8"),
      );
      const type = typeOf(apiVersion, kind);
      // Kinds that have no place in OpenAPI are never a body: options of a connection, reviews for a webhook.
      if (type === undefined) continue;
      const shape = shapeOf(type);
      await t.step(type, () => {
        const envelope = openEnvelope(readFileSync(new URL(file, vectors)));
        assert.deepEqual({ apiVersion: envelope.apiVersion, kind: envelope.kind }, { apiVersion, kind });
        const object = normalize(readObject(envelope, shape), shape);
        assert.deepEqual(object, normalize(expected, shape));
        const again = openEnvelope(encodeProtobuf({ apiVersion, kind, ...object }, shape));
        assert.deepEqual(normalize(readObject(again, shape), shape), object);
      });
    }
  },
});

/** The bytes of "6b 38 73 …". */
const hex = (text: string) => new Uint8Array(text.trim().split(/\s+/).map((byte) => parseInt(byte, 16)));

Deno.test("protobuf: the bytes that a typed client sends for a ConfigMap", () => {
  const body = hex(`
    6b 38 73 00 0a 0f 0a 02 76 31 12 09 43 6f 6e 66 69 67 4d 61 70 12 2e 0a 1f 0a 03 77 65 62 12 00 1a 00 22 00
    2a 00 32 00 38 00 42 00 5a 0a 0a 03 61 70 70 12 03 77 65 62 12 0b 0a 01 6b 12 06 c3 a9 c3 a9 c3 a9 1a 00 22 00`);
  const shape = shapeOf("core.v1.ConfigMap");
  const envelope = openEnvelope(body);
  assert.equal(envelope.kind, "ConfigMap");
  assert.deepEqual(normalize(readObject(envelope, shape), shape), {
    metadata: { name: "web", labels: { app: "web" } },
    data: { k: "ééé" },
  });
});

Deno.test("protobuf: values of every special type survive the way there and back", () => {
  const cases: readonly (readonly [string, Record<string, unknown>])[] = [
    ["core.v1.Service", {
      spec: { ports: [{ port: 80, targetPort: "http" }, { port: 81, targetPort: 8081 }], externalIPs: ["1.2.3.4"] },
    }],
    ["core.v1.Event", {
      eventTime: "2026-01-01T00:00:00.123456Z",
      firstTimestamp: null,
      lastTimestamp: "1969-12-31T23:59:59Z",
      count: -1,
    }],
    ["core.v1.Secret", { data: { empty: "", bytes: "AP+A" } }],
    ["core.v1.Pod", { spec: { containers: [{ resources: { limits: { cpu: "500m" } } }], nodeName: "n" } }],
    ["apps.v1.ControllerRevision", { data: { spec: { $patch: "replace", list: [1, 2.5, null] } }, revision: 2 ** 40 }],
    ["apps.v1.Deployment", { spec: { replicas: 0, paused: true, selector: {} } }],
    ["authentication.v1.TokenReview", { status: { user: { extra: { "example.com/a": ["b", "c"], none: [] } } } }],
    ["apiextensions.v1.CustomResourceDefinition", {
      spec: {
        versions: [{
          name: "v1",
          schema: {
            openAPIV3Schema: {
              type: "object",
              maximum: 1.5,
              default: { a: [true] },
              additionalProperties: false,
              properties: { list: { items: { type: "string" } }, map: { additionalProperties: { type: "integer" } } },
              "x-kubernetes-preserve-unknown-fields": true,
            },
          },
        }],
      },
    }],
  ];
  for (const [type, object] of cases) {
    const shape = shapeOf(type);
    const there = encodeProtobuf({ apiVersion: "v1", kind: "X", ...object }, shape);
    const back = normalize(readObject(openEnvelope(there), shape), shape);
    assert.deepEqual(back, normalize(object, shape));
  }
});

Deno.test("protobuf: a watch's frame is its length, its type and the body of its object", () => {
  const body = encodeProtobuf({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" } }, shapeOf("core.v1.Pod"));
  const frame = encodeWatchEvent("ADDED", body);
  assert.equal(new DataView(frame.buffer).getUint32(0), frame.length - 4);
  assert.deepEqual(frame.slice(4, 13), hex("0a 05 41 44 44 45 44 12 " + (body.length + 2).toString(16)));
  assert.deepEqual(frame.slice(-body.length), body);
});

Deno.test("protobuf: bytes that are no message are refused", () => {
  const shape = shapeOf("core.v1.ConfigMap");
  const object = (bytes: string) => () => readObject({ apiVersion: "v1", kind: "ConfigMap", raw: hex(bytes) }, shape);
  assert.throws(() => openEnvelope(new Uint8Array()), new MalformedProtobuf("empty data"));
  assert.throws(() => openEnvelope(hex("7b 7d")), {
    message: "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
  });
  assert.throws(object("0a 05 01"), new MalformedProtobuf("unexpected EOF"));
  assert.throws(object("08 01"), new MalformedProtobuf("proto: wrong wireType = 0 for field Metadata"));
  assert.throws(object("00"), new MalformedProtobuf("proto: illegal tag 0 (wire type 0)"));
  assert.throws(object("ff ff ff ff ff ff ff ff ff ff ff 01"), new MalformedProtobuf("proto: integer overflow"));
});
