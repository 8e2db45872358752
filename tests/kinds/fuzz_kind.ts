/** Properties that every kind has, whatever its objects hold: the API takes them or says what is wrong, and never breaks. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { normalize } from "../../cluster/memory/api/decode/mod.ts";
import { administrator } from "../../cluster/memory/api/mod.ts";
import { StatusError } from "../../cluster/memory/api/status.ts";
import type { Kind } from "../../cluster/memory/kinds/kind.ts";
import { draft, type KubeObject } from "../../cluster/memory/kinds/object.ts";
import { shapeOf } from "../../cluster/memory/kinds/schema/shape.ts";
import { testApi } from "../api/testing.ts";
import { valueOf } from "./any_value.ts";

/** Defines the tests of one kind: objects of the right types but of any content. */
export function fuzzKind(kind: Kind): void {
  Deno.test(`any ${kind.kind} is taken or refused`, async () => {
    const { api } = await testApi();
    const client = api.client(administrator);
    let count = 0;
    const body = valueOf(shapeOf(kind.type), 7) as fc.Arbitrary<Partial<KubeObject>>;
    await fc.assert(
      fc.asyncProperty(body, async (object) => {
        const { apiVersion: _, kind: __, ...rest } = object;
        const metadata = {
          ...rest.metadata,
          name: `a${count++}`,
          ...(kind.namespaced ? { namespace: "default" } : {}),
          resourceVersion: "",
        };
        try {
          const made = await client.create(kind, { ...rest, metadata } as KubeObject);
          kind.table?.cells(made, 0);
        } catch (error) {
          assert.ok(error instanceof StatusError, String((error as Error).stack));
          assert.notEqual(error.code, 500, error.message);
        }
      }),
      { numRuns: 150 },
    );
  });

  Deno.test(`any ${kind.kind} becomes any other without breaking`, () => {
    const { strategy, status, table, selectableFields } = kind;
    const shape = shapeOf(kind.type);
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
      // An IPAddress shows a cell more than it has columns, as in Kubernetes.
      if (table) assert.ok(table.cells(one as KubeObject, 0).length >= table.columns.length);
    }));
  });
}
