import assert from "node:assert/strict";
import { configMaps, pods, replicaSets } from "../../../cluster/memory/api/kind_refs.ts";
import type { StatusError } from "../../../cluster/memory/api/status.ts";
import { httpClient, testApi } from "../testing.ts";

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const PODS = "/api/v1/namespaces/default/pods";
const meta = (name: string) => ({ name, namespace: "default" });
const pod = (name: string, nodeName?: string) => ({
  metadata: meta(name),
  spec: { containers: [{ name: "c", image: "nginx" }], ...nodeName === undefined ? {} : { nodeName } },
});

Deno.test("an object that nobody waits for goes at once, and a Status says so", async () => {
  const { api, client } = await testApi();
  const { metadata } = await client.create(configMaps, { metadata: meta("a") });
  const { status, body } = await httpClient({ api })("DELETE", `${CONFIG_MAPS}/a`);
  assert.equal(status, 200);
  assert.deepEqual(body, {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name: "a", kind: "configmaps", uid: metadata.uid },
  });
  await assert.rejects(client.get(configMaps, "default", "a"), { message: 'configmaps "a" not found' });
});

Deno.test("a pod on a node gets time to stop; a second deletion can only hasten it", async () => {
  const { api, client } = await testApi();
  await client.create(pods, pod("a", "n"));
  const send = httpClient({ api });
  const first = (await send("DELETE", `${PODS}/a`)).body;
  assert.equal(first.metadata.deletionGracePeriodSeconds, 30);
  assert.equal(first.metadata.deletionTimestamp, "2026-01-01T00:00:30Z");
  assert.equal(first.metadata.generation, 2);
  const longer = (await send("DELETE", `${PODS}/a?gracePeriodSeconds=60`)).body;
  assert.equal(longer.metadata.deletionGracePeriodSeconds, 30);
  const sooner = (await send("DELETE", `${PODS}/a?gracePeriodSeconds=5`)).body;
  assert.equal(sooner.metadata.deletionTimestamp, "2026-01-01T00:00:05Z");
  await send("DELETE", `${PODS}/a`, { body: { gracePeriodSeconds: 0 } });
  await assert.rejects(client.get(pods, "default", "a"), { message: 'pods "a" not found' });
});

Deno.test("finalizers keep an object until the last of them is taken out", async () => {
  const { client, clock } = await testApi();
  await client.create(configMaps, { metadata: { ...meta("a"), finalizers: ["example.com/wait"] } });
  await clock.advance(5_000);
  await client.delete(configMaps, "default", "a");
  const { metadata } = await client.get(configMaps, "default", "a");
  assert.equal(metadata.deletionTimestamp, "2026-01-01T00:00:05Z");
  assert.equal(metadata.deletionGracePeriodSeconds, 0);
  await assert.rejects(
    client.patch(configMaps, "default", "a", { type: "merge", body: { metadata: { finalizers: ["example.com/x"] } } }),
    /no new finalizers can be added if the object is being deleted/,
  );
  await client.patch(configMaps, "default", "a", { type: "merge", body: { metadata: { finalizers: null } } });
  await assert.rejects(client.get(configMaps, "default", "a"));
});

Deno.test("a name whose object is being deleted is still taken", async () => {
  const { client } = await testApi();
  const object = { metadata: { ...meta("a"), finalizers: ["example.com/wait"] } };
  await client.create(configMaps, object);
  await client.delete(configMaps, "default", "a");
  await assert.rejects(client.create(configMaps, object), {
    message: 'object is being deleted: configmaps "a" already exists',
  });
});

Deno.test("propagation policies are finalizers for the garbage collector", async () => {
  const { client } = await testApi();
  const replicaSet = {
    metadata: meta("a"),
    spec: {
      selector: { matchLabels: { a: "b" } },
      template: { metadata: { labels: { a: "b" } }, spec: pod("x").spec },
    },
  };
  await client.create(replicaSets, replicaSet);
  await client.delete(replicaSets, "default", "a", { propagationPolicy: "Foreground" });
  assert.deepEqual((await client.get(replicaSets, "default", "a")).metadata.finalizers, ["foregroundDeletion"]);
  await client.delete(replicaSets, "default", "a", { propagationPolicy: "Orphan" });
  assert.deepEqual((await client.get(replicaSets, "default", "a")).metadata.finalizers, ["orphan"]);
  await client.delete(replicaSets, "default", "a", { propagationPolicy: "Background" });
  await assert.rejects(client.get(replicaSets, "default", "a"));
});

Deno.test("a deletion of another state or another object is refused", async () => {
  const { client } = await testApi();
  const { metadata } = await client.create(configMaps, { metadata: meta("a") });
  const refused = (preconditions: { uid?: string; resourceVersion?: string }, why: RegExp) =>
    assert.rejects(client.delete(configMaps, "default", "a", { preconditions }), (error: StatusError) => {
      assert.equal(error.reason, "Conflict");
      assert.match(error.message, why);
      return true;
    });
  await refused({ uid: "x" }, /the UID in the precondition \(x\) does not match the UID in record/);
  await refused({ resourceVersion: "1" }, /the ResourceVersion in the precondition \(1\) does not match/);
  await client.delete(configMaps, "default", "a", {
    preconditions: { uid: metadata.uid, resourceVersion: metadata.resourceVersion },
  });
});

Deno.test("a dry run deletes nothing", async () => {
  const { api, client } = await testApi();
  await client.create(configMaps, { metadata: meta("a") });
  const { revision } = api.store;
  assert.equal((await httpClient({ api })("DELETE", `${CONFIG_MAPS}/a?dryRun=All`)).status, 200);
  assert.equal(api.store.revision, revision);
});

Deno.test("many are deleted by a selector", async () => {
  const { api, client } = await testApi();
  for (const [name, tier] of [["a", "x"], ["b", "y"], ["c", "x"]]) {
    await client.create(configMaps, { metadata: { ...meta(name), labels: { tier } } });
  }
  const { body } = await httpClient({ api })("DELETE", `${CONFIG_MAPS}?labelSelector=tier%3Dx`);
  assert.deepEqual(body.items.map((item: { metadata: { name: string } }) => item.metadata.name), ["a", "c"]);
  const { items } = await client.list(configMaps, { namespace: "default" });
  assert.deepEqual(items.map(({ metadata }) => metadata.name), ["b"]);
});

Deno.test("who deletes a Job without a word about its pods is told that they stay", async () => {
  const send = httpClient(await testApi());
  const containers = [{ name: "pi", image: "perl" }];
  const body = { metadata: { name: "pi" }, spec: { template: { spec: { restartPolicy: "Never", containers } } } };
  const path = "/apis/batch/v1/namespaces/default/jobs";
  const warnings = async (query: string) => {
    assert.equal((await send("POST", path, { body })).status, 201);
    return (await send("DELETE", `${path}/pi${query}`)).headers.Warning;
  };
  assert.equal(await warnings("?propagationPolicy=Background"), undefined);
  assert.deepEqual(await warnings(""), [
    '299 - "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them ' +
    'or set propagationPolicy=Orphan to suppress this warning"',
  ]);
});
