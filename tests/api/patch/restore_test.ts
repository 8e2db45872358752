import assert from "node:assert/strict";
import { restoreError } from "../../../cluster/memory/api/patch/restore.ts";
import type { Json } from "../../../cluster/memory/kinds/json.ts";
import { shapeOf } from "../../../cluster/memory/kinds/schema/shape.ts";

/** What a real v1.36 API server said to strategic merge patches of a Service. */
const REFUSED: readonly (readonly [Json, string])[] = [
  [{ spec: { type: 5 } }, "cannot convert int64 to v1.ServiceType"],
  [{ spec: { ports: [{ port: 80, protocol: 7 }] } }, "cannot convert int64 to v1.Protocol"],
  [{ metadata: { labels: { a: 1 } } }, "cannot convert int64 to string"],
  [{ spec: { ports: [{ port: 1.5 }] } }, "cannot convert float64 to int32"],
  [{ spec: { externalName: 3.5 } }, "unrecognized type: string"],
  [{ spec: { clusterIPs: [1] } }, "cannot convert int64 to string"],
  [{ spec: { selector: 1 } }, "cannot restore map from int64"],
  [{ spec: { selector: "web" } }, "cannot restore map from string"],
  [{ spec: { ports: "http" } }, "cannot restore slice from string"],
  [{ spec: true }, "cannot restore struct from: bool"],
  [{ spec: { publishNotReadyAddresses: "yes" } }, "unrecognized type: bool"],
];

for (const [object, error] of REFUSED) {
  Deno.test(`${JSON.stringify(object)}: ${error}`, () => {
    assert.equal(restoreError(object, shapeOf("core.v1.Service")), error);
  });
}

Deno.test("what reads its own JSON is left to it", () => {
  const shape = shapeOf("core.v1.Pod");
  assert.equal(restoreError({ metadata: { creationTimestamp: 5 } }, shape), undefined);
  assert.equal(restoreError({ spec: { containers: [{ resources: { limits: { cpu: 2 } } }] } }, shape), undefined);
  assert.equal(restoreError({ spec: null, status: { phase: null } }, shape), undefined);
});

Deno.test("bytes are text", () => {
  const shape = shapeOf("core.v1.Secret");
  assert.equal(restoreError({ data: { a: "YQ==" } }, shape), undefined);
  assert.equal(restoreError({ data: { a: 1 } }, shape), "cannot restore slice from int64");
});
