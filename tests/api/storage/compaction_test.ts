import assert from "node:assert/strict";
import { configMaps } from "../../../cluster/memory/api/kind_refs.ts";
import { completeApi } from "../testing.ts";

Deno.test("a watch resumes from some minutes ago, and not from long ago", async () => {
  const { api, client, clock } = await completeApi();
  const write = (name: string) => client.create(configMaps, { metadata: { name, namespace: "default" } });
  const first = await write("a");
  await write("b");
  await clock.advance(4 * 60_000);
  const names: string[] = [];
  const resume = (revision: string) =>
    api.store.watch<typeof first>("configmaps", ({ entry }) => names.push(entry.object.metadata.name!), +revision);
  resume(first.metadata.resourceVersion!).stop();
  assert.deepEqual(names, ["b"]);
  await clock.advance(7 * 60_000);
  assert.throws(() => resume(first.metadata.resourceVersion!), { reason: "expired" });
  resume(String(api.store.revision)).stop();
});
