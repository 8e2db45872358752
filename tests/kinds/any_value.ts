/** Values of the right types but of any content, for property tests. */
import fc from "fast-check";
import type { Field, Shape } from "../../cluster/memory/kinds/schema/shape.ts";

const text = fc.constantFrom("", "a", "A_b", "..", "a/b", "1Gi", "Always", "In", "Exists", "<x>", "-", "10.0.0.1");
const SCALARS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: text,
  int32: fc.integer({ min: -2, max: 300 }),
  int64: fc.integer({ min: -2, max: 300 }),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }),
  bool: fc.boolean(),
  bytes: fc.constantFrom("", "YQ=="),
  quantity: fc.constantFrom("0", "1", "500m", "1Gi", "-1", "1u"),
  time: fc.constant("2026-01-01T00:00:00Z"),
  microtime: fc.constant("2026-01-01T00:00:00.000000Z"),
  "int-or-string": fc.oneof(fc.integer({ min: -1, max: 200 }), fc.constantFrom("25%", "x", "http")),
};

/** Any value of a shape; below `depth` levels only what must be there. */
export function valueOf(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  switch (shape.is) {
    case "scalar":
      return SCALARS[shape.type];
    case "any":
      return fc.constantFrom({}, null, "a");
    case "map":
      return fc.dictionary(text, valueOf(shape.values, depth - 1), { maxKeys: depth > 0 ? 2 : 0 });
    case "list":
      return fc.array(valueOf(shape.items, depth - 1), { maxLength: depth > 0 ? 2 : 0 });
    case "struct": {
      const fields = [...shape.fields.values()].filter((field) => depth > 0 || field.required);
      return fc.subarray(fields).chain((chosen) =>
        fc.record(Object.fromEntries(chosen.map((field: Field) => [field.name, valueOf(field.shape, depth - 1)])), {
          noNullPrototype: true,
        })
      );
    }
  }
}
