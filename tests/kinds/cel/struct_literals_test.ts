import assert from "node:assert/strict";
import { loadCel } from "../../../cluster/memory/kinds/cel/engine.ts";
import { escape, unescape } from "../../../cluster/memory/kinds/cel/escaping.ts";
import { withoutStructs } from "../../../cluster/memory/kinds/cel/struct_literals.ts";
import { fromJson, toJson } from "../../../cluster/memory/kinds/cel/values.ts";

await loadCel();

Deno.test("objects become maps, and nothing else changes", () => {
  const cases: readonly (readonly [source: string, result: string])[] = [
    ["object.spec.replicas <= 5", "object.spec.replicas <= 5"],
    ["{'a': b, 'c': {'d': e}}", "{'a': b, 'c': {'d': e}}"],
    ["[1, 2].exists(Object, Object == 1)", "[1, 2].exists(Object, Object == 1)"],
    ["Object{}", "{}"],
    ["Object {a: b, c: 1}", '{"a": b, "c": 1}'],
    ["Object{a: [x, y], b: f(x, y), c: {'k': v, 'l': w}}", `{"a": [x, y], "b": f(x, y), "c": {'k': v, 'l': w}}`],
    ["Object{?a: b, ?c: d}", '{"a": b, "c": d}'],
    ["[JSONPatch{op: 'add', value: Object.spec.a{b: c ? d : e}}]", `[{"op": 'add', "value": {"b": c ? d : e}}]`],
    ["'Object{a: b}' + \"JSONPatch{x: y}\"", "'Object{a: b}' + \"JSONPatch{x: y}\""],
    ["Object{a: '}, b: ', c: r'\\'}", `{"a": '}, b: ', "c": r'\\'}`],
    ["Object{\n  // a: comment,\n  a: b\n}", '{\n  \n  "a": b\n}'],
    ["Object{__namespace__: a, x__dash__y: b}", '{"namespace": a, "x-y": b}'],
  ];
  for (const [source, result] of cases) assert.equal(withoutStructs(source), result);
});

Deno.test("names that are none in the language are written otherwise, and read back", () => {
  for (const name of ["plain", "with-dash", "a.b/c", "in", "namespace", "__x", "a__dash__b", "a___b"]) {
    const escaped = escape(name);
    assert.match(escaped!, /^[A-Za-z_]\w*$/);
    assert.equal(unescape(escaped!), name);
  }
  assert.equal(escape("with space"), undefined);
  assert.equal(escape("1st"), undefined);
});

Deno.test("JSON goes in and comes out", () => {
  const value = { a: 1, b: [1.5, "x", null, true], c: { d: {} } };
  assert.deepEqual(toJson(fromJson(value)), value);
  assert.equal(fromJson(3), 3n);
  assert.equal(toJson(() => {}), undefined);
  assert.equal(toJson(new Date("2024-01-02T03:04:05Z")), "2024-01-02T03:04:05Z");
});
