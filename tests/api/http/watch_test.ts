import assert from "node:assert/strict";
import fc from "fast-check";
import { configMaps } from "../../../cluster/memory/api/kind_refs.ts";
import { Store } from "../../../cluster/memory/store/store.ts";
import { httpClient, readEvents, type Send, testApi } from "../testing.ts";

const LIST = "/api/v1/namespaces/default/configmaps";
const meta = (name: string, labels?: Record<string, string>) => ({
  name,
  namespace: "default",
  ...labels === undefined ? {} : { labels },
});

async function watching(send: Send, query: string, headers?: Record<string, string>) {
  const { status, stream } = await send("GET", `${LIST}?watch=true&${query}`, { headers });
  assert.equal(status, 200);
  return readEvents(stream!);
}

type Event = { type: string; object: { metadata: { name: string } } };
const told = (events: Event[]) => events.map(({ type, object }) => `${type} ${object.metadata.name}`);

Deno.test("a watch tells of every change after its revision", async () => {
  const { api, client } = await testApi();
  const send = httpClient({ api });
  const revision = api.store.revision;
  await client.create(configMaps, { metadata: meta("a") });
  const events = await watching(send, `resourceVersion=${revision}`);
  await client.patch(configMaps, "default", "a", { type: "merge", body: { data: { k: "v" } } });
  await client.delete(configMaps, "default", "a");
  assert.deepEqual(told(events.take()), ["ADDED a", "MODIFIED a", "DELETED a"]);
  events.stop();
  await client.create(configMaps, { metadata: meta("b") });
  assert.deepEqual(events.take(), []);
});

Deno.test("an object that comes into the selection is added, and one that leaves it deleted", async () => {
  const { api, client } = await testApi();
  const events = await watching(httpClient({ api }), `resourceVersion=${api.store.revision}&labelSelector=tier%3Ddb`);
  await client.create(configMaps, { metadata: meta("a") });
  const label = (tier: string | null) =>
    client.patch(configMaps, "default", "a", { type: "merge", body: { metadata: { labels: { tier } } } });
  await label("db");
  const left = await label("web");
  const [added, deleted, ...rest] = events.take();
  assert.deepEqual([added.type, deleted.type, rest.length], ["ADDED", "DELETED", 0]);
  assert.equal(deleted.object.metadata.labels.tier, "db");
  assert.equal(deleted.object.metadata.resourceVersion, left.metadata.resourceVersion);
});

Deno.test("initial events come first, and a bookmark says where they end", async () => {
  const { api, client } = await testApi();
  await client.create(configMaps, { metadata: meta("a") });
  const query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
  const events = await watching(httpClient({ api }), query);
  const [added, end] = events.take();
  assert.deepEqual([added.type, end.type], ["ADDED", "BOOKMARK"]);
  assert.deepEqual(end.object, {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: {
      resourceVersion: String(api.store.revision),
      annotations: { "k8s.io/initial-events-end": "true" },
    },
  });
});

Deno.test("a watch of tables describes its columns once", async () => {
  const { api, client } = await testApi();
  await client.create(configMaps, { metadata: meta("a") });
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const events = await watching(httpClient({ api }), "", { accept });
  await client.create(configMaps, { metadata: meta("b") });
  const [first, second] = events.take();
  assert.equal(first.object.kind, "Table");
  assert.equal(first.object.columnDefinitions[0].name, "Name");
  assert.equal(first.object.rows[0].cells[0], "a");
  assert.equal(second.object.columnDefinitions, null);
  assert.equal(second.object.rows[0].object.kind, "PartialObjectMetadata");
});

Deno.test("a revision that is forgotten is told in the stream", async () => {
  const { api, client } = await testApi({ store: new Store({ history: 5 }) });
  for (let i = 0; i < 20; i++) await client.create(configMaps, { metadata: meta(`a${i}`) });
  const events = await watching(httpClient({ api }), "resourceVersion=1");
  const [{ type, object }] = events.take();
  assert.equal(type, "ERROR");
  assert.deepEqual([object.code, object.reason, object.kind], [410, "Expired", "Status"]);
  assert.match(object.message, /^too old resource version: 1 \(\d+\)$/);
  assert.equal(events.ended, true);
});

Deno.test("a watch ends after its timeout, with a last bookmark before", async () => {
  const { api, clock } = await testApi();
  const query = `resourceVersion=${api.store.revision}&timeoutSeconds=130&allowWatchBookmarks=true`;
  const events = await watching(httpClient({ api }), query);
  await clock.advance(129_000);
  assert.deepEqual(events.take().map(({ type }) => type), ["BOOKMARK", "BOOKMARK", "BOOKMARK"]);
  assert.equal(events.ended, false);
  await clock.advance(1_000);
  assert.equal(events.ended, true);
});

Deno.test("the watch of one object is the older path's way", async () => {
  const { api, client } = await testApi();
  await client.create(configMaps, { metadata: meta("a") });
  await client.create(configMaps, { metadata: meta("b") });
  const { stream } = await httpClient({ api })("GET", "/api/v1/watch/namespaces/default/configmaps/b");
  assert.deepEqual(told(readEvents(stream!).take()), ["ADDED b"]);
});

Deno.test("an event is encoded once for all who watch", async () => {
  const { api, client } = await testApi();
  const send = httpClient({ api });
  const chunks: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    const { stream } = await send("GET", `${LIST}?watch=true`);
    stream!({ write: (chunk) => void chunks.push(chunk), end() {}, waiting: 0 });
  }
  await client.create(configMaps, { metadata: meta("a") });
  assert.equal(chunks.length, 3);
  assert.equal(new Set(chunks).size, 1);
});

const steps = fc.array(
  fc.record({ name: fc.nat(4), action: fc.constantFrom("put", "label", "delete"), tier: fc.constantFrom("x", "y") }),
  { maxLength: 25 },
);

Deno.test("what a list and the watch after it tell adds up to what is there", async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(25), fc.boolean(), async (steps, when, selecting) => {
      const { api, client } = await testApi();
      const send = httpClient({ api });
      const selector = selecting ? "labelSelector=tier%3Dx" : "";
      const seen = new Map<string, unknown>();
      let events: ReturnType<typeof readEvents> | undefined;
      const begin = async () => {
        const { body } = await send("GET", `${LIST}?${selector}`);
        for (const item of body.items) seen.set(item.metadata.name, item.metadata.resourceVersion);
        events = await watching(send, `resourceVersion=${body.metadata.resourceVersion}&${selector}`);
      };
      for (const [i, { name, action, tier }] of steps.entries()) {
        if (i === when) await begin();
        const id = `cm-${name}`;
        const there = api.store.get("configmaps", `default/${id}`) !== undefined;
        if (action === "delete") {
          if (there) await client.delete(configMaps, "default", id);
        } else if (!there) await client.create(configMaps, { metadata: meta(id, { tier }) });
        else await client.patch(configMaps, "default", id, { type: "merge", body: { metadata: { labels: { tier } } } });
      }
      if (events === undefined) await begin();
      for (const { type, object: { metadata } } of events!.take()) {
        if (type === "DELETED") seen.delete(metadata.name);
        else seen.set(metadata.name, metadata.resourceVersion);
      }
      const { body } = await send("GET", `${LIST}?${selector}`);
      const there = body.items.map(({ metadata }: { metadata: { name: string; resourceVersion: string } }) => [
        metadata.name,
        metadata.resourceVersion,
      ]);
      assert.deepEqual([...seen].sort(), there);
    }),
    { numRuns: 40 },
  );
});
