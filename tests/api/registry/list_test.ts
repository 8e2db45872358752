import assert from "node:assert/strict";
import { configMaps, pods } from "../../../cluster/memory/api/kind_refs.ts";
import { Store, type StoreOptions } from "../../../cluster/memory/store/store.ts";
import { httpClient, testApi } from "../testing.ts";

const LIST = "/api/v1/namespaces/default/configmaps";

async function filled(count: number, options: StoreOptions = {}) {
  const { api, client, clock } = await testApi({ store: new Store(options) });
  for (let i = 0; i < count; i++) {
    const metadata = { name: `cm-${i}`, namespace: "default", labels: { parity: i % 2 ? "odd" : "even" } };
    await client.create(configMaps, { metadata });
  }
  return { api, client, clock, send: httpClient({ api }) };
}

const namesOf = (body: { items: { metadata: { name: string } }[] }) => body.items.map(({ metadata }) => metadata.name);

Deno.test("pages are of the state of the first, whatever happens between them", async () => {
  const { client, send } = await filled(5);
  const first = (await send("GET", `${LIST}?limit=2`)).body;
  assert.deepEqual(namesOf(first), ["cm-0", "cm-1"]);
  assert.equal(first.metadata.remainingItemCount, 3);
  await client.delete(configMaps, "default", "cm-2");
  await client.create(configMaps, { metadata: { name: "cm-3b", namespace: "default" } });
  const second = (await send("GET", `${LIST}?limit=2&continue=${first.metadata.continue}`)).body;
  assert.deepEqual(namesOf(second), ["cm-2", "cm-3"]);
  const last = (await send("GET", `${LIST}?limit=2&continue=${second.metadata.continue}`)).body;
  assert.deepEqual(namesOf(last), ["cm-4"]);
  assert.equal(last.metadata.continue, undefined);
  assert.equal(last.metadata.resourceVersion, first.metadata.resourceVersion);
});

Deno.test("with a selector nobody counts what is left", async () => {
  const { send } = await filled(5);
  const { body } = await send("GET", `${LIST}?limit=2&labelSelector=parity%3Deven`);
  assert.deepEqual(namesOf(body), ["cm-0", "cm-2"]);
  assert.equal(body.metadata.remainingItemCount, undefined);
  const rest =
    (await send("GET", `${LIST}?limit=2&labelSelector=parity%3Deven&continue=${body.metadata.continue}`)).body;
  assert.deepEqual(namesOf(rest), ["cm-4"]);
  assert.equal(rest.metadata.continue, undefined);
});

Deno.test("a page that was forgotten is told so, with a way to go on", async () => {
  const { client, send } = await filled(3, { history: 5 });
  const { body } = await send("GET", `${LIST}?limit=1`);
  for (let i = 0; i < 20; i++) {
    await client.patch(configMaps, "default", "cm-2", { type: "merge", body: { data: { i: String(i) } } });
  }
  const expired = await send("GET", `${LIST}?limit=1&continue=${body.metadata.continue}`);
  assert.equal(expired.status, 410);
  assert.equal(expired.body.reason, "Expired");
  const rest = await send("GET", `${LIST}?continue=${expired.body.metadata.continue}`);
  assert.deepEqual(namesOf(rest.body), ["cm-1", "cm-2"]);
});

Deno.test("a revision can be asked for exactly, or as the oldest that will do", async () => {
  const { api, client, send } = await filled(2);
  const revision = api.store.revision;
  await client.delete(configMaps, "default", "cm-0");
  const exact = await send("GET", `${LIST}?resourceVersion=${revision}&resourceVersionMatch=Exact`);
  assert.deepEqual(namesOf(exact.body), ["cm-0", "cm-1"]);
  const newer = await send("GET", `${LIST}?resourceVersion=${revision}`);
  assert.deepEqual(namesOf(newer.body), ["cm-1"]);
  const future = await send("GET", `${LIST}?resourceVersion=${revision + 100}`);
  assert.equal(future.status, 504);
  assert.equal(future.body.details.causes[0].reason, "ResourceVersionTooLarge");
});

Deno.test("options that contradict each other are refused", async () => {
  const { send } = await filled(1);
  const refused = async (query: string, status: number, message: RegExp) => {
    const answer = await send("GET", `${LIST}?${query}`);
    assert.equal(answer.status, status);
    assert.match(answer.body.message, message);
  };
  await refused("resourceVersionMatch=Exact", 422, /forbidden unless resourceVersion is provided/);
  await refused("resourceVersion=0&resourceVersionMatch=Exact", 422, /"exact" is forbidden for resourceVersion "0"/);
  await refused("sendInitialEvents=true", 422, /sendInitialEvents is forbidden for list/);
  await refused("resourceVersion=x", 400, /^invalid resource version: /);
  await refused("continue=x", 400, /^continue key is not valid/);
  await refused("labelSelector=a%20b", 400, /^unable to parse requirement: /);
  await refused("fieldSelector=data.x%3D1", 400, /^"data\.x" is not a known field selector/);
  await refused("limit=x", 400, /^strconv\.ParseInt: parsing "x": invalid syntax$/);
});

Deno.test("field selectors narrow by name, namespace and what the kind has", async () => {
  const { client, send } = await filled(2);
  const { body } = await send(
    "GET",
    "/api/v1/configmaps?fieldSelector=metadata.name%3Dcm-1,metadata.namespace%3Ddefault",
  );
  assert.deepEqual(namesOf(body), ["cm-1"]);
  const containers = [{ name: "c", image: "nginx" }];
  await client.create(pods, { metadata: { name: "a", namespace: "default" }, spec: { containers, nodeName: "n" } });
  await client.create(pods, { metadata: { name: "b", namespace: "default" }, spec: { containers } });
  const { items } = await client.list(pods, { fieldSelector: "spec.nodeName!=n" });
  assert.deepEqual(items.map(({ metadata }) => metadata.name), ["b"]);
});

Deno.test("a page of less than nothing is the whole list", async () => {
  const { send } = await filled(3);
  assert.equal((await send("GET", `${LIST}?limit=-1`)).body.items.length, 3);
});

Deno.test("a continuation that is none is refused in the words of Go's decoder", async () => {
  const { send } = await filled(1);
  const { status, body } = await send("GET", `${LIST}?limit=1&continue=abc`);
  assert.equal(status, 400);
  assert.match(body.message, /^invalid continue token: continue key is not valid: invalid character 'i' looking for/);
});
