import assert from "node:assert/strict";
import fc from "fast-check";
import { createPatch } from "rfc6902";
import { StatusError } from "../../../cluster/memory/api/status.ts";
import { applyJsonPatch } from "../../../cluster/memory/api/patch/json_patch.ts";
import type { Json, JsonObject } from "../../../cluster/memory/kinds/json.ts";

function refusal(action: () => unknown): StatusError {
  try {
    action();
  } catch (error) {
    assert(error instanceof StatusError);
    return error;
  }
  assert.fail("nothing was thrown");
}

const configMap = { data: { a: "1", b: "2" }, list: ["x", "y", "z"] };

Deno.test("applies all operations in order", () => {
  const { result } = applyJsonPatch(configMap, [
    { op: "test", path: "/data/a", value: "1" },
    { op: "replace", path: "/data/a", value: "9" },
    { op: "move", from: "/data/b", path: "/data/c" },
    { op: "copy", from: "/data/c", path: "/data/d" },
    { op: "remove", path: "/list/0" },
    { op: "add", path: "/list/-", value: "w" },
  ]);
  assert.deepEqual(result, { data: { a: "9", c: "2", d: "2" }, list: ["y", "z", "w"] });
});

Deno.test("leaves the object as it was, applied or not", () => {
  const before = structuredClone(configMap);
  applyJsonPatch(configMap, [{ op: "remove", path: "/data/a" }]);
  refusal(() => applyJsonPatch(configMap, [{ op: "remove", path: "/data/a" }, { op: "remove", path: "/nope" }]));
  assert.deepEqual(configMap, before);
});

Deno.test("counts negative indexes from the end", () => {
  const list = (patch: Json) => (applyJsonPatch(configMap, patch).result as JsonObject).list;
  assert.deepEqual(list([{ op: "replace", path: "/list/-1", value: "w" }]), ["x", "y", "w"]);
  assert.deepEqual(list([{ op: "remove", path: "/list/-3" }]), ["y", "z"]);
  assert.deepEqual(list([{ op: "add", path: "/list/-1", value: "w" }]), ["x", "y", "z", "w"]);
});

Deno.test("replaces a member that is not there, and copies it as null, as the server's library does", () => {
  const { result } = applyJsonPatch(configMap, [
    { op: "replace", path: "/data/none", value: "1" },
    { op: "copy", from: "/nothing", path: "/data/c" },
  ]);
  assert.deepEqual((result as JsonObject).data, { a: "1", b: "2", none: "1", c: null });
});

Deno.test("a test for null passes where nothing is", () => {
  applyJsonPatch(configMap, [{ op: "test", path: "/data/none", value: null }]);
});

for (
  const [what, operation] of Object.entries({
    "a test that fails": { op: "test", path: "/data/a", value: "2" },
    "the removal of nothing": { op: "remove", path: "/data/none" },
    "the replacement of what is in nothing": { op: "replace", path: "/none/a", value: "1" },
    "a move of nothing": { op: "move", from: "/data/none", path: "/data/c" },
    "an addition under nothing": { op: "add", path: "/none/a", value: "1" },
    "an addition under a string": { op: "add", path: "/data/a/b", value: "1" },
    "an index beyond the end": { op: "add", path: "/list/4", value: "1" },
    "a replacement of what is beyond the end": { op: "replace", path: "/list/-", value: "1" },
    "a negative index beyond the start": { op: "replace", path: "/list/-4", value: "1" },
    "a copy of what is in nothing": { op: "copy", from: "/none/a", path: "/data/c" },
    "a move into its own child": { op: "move", from: "/data", path: "/data/a" },
    "an operation that does not exist": { op: "merge", path: "/data", value: {} },
    "no path": { op: "add", value: 1 },
    "a path that is no pointer": { op: "add", path: "data/a", value: "1" },
  })
) {
  Deno.test(`refuses ${what}`, () => {
    const { status } = refusal(() => applyJsonPatch(configMap, [operation as unknown as JsonObject]));
    assert.equal(status.code, 422);
    assert.equal(status.reason, "Invalid");
    assert.equal(status.message, "the server rejected our request due to an error in our request");
  });
}

Deno.test("says what is no JSON Patch", () => {
  const message = (patch: Json) => refusal(() => applyJsonPatch(configMap, patch)).message;
  assert.equal(
    message({ data: {} }),
    "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
  );
  assert.equal(
    message(["x"]),
    "error decoding patch: json: cannot unmarshal string into Go value of type handlers.jsonPatchOp",
  );
  assert.equal(
    message([{ op: 1 }]),
    "error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string",
  );
});

Deno.test("tells of members that operations do not have", () => {
  const { strictErrors } = applyJsonPatch(configMap, [{ op: "remove", path: "/data/a", vaule: "x" }]);
  assert.deepEqual(strictErrors, ['json patch unknown field "[0].vaule"']);
});

/** The library leaves members called __proto__ out of what it adds. */
const isTame = (value: unknown) => !JSON.stringify(value).includes('"__proto__"');
const value = fc.jsonValue({ depthSize: "small" }).filter(isTame)
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);
const object = fc.dictionary(fc.string({ minLength: 1 }), value).filter(isTame)
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

Deno.test("a computed patch leads from one object to the other", () => {
  fc.assert(fc.property(object, object, (from, to) => {
    const patch = createPatch(from, to) as unknown as Json;
    // The library's difference names the whole document only when one of the two is no object.
    assert.deepEqual(applyJsonPatch(from, patch).result, to);
  }));
});
