import assert from "node:assert/strict";
import { ContentError } from "../../checks/content_error.ts";
import { readYaml } from "../../checks/yaml.ts";

const value = (text: string) => readYaml(text, "file.yaml")[0].value;

Deno.test("scalars are read as kubectl reads them", () => {
  const text = "[yes, on, y, 0644, 0o644, 1_000, 1:30, 2026-01-01, 1e3, ~, '5', 0x1F]";
  assert.deepEqual(value(text), [true, true, true, 420, 420, 1000, "1:30", "2026-01-01", 1000, null, "5", 31]);
});

Deno.test("merge keys and anchors are followed", () => {
  assert.deepEqual(value("base: &b { a: 1 }\nmore: { <<: *b, c: 2 }"), { base: { a: 1 }, more: { a: 1, c: 2 } });
});

Deno.test("documents that are empty are left out", () => {
  assert.equal(readYaml("---\n# nothing\n---\na: 1\n---\n", "file.yaml").length, 1);
  assert.deepEqual(readYaml("", "file.yaml"), []);
});

Deno.test("places are counted through the whole file", () => {
  const [, second] = readYaml("a: 1\n---\nlist:\n  - name: x\n    image: y\n", "file.yaml");
  assert.deepEqual(second.locate(["list", 0, "image"]), { line: 5, column: 12 });
  assert.deepEqual(second.locateKey(["list", 0, "image"]), { line: 5, column: 5 });
  assert.deepEqual(second.locate(["list", 0, "missing"]), { line: 4, column: 5 });
});

Deno.test("every syntax error is told with its place", () => {
  assert.throws(() => readYaml("a: 1\na: 2\nb: [1\n", "bad.yaml"), (error) => {
    assert.ok(error instanceof ContentError);
    assert.deepEqual(error.issues.map(({ file, line }) => `${file}:${line}`), ["bad.yaml:2", "bad.yaml:4"]);
    return true;
  });
});
