import assert from "node:assert/strict";
import fc from "fast-check";
import { differences } from "../../checks/match.ts";

Deno.test("a map matches by key, and other keys may have any value", () => {
  assert.deepEqual(differences({ a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 }), []);
  assert.deepEqual(differences({ a: { b: 1 } }, { a: { b: 2 } }), [{ path: "a.b", is: 2, should: 1 }]);
});

Deno.test("list items are found by their merge key, wherever they stand", () => {
  const containers = [{ name: "side", image: "busybox" }, { name: "app", image: "nginx:1.26" }];
  assert.deepEqual(differences({ containers: [{ name: "app", image: "nginx:1.27" }] }, { containers }), [
    { path: "containers[name=app].image", is: "nginx:1.26", should: "nginx:1.27" },
  ]);
  assert.deepEqual(
    differences({ ports: [{ containerPort: 80, protocol: "TCP" }] }, {
      ports: [{ containerPort: 443, protocol: "TCP" }, { containerPort: 80, protocol: "TCP", name: "http" }],
    }),
    [],
  );
});

Deno.test("a missing item is told with what it should be", () => {
  assert.deepEqual(differences({ containers: [{ name: "app" }] }, { containers: [{ name: "web" }] }), [
    { path: "containers[name=app]", is: undefined, should: { name: "app" } },
  ]);
});

Deno.test("items without a merge key match by containment", () => {
  assert.deepEqual(differences({ args: ["-v"] }, { args: ["-x", "-v"] }), []);
  assert.equal(differences({ args: ["-q"] }, { args: ["-x", "-v"] })[0].path, "args[]");
  assert.deepEqual(
    differences({ containers: [{ image: "nginx" }] }, { containers: [{ name: "a", image: "nginx" }] }),
    [],
  );
});

Deno.test("where no item matches, the most alike is told", () => {
  const containers = [{ name: "a", image: "redis", tty: true }, { name: "b", image: "nginx:1.26" }];
  assert.deepEqual(differences({ containers: [{ image: "nginx:1.27", stdin: null }] }, { containers }), [
    { path: "containers[0].image", is: "redis", should: "nginx:1.27" },
  ]);
  assert.deepEqual(differences({ args: [{ a: 1 }] }, { args: ["text"] })[0].path, "args[]");
});

Deno.test("an empty list means no items, null means no field", () => {
  assert.deepEqual(differences({ args: [], node: null }, { other: 1 }), []);
  assert.equal(differences({ args: [] }, { args: ["a"] }).length, 1);
  assert.equal(differences({ node: null }, { node: "node01" }).length, 1);
});

Deno.test("an expected empty map must be there", () => {
  assert.deepEqual(differences({ emptyDir: {} }, { emptyDir: { medium: "Memory" } }), []);
  assert.equal(differences({ emptyDir: {} }, { hostPath: {} }).length, 1);
});

Deno.test("amounts of resources match by value", () => {
  const actual = { resources: { requests: { cpu: "500m", memory: "1Gi" } }, hard: { "requests.cpu": "1" } };
  const expected = { resources: { requests: { cpu: "0.5", memory: "1024Mi" } }, hard: { "requests.cpu": "1000m" } };
  assert.deepEqual(differences(expected, actual), []);
  assert.equal(differences({ resources: { requests: { cpu: "1" } } }, actual).length, 1);
  assert.equal(differences({ labels: { size: "0.5" } }, { labels: { size: "500m" } }).length, 1);
});

Deno.test("everything matches itself", () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
    assert.deepEqual(differences(value, structuredClone(value)), []);
  }));
});

Deno.test("a changed scalar is always noticed, at its path", () => {
  const word = fc.stringMatching(/^[a-z]{1,5}$/);
  fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), word, word, (path, now, wanted) => {
    fc.pre(now !== wanted);
    const nested = (value: string) => path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    assert.deepEqual(differences(nested(wanted), nested(now)), [{ path: path.join("."), is: now, should: wanted }]);
  }));
});
