import assert from "node:assert/strict";
import fc from "fast-check";
import { Informer } from "../../cluster/memory/api/informer.ts";
import { configMaps } from "../../cluster/memory/api/kind_refs.ts";
import { testApi } from "./testing.ts";

const meta = (name: string, tier = "x") => ({ name, namespace: "default", labels: { tier } });

Deno.test("an informer knows what was there and what comes", async () => {
  const { client, clock } = await testApi();
  await client.create(configMaps, { metadata: meta("a") });
  const told: string[] = [];
  const informer = new Informer(client, configMaps).on({
    added: ({ metadata }) => told.push(`+${metadata.name}`),
    updated: ({ metadata }, previous) => told.push(`~${metadata.name} ${previous.data?.k ?? ""}`),
    deleted: ({ metadata }) => told.push(`-${metadata.name}`),
  });
  await informer.start();
  await client.create(configMaps, { metadata: meta("b") });
  await client.patch(configMaps, "default", "a", { type: "merge", body: { data: { k: "1" } } });
  await client.patch(configMaps, "default", "a", { type: "merge", body: { data: { k: "2" } } });
  await client.delete(configMaps, "default", "b");
  await clock.quiet();
  assert.deepEqual(told, ["+a", "+b", "~a ", "~a 1", "-b"]);
  informer.stop();
  await client.delete(configMaps, "default", "a");
  await clock.quiet();
  assert.equal(informer.get("default", "a")?.data?.k, "2");
});

Deno.test("a handler that comes late is told of what is there", async () => {
  const { client } = await testApi();
  await client.create(configMaps, { metadata: meta("a") });
  const informer = await new Informer(client, configMaps).start();
  const seen: string[] = [];
  informer.on({ added: ({ metadata }) => seen.push(metadata.name!) });
  assert.deepEqual(seen, ["a"]);
});

Deno.test("a handler that throws is reported, and keeps nobody else from the change", async () => {
  const { client, clock } = await testApi();
  const reported: unknown[] = [];
  const seen: string[] = [];
  const informer = new Informer(client, configMaps, (error) => reported.push(error))
    .on({
      added() {
        throw new Error("no");
      },
    })
    .on({ added: ({ metadata }) => seen.push(metadata.name!) });
  await informer.start();
  await client.create(configMaps, { metadata: meta("a") });
  await clock.quiet();
  assert.deepEqual([seen, reported.length, informer.get("default", "a")?.metadata.name], [["a"], 1, "a"]);
});

const steps = fc.array(fc.tuple(fc.nat(3), fc.constantFrom("x", "y", undefined)), { maxLength: 20 });

Deno.test("an index always has what a search would find", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const { api, client, clock } = await testApi();
      const informer = await new Informer(client, configMaps)
        .index("tier", ({ metadata }) => [metadata.labels?.tier ?? ""]).start();
      for (const [number, tier] of steps) {
        const name = `cm-${number}`;
        const there = api.store.get("configmaps", `default/${name}`) !== undefined;
        if (tier === undefined) {
          if (there) await client.delete(configMaps, "default", name);
        } else if (there) {
          await client.patch(configMaps, "default", name, { type: "merge", body: { metadata: { labels: { tier } } } });
        } else await client.create(configMaps, { metadata: meta(name, tier) });
      }
      await clock.quiet();
      for (const tier of ["x", "y"]) {
        const found = informer.by("tier", tier).map(({ metadata }) => metadata.name).sort();
        const { items } = await client.list(configMaps, { labelSelector: `tier=${tier}` });
        assert.deepEqual(found, items.map(({ metadata }) => metadata.name));
      }
    }),
    { numRuns: 30 },
  );
});
