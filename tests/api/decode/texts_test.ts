import assert from "node:assert/strict";
import { canonicalBase64 } from "../../../cluster/memory/api/decode/base64.ts";
import { syntaxError } from "../../../cluster/memory/api/decode/json_syntax.ts";
import { canonicalMicroTime, canonicalTime } from "../../../cluster/memory/api/decode/time.ts";
import { readYaml } from "../../../cluster/memory/api/decode/yaml.ts";

Deno.test("yaml: values are those of YAML 1.1, as Go reads it", () => {
  const cases: Readonly<Record<string, unknown>> = {
    "y": true,
    "On": true,
    "no": false,
    "0644": 420,
    "0o644": 420,
    "0x1F": 31,
    "1_000": 1000,
    "1e3": 1000,
    "09": 9,
    "1:30": "1:30",
    "2001-01-01": "2001-01-01",
    "~": null,
    "": null,
    "'yes'": "yes",
    "!!str 123": "123",
    "1.2.3": "1.2.3",
  };
  for (const [text, expected] of Object.entries(cases)) {
    assert.deepEqual(JSON.parse(readYaml(`a: ${text}`).json), { a: expected }, text);
  }
  assert.equal(readYaml("yes: a\n1: b\n").json, '{"1":"b","true":"a"}');
  assert.equal(readYaml("b: &b {x: 1}\na: {<<: *b, z: 2}\n").json, '{"a":{"x":1,"z":2},"b":{"x":1}}');
  assert.equal(readYaml("---\na: 1\n---\nb: 2\n").json, '{"a":1}');
});

Deno.test("yaml: errors are worded as goyaml words them", () => {
  const cases: Readonly<Record<string, string>> = {
    "a: [1, 2": "yaml: line 1: did not find expected ',' or ']'",
    "a: b: c": "yaml: line 1: mapping values are not allowed in this context",
    "\ta: 1": "yaml: line 1: found character that cannot start any token",
    "a: *nope": "yaml: unknown anchor 'nope' referenced",
    "a: &a [*a]": "yaml: anchor 'a' value contains itself",
    "a: .inf": "json: unsupported value: +Inf",
  };
  for (const [text, message] of Object.entries(cases)) assert.throws(() => readYaml(text), { message });
});

Deno.test("time: instants are written in UTC, and refused in the words of Go", () => {
  assert.equal(canonicalTime("2024-02-29T23:30:00-01:00"), "2024-03-01T00:30:00Z");
  assert.equal(canonicalTime("0001-01-01T00:00:00Z"), undefined);
  assert.equal(canonicalMicroTime("2024-01-01T00:00:00.000001+01:00"), "2023-12-31T23:00:00.000001Z");
  const layout = "2006-01-02T15:04:05Z07:00";
  const cases: Readonly<Record<string, string>> = {
    "": `parsing time "" as "${layout}": cannot parse "" as "2006"`,
    "2024-13-01T00:00:00Z": 'parsing time "2024-13-01T00:00:00Z": month out of range',
    "2023-02-29T00:00:00Z": 'parsing time "2023-02-29T00:00:00Z": day out of range',
    "2024-01-01 00:00:00Z": `parsing time "2024-01-01 00:00:00Z" as "${layout}": cannot parse " 00:00:00Z" as "T"`,
    "2024-01-01T00:00:00": `parsing time "2024-01-01T00:00:00" as "${layout}": cannot parse "" as "Z07:00"`,
    "2024-01-01T00:00:00Zx": 'parsing time "2024-01-01T00:00:00Zx": extra text: "x"',
  };
  for (const [text, message] of Object.entries(cases)) assert.throws(() => canonicalTime(text), { message });
  assert.throws(() => canonicalMicroTime("2024-01-01T00:00:00Z"), /cannot parse "Z" as "\.000000"$/);
});

Deno.test("base64: line breaks are skipped, and errors name the byte", () => {
  assert.equal(canonicalBase64("YQ\n=\r\n="), "YQ==");
  // Bits beyond the last byte do not count.
  assert.equal(canonicalBase64("YR=="), "YQ==");
  const cases: Readonly<Record<string, number>> = { "abc": 0, "ab=": 3, "=": 0, "YQ==YQ==": 4, "aé": 1, "YQ=x": 2 };
  for (const [text, position] of Object.entries(cases)) {
    assert.throws(() => canonicalBase64(text), { message: `illegal base64 data at input byte ${position}` }, text);
  }
});

Deno.test("json syntax: what is wrong is told in the words of Go's scanner", () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    "": "unexpected end of JSON input",
    "{": "unexpected end of JSON input",
    '{"a":1}x': "invalid character 'x' after top-level value",
    "{a:1}": "invalid character 'a' looking for beginning of object key string",
    '{"a" 1}': "invalid character '1' after object key",
    '{"a":1 "b"}': "invalid character '\"' after object key:value pair",
    "[1 2]": "invalid character '2' after array element",
    "[1,]": "invalid character ']' looking for beginning of value",
    '"a\nb"': "invalid character '\\n' in string literal",
    '"\\x"': "invalid character 'x' in string escape code",
    '"\\u12g4"': "invalid character 'g' in \\u hexadecimal character escape",
    "-x": "invalid character 'x' in numeric literal",
    "1.x": "invalid character 'x' after decimal point in numeric literal",
    "1ex": "invalid character 'x' in exponent of numeric literal",
    "01": "invalid character '1' after top-level value",
    "trux": "invalid character 'x' in literal true (expecting 'e')",
    "'a'": "invalid character '\\'' looking for beginning of value",
    "é": "invalid character 'Ã' looking for beginning of value",
    " [ ] ": undefined,
  };
  for (const [text, expected] of Object.entries(cases)) {
    assert.equal(syntaxError(new TextEncoder().encode(text)), expected, text);
  }
});
