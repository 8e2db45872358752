/** Objects that a real v1.36 API server refused, and every cause that it gave. */
import assert from "node:assert/strict";
import { administrator } from "../../cluster/memory/api/mod.ts";
import type { StatusError } from "../../cluster/memory/api/status.ts";
import { otherKinds } from "../../cluster/memory/kinds/others.ts";
import { workloadKinds } from "../../cluster/memory/kinds/workloads.ts";
import { completeApi } from "../api/testing.ts";
import others from "./data/other_errors.json" with { type: "json" };
import workloads from "./data/workload_errors.json" with { type: "json" };

const kinds = new Map([...workloadKinds, ...otherKinds].map((kind) => [kind.kind, kind]));

for (const { name, object, causes } of [...workloads, ...others]) {
  Deno.test(name, async () => {
    const { api } = await completeApi();
    const kind = kinds.get(object.kind)!;
    const metadata = { ...object.metadata, ...kind.namespaced ? { namespace: "default" } : {} };
    await assert.rejects(
      api.client(administrator).create(kind, { ...object, metadata } as never),
      (error: StatusError) => {
        assert.deepEqual(error.status.details?.causes, causes);
        assert.equal(error.code, 422);
        return true;
      },
    );
  });
}
