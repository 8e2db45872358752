import fc from "fast-check";
import assert from "node:assert/strict";
import { decode, normalize } from "../../../cluster/memory/api/decode/mod.ts";
import { syntaxError } from "../../../cluster/memory/api/decode/json_syntax.ts";
import { encodeProtobuf, hasProtobuf, openEnvelope, readObject } from "../../../cluster/memory/api/protobuf/mod.ts";
import { StatusError } from "../../../cluster/memory/api/status.ts";
import { shapeOf, typeFacts, typeNames } from "../../../cluster/memory/kinds/schema/shape.ts";
import { arbitraryObject } from "./arbitrary_object.ts";

/** Types of objects that a client can write. */
const types = typeNames.filter((name) => {
  const fields = shapeOf(name).fields;
  return typeFacts(name).kinds?.length === 1 && fields.has("metadata") && hasProtobuf(shapeOf(name));
});
const typed = fc.constantFrom(...types).chain((type) =>
  arbitraryObject(shapeOf(type)).map((object) => ({ type, object }))
);
const bytes = (text: string) => new TextEncoder().encode(text);

function optionsOf(type: string) {
  return { expected: typeFacts(type).kinds![0], shape: shapeOf(type), fieldValidation: "Strict" } as const;
}

Deno.test("decode: an object is the same through JSON, through YAML and through protobuf", () => {
  fc.assert(
    fc.property(typed, ({ type, object }) => {
      const options = optionsOf(type);
      const expected = decode(bytes(JSON.stringify(object)), options).object;
      const yaml =
        decode(bytes(JSON.stringify(object, null, 2)), { ...options, contentType: "application/yaml" }).object;
      assert.deepEqual(yaml, expected);
      const { group, version, kind } = options.expected;
      const body = encodeProtobuf(
        { ...expected, apiVersion: group === "" ? version : `${group}/${version}`, kind },
        options.shape,
      );
      assert.deepEqual(
        decode(body, { ...options, contentType: "application/vnd.kubernetes.protobuf" }).object,
        expected,
      );
    }),
    { numRuns: 300 },
  );
});

Deno.test("normalize: what is normalized stays as it is, the same object", () => {
  fc.assert(
    fc.property(typed, ({ type, object }) => {
      const once = normalize(object, shapeOf(type));
      assert.equal(normalize(once, shapeOf(type)), once);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("protobuf: reading gives back what was written", () => {
  fc.assert(
    fc.property(typed, ({ type, object }) => {
      const shape = shapeOf(type);
      const normal = normalize(object, shape);
      assert.deepEqual(normalize(readObject(openEnvelope(encodeProtobuf(normal, shape)), shape), shape), normal);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("json syntax: what the runtime can read has no error, and what it cannot has one", () => {
  const broken = fc.tuple(fc.json(), fc.nat(), fc.constantFrom("", "{", "]", '"', "\\", ",", "0", "-", "\u0001", "x"))
    .map(([json, at, insert]) => {
      const place = at % (json.length + 1);
      return json.slice(0, place) + insert + json.slice(place + (at % 2));
    });
  fc.assert(
    fc.property(broken, (text) => {
      let readable = true;
      try {
        JSON.parse(text);
      } catch {
        readable = false;
      }
      assert.equal(syntaxError(bytes(text)) === undefined, readable, text);
      const told = refusal(bytes(text), "application/json");
      assert.equal(told?.includes("json parse error: invalid") || told?.includes("unexpected end") || false, !readable);
    }),
    { numRuns: 1000 },
  );
});

/** The message of the refusal, or undefined when the body was taken; anything but a Status fails the test. */
function refusal(body: Uint8Array, contentType: string, type = "core.v1.Pod"): string | undefined {
  try {
    decode(body, { ...optionsOf(type), contentType });
    return undefined;
  } catch (error) {
    assert.ok(error instanceof StatusError, `${error}`);
    assert.equal(error.code, 400);
    return error.message;
  }
}

Deno.test("decode: no bytes do more than be refused", () => {
  const contentTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
  const valid = typed.map(({ type, object }) => {
    const { group, version, kind } = typeFacts(type).kinds![0];
    return encodeProtobuf(
      { ...object, apiVersion: group === "" ? version : `${group}/${version}`, kind },
      shapeOf(type),
    );
  });
  const text = fc.oneof(fc.json(), fc.string({ unit: "grapheme" }), typed.map(({ object }) => JSON.stringify(object)));
  const body = fc.oneof(fc.uint8Array({ maxLength: 200 }), text.map(bytes), valid);
  const damaged = fc.tuple(body, fc.nat(), fc.nat(255)).map(([body, at, byte]) => {
    const copy = body.slice();
    if (copy.length > 0 && at % 3 > 0) copy[at % copy.length] = byte;
    return at % 3 === 2 ? copy.slice(0, at % (copy.length + 1)) : copy;
  });
  const wrapped = damaged.map((raw) => new Uint8Array([0x6b, 0x38, 0x73, 0, 0x12, raw.length & 0x7f, ...raw]));
  fc.assert(
    fc.property(
      fc.oneof(damaged, wrapped),
      fc.constantFrom(...contentTypes),
      fc.constantFrom(...types),
      (...request) => void refusal(...request),
    ),
    { numRuns: 3000 },
  );
});

Deno.test("decode: deep and long bodies are answered too", () => {
  for (const depth of [9_000, 20_000, 1_000_000]) {
    assert.notEqual(refusal(bytes("[".repeat(depth)), "application/json"), undefined);
    const nested = `{"spec":{"volumes":${"[".repeat(depth)}${"]".repeat(depth)}}}`;
    assert.notEqual(refusal(bytes(nested), "application/json"), undefined);
  }
  const long = `{"metadata":{"annotations":{"a":"${"x".repeat(3_000_000)}"}}}`;
  assert.equal(refusal(bytes(long), "application/json"), undefined);
  assert.notEqual(refusal(bytes("a: ".repeat(5_000)), "application/yaml"), undefined);
  for (const text of ["[".repeat(100_000), "- ".repeat(20_000), "a: &a [*a]", "a: &a\n  b: *a"]) {
    assert.match(refusal(bytes(text), "application/yaml")!, /yaml: /);
  }
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [from, to] of ["ab", "bc", "cd", "de", "ef", "fg", "gh", "hi", "ij"]) {
    bomb.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(", ")}]`);
  }
  assert.match(refusal(bytes(bomb.join("\n")), "application/yaml")!, /excessive aliasing/);
});
