import assert from "node:assert/strict";
import { parseJsonPath } from "../../../cluster/memory/api/custom/json_path.ts";

const value = {
  spec: {
    ports: [{ name: "a", port: 1 }, { name: "b", port: 2 }, { port: 3 }],
    "a.b/c": "escaped",
    ready: true,
  },
};

Deno.test("paths lead to values", () => {
  const cases: readonly (readonly [path: string, found: readonly unknown[]])[] = [
    [".spec.ready", [true]],
    [".spec.none", []],
    [".spec.ports[0].name", ["a"]],
    [".spec.ports[-1].port", [3]],
    [".spec.ports[9].port", []],
    [".spec.ports[*].port", [1, 2, 3]],
    [".spec.ports[0:2].port", [1, 2]],
    [".spec.ports[1:].port", [2, 3]],
    [".spec.ports[?(@.port>1)].port", [2, 3]],
    ['.spec.ports[?(@.name=="b")].port', [2]],
    [".spec.ports[?(@.name!='b')].port", [1]],
    [".spec.ports[?(@.name)].port", [1, 2]],
    [".spec.a\\.b/c", ["escaped"]],
    [".spec['a.b/c']", ["escaped"]],
    ["..name", ["a", "b"]],
  ];
  for (const [path, found] of cases) assert.deepEqual(parseJsonPath(path)?.(value), found, path);
});

Deno.test("what is no path is none", () => {
  for (const text of ["spec", ".spec[", ".spec.ports[x]", ".spec..", ".spec[?(name)]"]) {
    assert.equal(parseJsonPath(text), undefined, text);
  }
});
