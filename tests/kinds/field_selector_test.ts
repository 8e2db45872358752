import assert from "node:assert/strict";
import fc from "fast-check";
import {
  escapeFieldValue,
  fieldSelectorMatches,
  formatFieldSelector,
  parseFieldSelector,
  unescapeFieldValue,
} from "../../cluster/memory/kinds/field_selector.ts";

Deno.test("field selectors are read and written", () => {
  const cases: Readonly<Record<string, string>> = {
    "": "",
    "x=a,y=b": "x=a,y=b",
    "y==b,x!=a": "x!=a,y=b",
    "x=": "x=",
    ",x=a,": "x=a",
    "x=a\\,b": "x=a\\,b",
    "=a": "=a",
  };
  for (const [text, formatted] of Object.entries(cases)) {
    assert.equal(formatFieldSelector(parseFieldSelector(text)), formatted);
  }
});

Deno.test("field selectors that are wrong are refused in Kubernetes' words", () => {
  const cases: Readonly<Record<string, string>> = {
    "x": "invalid selector: 'x'; can't understand 'x'",
    "x=a,y": "invalid selector: 'x=a,y'; can't understand 'y'",
    "x=a=b": "invalid field selector: unescaped character in value: 61",
    "x=a\\b": "invalid field selector: invalid escape sequence: \\b",
    "x=a\\": "invalid field selector: invalid escape sequence: \\",
  };
  for (const [text, message] of Object.entries(cases)) assert.throws(() => parseFieldSelector(text), { message }, text);
});

Deno.test("every value survives being escaped", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (value) => {
    assert.equal(unescapeFieldValue(escapeFieldValue(value)), value);
    const selector = [{ field: "metadata.name", operator: "=", value }] as const;
    assert.deepEqual(parseFieldSelector(formatFieldSelector(selector)), selector);
  }));
});

Deno.test("a field that is not there is empty", () => {
  assert.equal(fieldSelectorMatches(parseFieldSelector("a="), {}), true);
  assert.equal(fieldSelectorMatches(parseFieldSelector("a!="), {}), false);
});
