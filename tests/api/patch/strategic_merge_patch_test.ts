import assert from "node:assert/strict";
import fc from "fast-check";
import { applyStrategicMergePatch } from "../../../cluster/memory/api/patch/strategic_merge_patch.ts";
import { StatusError } from "../../../cluster/memory/api/status.ts";
import type { JsonObject } from "../../../cluster/memory/kinds/json.ts";
import { shapeOf } from "../../../cluster/memory/kinds/schema/shape.ts";

const pod = shapeOf("core.v1.PodSpec");
const deployment = shapeOf("apps.v1.DeploymentSpec");

const patchPod = (original: JsonObject, patch: JsonObject) => applyStrategicMergePatch(original, patch, pod);
const container = (name: string, more: JsonObject = {}) => ({ name, ...more });
const names = (list: unknown) => (list as { name: string }[]).map(({ name }) => name);

Deno.test("merges a list by its key, what the patch names first", () => {
  const result = patchPod(
    { containers: [container("a", { image: "x", env: [{ name: "E", value: "1" }] }), container("b")] },
    { containers: [container("c"), container("a", { image: "y", env: [{ name: "F", value: "2" }] })] },
  );
  assert.deepEqual(result.containers, [
    container("c"),
    container("a", { image: "y", env: [{ name: "F", value: "2" }, { name: "E", value: "1" }] }),
    container("b"),
  ]);
});

Deno.test("replaces a list without a strategy, merges a map", () => {
  const result = patchPod(
    { containers: [container("a", { command: ["x", "y"] })], nodeSelector: { a: "1", b: "2" } },
    { containers: [container("a", { command: ["z"] })], nodeSelector: { b: null, c: "3" } },
  );
  assert.deepEqual(result, { containers: [container("a", { command: ["z"] })], nodeSelector: { a: "1", c: "3" } });
});

Deno.test("$patch: delete removes an item, or all of a map", () => {
  const original = { containers: [container("a"), container("b")], securityContext: { runAsUser: 1 } };
  assert.deepEqual(
    patchPod(original, {
      containers: [{ $patch: "delete", name: "a" }],
      securityContext: { $patch: "delete" },
    }),
    { containers: [container("b")], securityContext: {} },
  );
});

Deno.test("$patch: replace takes the patch as it is", () => {
  const original = { containers: [container("a"), container("b")], securityContext: { runAsUser: 1 } };
  assert.deepEqual(
    patchPod(original, {
      containers: [container("c"), { $patch: "replace" }],
      securityContext: { $patch: "replace", runAsGroup: 2 },
    }),
    { containers: [container("c")], securityContext: { runAsGroup: 2 } },
  );
});

Deno.test("$retainKeys clears the fields that it does not name", () => {
  const result = applyStrategicMergePatch(
    { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } },
    { strategy: { $retainKeys: ["type"], type: "Recreate" } },
    deployment,
  );
  assert.deepEqual(result, { strategy: { type: "Recreate" } });
});

Deno.test("$deleteFromPrimitiveList takes values out", () => {
  const meta = shapeOf("meta.v1.ObjectMeta");
  const original = { finalizers: ["a", "b", "c"] };
  assert.deepEqual(
    applyStrategicMergePatch(original, { "$deleteFromPrimitiveList/finalizers": ["b"], finalizers: ["d"] }, meta),
    { finalizers: ["d", "a", "c"] },
  );
  assert.deepEqual(
    applyStrategicMergePatch({}, { "$deleteFromPrimitiveList/finalizers": ["b"] }, meta),
    {},
  );
});

Deno.test("$setElementOrder orders what the patch knows and keeps the others near their neighbours", () => {
  const result = patchPod(
    { containers: [container("a"), container("server"), container("b")] },
    {
      "$setElementOrder/containers": [container("b"), container("c"), container("a")],
      containers: [container("c", { image: "x" })],
    },
  );
  assert.deepEqual(names(result.containers), ["server", "b", "c", "a"]);
});

for (
  const [what, original, patch, code, message] of [
    [
      "an item without its merge key",
      { containers: [{ name: "a" }] },
      { containers: [{ image: "x" }] },
      500,
      "map: map[image:x] does not contain declared merge key: name",
    ],
    [
      "an order that contradicts the patch",
      { containers: [] },
      { "$setElementOrder/containers": [{ name: "a" }], containers: [{ name: "b" }] },
      500,
      "The order in patch list:\n[map[name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n",
    ],
    [
      "an unknown directive",
      { nodeSelector: { a: "1" } },
      { nodeSelector: { $patch: "squash" } },
      500,
      "unknown patch type: squash in map: map[$patch:squash]",
    ],
    [
      "retained keys that leave out what the patch sets",
      { volumes: [{ name: "v" }] },
      { volumes: [{ name: "v", $retainKeys: ["name"], emptyDir: {} }] },
      400,
      "invalid patch format of retainKeys",
    ],
    [
      "a deletion list without a list's name",
      {},
      { "$deleteFromPrimitiveList": [] },
      400,
      "invalid patch format of primitive list",
    ],
    [
      "items of several types",
      { containers: [{ name: "a" }] },
      { containers: ["a"] },
      500,
      "list element types are not identical: [[map[name:a]] [a]]",
    ],
  ] as const
) {
  Deno.test(`refuses ${what}`, () => {
    assert.throws(
      () => patchPod(original as unknown as JsonObject, patch as unknown as JsonObject),
      (error) => {
        assert(error instanceof StatusError);
        assert.deepEqual([error.code, error.message], [code, message]);
        return true;
      },
    );
  });
}

const items = fc.uniqueArray(
  fc.record({ name: fc.constantFrom("a", "b", "c", "d", "e"), image: fc.constantFrom("x", "y") }, {
    noNullPrototype: true,
  }),
  { selector: ({ name }) => name },
);

Deno.test("laws: the empty patch changes nothing, a patch twice is a patch once", () => {
  fc.assert(fc.property(items, items, (from, to) => {
    const original = { containers: from };
    assert.deepEqual(patchPod(original, {}), original);
    const once = patchPod(original, { containers: to });
    assert.deepEqual(patchPod(once, { containers: to }), once);
  }));
});

Deno.test("law: a patch of deletions, changes and an order, as kubectl computes it, leads there", () => {
  fc.assert(fc.property(items, items, (from, to) => {
    if (from.length + to.length === 0) return;
    const gone = from.filter(({ name }) => !to.some((item) => item.name === name));
    const result = patchPod({ containers: from }, {
      "$setElementOrder/containers": to.map(({ name }) => ({ name })),
      containers: [...to, ...gone.map(({ name }) => ({ $patch: "delete", name }))],
    });
    assert.deepEqual(result.containers, to);
  }));
});
