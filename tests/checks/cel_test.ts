import assert from "node:assert/strict";
import { CelError, celExpression } from "../../checks/cel.ts";

const object = {
  metadata: { annotations: { "deployment.kubernetes.io/revision": "3" } },
  spec: { replicas: 3, containers: [{ image: "nginx:1.27" }, { image: "busybox" }] },
  status: { readyReplicas: 2 },
};
const unmet = (source: string) => celExpression(source, ["object"]).unmet({ object });

Deno.test("an expression that holds has nothing unmet", () => {
  assert.deepEqual(unmet("object.spec.replicas == 3"), []);
  assert.deepEqual(unmet("object.spec.replicas - 1 == object.status.readyReplicas"), []);
  assert.deepEqual(unmet("int(object.metadata.annotations['deployment.kubernetes.io/revision']) >= 3"), []);
});

Deno.test("each condition that does not hold is told with both sides", () => {
  assert.deepEqual(unmet("object.spec.replicas == 3 && object.status.readyReplicas >= object.spec.replicas"), [
    { expression: "object.status.readyReplicas", compared: { is: 2, should: ">= 3" } },
  ]);
  assert.deepEqual(unmet("object.spec.containers.all(c, c.image.startsWith('nginx'))"), [
    { expression: "object.spec.containers.all(c, c.image.startsWith('nginx'))" },
  ]);
});

Deno.test("a field that is not there makes a condition not hold", () => {
  assert.deepEqual(unmet("object.status.updatedReplicas == 3"), [
    { expression: "object.status.updatedReplicas", compared: { is: undefined, should: "== 3" } },
  ]);
  assert.deepEqual(unmet("object.status.?updatedReplicas.orValue(3) == 3"), []);
});

Deno.test("matches takes linear time, whatever the pattern", () => {
  const slow = celExpression("object.name.matches('^(a+)+$') || 'x.matches(y)' == ''", ["object"]);
  assert.equal(slow.unmet({ object: { name: `${"a".repeat(40_000)}!` } }).length, 1);
  assert.equal(slow.unmet({ object: { name: "aaa" } }).length, 0);
});

for (
  const [source, message] of [
    ["object.spec.replicas ==", /Unexpected/],
    ["objekt.spec == 1", /Unknown variable: objekt/],
    ["'three'", /gives a string, not true or false/],
    ["1 + true == 2", /no such overload/i],
  ] as const
) {
  Deno.test(`refused when read: ${source}`, () => {
    assert.throws(
      () => celExpression(source, ["object"]),
      (error) => error instanceof CelError && message.test(error.message),
    );
  });
}
