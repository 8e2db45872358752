/** Objects of the right types but of any content: the API takes them or says what is wrong, and never breaks. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { administrator } from "../../cluster/memory/api/mod.ts";
import { normalize } from "../../cluster/memory/api/decode/mod.ts";
import { StatusError } from "../../cluster/memory/api/status.ts";
import { type Field, type Shape, shapeOf } from "../../cluster/memory/kinds/schema/shape.ts";
import { workloadKinds } from "../../cluster/memory/kinds/workloads.ts";
import { draft, type KubeObject } from "../../cluster/memory/kinds/object.ts";
import { testApi } from "../api/testing.ts";

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
function valueOf(shape: Shape, depth: number): fc.Arbitrary<unknown> {
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

for (const kind of workloadKinds) {
  Deno.test(`any ${kind.kind} is taken or refused`, async () => {
    const { api } = await testApi();
    const client = api.client(administrator);
    const body = valueOf(shapeOf(kind.type), 7) as fc.Arbitrary<Partial<KubeObject>>;
    await fc.assert(
      fc.asyncProperty(body, async (object) => {
        const { apiVersion: _, kind: __, ...rest } = object;
        const metadata = { ...rest.metadata, name: "a", namespace: "default", resourceVersion: "" };
        try {
          const made = await client.create(kind, { ...rest, metadata } as KubeObject, { dryRun: true });
          kind.table?.cells(made, 0);
        } catch (error) {
          assert.ok(error instanceof StatusError, String((error as Error).stack));
          assert.notEqual(error.code, 500, error.message);
        }
      }),
      { numRuns: 150 },
    );
  });
}

for (const { kind, type, strategy, status, table, selectableFields } of workloadKinds) {
  Deno.test(`any ${kind} becomes any other without breaking`, () => {
    const shape = shapeOf(type);
    const object = valueOf(shape, 7).map((value) => {
      const decoded = draft(normalize({ metadata: {}, ...value as object } as KubeObject, shape));
      strategy.defaults?.(decoded);
      return decoded;
    });
    fc.assert(fc.property(object, object, (one, other) => {
      strategy.prepareForUpdate?.(one, other as KubeObject);
      strategy.validateUpdate?.(one as KubeObject, other as KubeObject);
      status?.prepareForUpdate?.(one, other as KubeObject);
      status?.validateUpdate?.(one as KubeObject, other as KubeObject);
      strategy.warnings?.(one as KubeObject, other as KubeObject);
      selectableFields?.(one as KubeObject);
      const cells = table!.cells(one as KubeObject, 0);
      assert.equal(cells.length, table!.columns.length);
    }));
  });
}
