import assert from "node:assert/strict";
import { allKinds } from "../../cluster/memory/kinds/all.ts";

Deno.test("the kinds of resource.k8s.io answer a deletion with the object", () => {
  const kinds = allKinds.filter(({ group }) => group === "resource.k8s.io");
  assert.deepEqual(
    kinds.filter(({ strategy }) => strategy.returnsDeleted).map(({ kind }) => kind).sort(),
    ["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"],
  );
});
