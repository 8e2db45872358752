import assert from "node:assert/strict";
import fc from "fast-check";
import { applyMergePatch } from "../../../cluster/memory/api/patch/merge_patch.ts";
import { equalJson, isObject, type Json, type JsonObject } from "../../../cluster/memory/kinds/json.ts";

Deno.test("RFC 7386's example", () => {
  const document = {
    title: "Goodbye!",
    author: { givenName: "John", familyName: "Doe" },
    tags: ["example", "sample"],
    content: "This will be unchanged",
  };
  const patch = { title: "Hello!", phoneNumber: "+01-123-456-7890", author: { familyName: null }, tags: ["example"] };
  assert.deepEqual(applyMergePatch(document, patch), {
    title: "Hello!",
    author: { givenName: "John" },
    tags: ["example"],
    content: "This will be unchanged",
    phoneNumber: "+01-123-456-7890",
  });
});

Deno.test("null members of what is new are left out, null items stay", () => {
  assert.deepEqual(applyMergePatch({}, { a: { b: null, c: [null, { d: null }] } }), { a: { c: [null, {}] } });
});

const json = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer()), tie("object")),
  object: fc.dictionary(fc.constantFrom("a", "b", "c", "d"), tie("value"), { noNullPrototype: true }),
})).object;

/** The merge patch that leads from one object to the other. */
function difference(from: JsonObject, to: JsonObject): JsonObject {
  const patch: Record<string, Json> = {};
  for (const key in from) if (!(key in to)) patch[key] = null;
  for (const key in to) {
    const [old, value] = [from[key], to[key]];
    if (equalJson(old, value)) continue;
    patch[key] = isObject(old) && isObject(value) ? difference(old, value) : value;
  }
  return patch;
}

Deno.test("laws: the empty patch changes nothing, a patch twice is a patch once, a difference leads there", () => {
  fc.assert(fc.property(json, json, (from, to) => {
    assert.deepEqual(applyMergePatch(from, {}), from);
    const once = applyMergePatch(from, to);
    assert.deepEqual(applyMergePatch(once, to), once);
    assert.deepEqual(applyMergePatch(from, difference(from, to)), to);
  }));
});
