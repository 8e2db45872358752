import assert from "node:assert/strict";
import fc from "fast-check";
import { internalJson } from "../../../cluster/memory/kinds/go/internal_json.ts";
import { diffJson, unifiedDiff } from "../../../cluster/memory/kinds/go/unified_diff.ts";

/** Applies a diff, as `patch` does. */
function apply(lines: readonly string[], diff: string): string[] {
  const result: string[] = [];
  let at = 0;
  for (const line of diff.split("\n").slice(0, -1)) {
    const header = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (header) {
      const start = Number(header[1]) - (header[2] === "0" ? 0 : 1);
      result.push(...lines.slice(at, start));
      at = start;
    } else if (line[0] === "+") result.push(line.slice(1));
    else {
      assert.equal(line.slice(1), lines[at]);
      if (line[0] === " ") result.push(lines[at]);
      at++;
    }
  }
  return [...result, ...lines.slice(at)];
}

Deno.test("a diff turns one text into the other", () => {
  const line = fc.constantFrom("a", "b", "c", "d");
  const text = fc.array(line, { maxLength: 30 });
  fc.assert(fc.property(text, text, (a, b) => assert.deepEqual(apply(a, unifiedDiff(a, b)), b)));
});

Deno.test("long texts too, in which some lines are popular", () => {
  const text = fc.array(fc.integer({ min: 0, max: 60 }).map(String), { minLength: 200, maxLength: 260 });
  fc.assert(fc.property(text, text, (a, b) => assert.deepEqual(apply(a, unifiedDiff(a, b)), b)), { numRuns: 20 });
});

Deno.test("equal texts have none", () => assert.equal(diffJson({ a: [1] }, { a: [1] }), ""));

Deno.test("distant changes are two hunks, near ones are one", () => {
  const numbers = (changed: readonly number[]) =>
    Array.from({ length: 20 }, (_, i) => changed.includes(i) ? `new ${i}` : `line ${i}`);
  const hunks = (...changed: number[]) => unifiedDiff(numbers([]), numbers(changed)).match(/^@@.*@@$/gm);
  assert.deepEqual(hunks(2, 17), ["@@ -1,6 +1,6 @@", "@@ -15,6 +15,6 @@"]);
  assert.deepEqual(hunks(5, 11), ["@@ -3,13 +3,13 @@"]);
});

Deno.test("Go's JSON escapes what HTML would take for its own", () => {
  assert.equal(diffJson("<a>", "&"), '@@ -1 +1 @@\n-"\\u003ca\\u003e"\n+"\\u0026"\n');
});

Deno.test("internal types have Go's names and order, and nulls", () => {
  assert.equal(
    JSON.stringify(internalJson("ContainerPort", { containerPort: 80, protocol: "TCP" })),
    '{"Name":"","HostPort":0,"ContainerPort":80,"Protocol":"TCP","HostIP":""}',
  );
  const template = internalJson("PodTemplateSpec", {
    metadata: { labels: { b: "1", a: "2" } },
    spec: { hostNetwork: true, containers: [] },
  }) as { readonly labels: object; readonly Spec: Record<string, unknown> };
  assert.equal(JSON.stringify(template.labels), '{"a":"2","b":"1"}');
  assert.equal(template.Spec.SecurityContext as object | null, null);
});
