/** Objects of any built-in type, with values that their types allow. */
import fc from "fast-check";
import type { ScalarType, Shape, StructShape } from "../../../cluster/memory/kinds/schema/shape.ts";

const text = fc.string({ maxLength: 8 }).filter((value) => value !== "__proto__");
const SCALARS: Readonly<Record<ScalarType, fc.Arbitrary<unknown>>> = {
  string: text,
  int32: fc.integer(),
  int64: fc.maxSafeInteger(),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value === 0 ? 0 : value),
  bool: fc.boolean(),
  bytes: fc.uint8Array({ maxLength: 9 }).map((bytes) => btoa(String.fromCharCode(...bytes))),
  quantity: fc.constantFrom("0", "1", "100m", "1Gi", "1500m", "2e3"),
  time: fc.constantFrom("2026-01-01T00:00:00Z", "1969-12-31T23:59:59Z"),
  microtime: fc.constantFrom("2026-01-01T00:00:00.000001Z", "2026-02-28T12:00:00.999999Z"),
  "int-or-string": fc.oneof(fc.integer(), text),
};

/** Deeper values are left out: types hold themselves. */
const DEEPEST = 4;

export function arbitraryObject(shape: StructShape, depth = 0): fc.Arbitrary<Record<string, unknown>> {
  const fields = [...shape.fields.values()].filter(({ name, shape }) =>
    // The envelope tells these; and the forms of JSONSchemaProps are tested by name.
    name !== "apiVersion" && name !== "kind" && shape.is !== "any" && !(depth >= DEEPEST && shape.is !== "scalar")
  );
  return fc.subarray(fields, { maxLength: Math.min(4, fields.length) }).chain((chosen) =>
    fc.record(Object.fromEntries(chosen.map((field) => [field.name, arbitraryValue(field.shape, depth + 1)])), {
      noNullPrototype: true,
    })
  );
}

function arbitraryValue(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  switch (shape.is) {
    case "scalar":
      return SCALARS[shape.type];
    case "struct":
      return arbitraryObject(shape, depth);
    case "list":
      // Protobuf has no empty list: Go reads one back as none at all.
      return fc.array(arbitraryValue(shape.items, depth), { minLength: 1, maxLength: 2 });
    case "map":
      return fc.dictionary(text, arbitraryValue(shape.values, depth), {
        minKeys: 1,
        maxKeys: 2,
        noNullPrototype: true,
      });
    case "any":
      return fc.json().map((json) => JSON.parse(json));
  }
}
