import assert from "node:assert/strict";
import type { KubeObject } from "../../../cluster/memory/kinds/object.ts";
import { configMaps } from "../../../cluster/memory/api/kind_refs.ts";
import type { StatusError } from "../../../cluster/memory/api/status.ts";
import { testApi } from "../testing.ts";

const configMap = (name: string, data: Record<string, string> = {}) => ({
  metadata: { name, namespace: "default" },
  data,
});

Deno.test("a new object gets what only the server may write", async () => {
  const { client } = await testApi();
  const given = {
    ...configMap("a", { k: "v" }),
    metadata: { name: "a", namespace: "default", uid: "mine" },
  };
  const { metadata, data, kind, apiVersion } = await client.create(configMaps, given);
  assert.deepEqual(data, { k: "v" });
  assert.deepEqual([apiVersion, kind], ["v1", "ConfigMap"]);
  assert.match(metadata.uid!, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(metadata.creationTimestamp, "2026-01-01T00:00:00Z");
  assert.equal(metadata.generation, undefined);
});

Deno.test("a new object has no revision yet", async () => {
  const { client } = await testApi();
  const given = { metadata: { name: "a", namespace: "default", resourceVersion: "7" } };
  await assert.rejects(client.create(configMaps, given), {
    message: "resourceVersion should not be set on objects to be created",
  });
});

Deno.test("a name is generated from Kubernetes' alphabet", async () => {
  const { client } = await testApi();
  const made = await client.create(configMaps, { metadata: { generateName: "web-", namespace: "default" } });
  assert.match(made.metadata.name!, /^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

Deno.test("a name is taken once", async () => {
  const { client } = await testApi();
  await client.create(configMaps, configMap("a"));
  await assert.rejects(client.create(configMaps, configMap("a")), (error: StatusError) => {
    assert.equal(error.code, 409);
    assert.equal(error.message, 'configmaps "a" already exists');
    return true;
  });
});

Deno.test("an object that is not right is refused with all its errors", async () => {
  const { client } = await testApi();
  const bad = configMap("Bad", { "no spaces": "x" });
  await assert.rejects(client.create(configMaps, bad), (error: StatusError) => {
    assert.equal(error.code, 422);
    assert.deepEqual(error.status.details?.causes?.map(({ field }) => field), ["metadata.name", "data[no spaces]"]);
    return true;
  });
});

Deno.test("what is stored is not what was given: nobody changes it from outside", async () => {
  const { client } = await testApi();
  const given = configMap("a", { k: "v" });
  await client.create(configMaps, given);
  given.data.k = "changed";
  const found = await client.get<KubeObject & { data?: Record<string, string> }>(configMaps, "default", "a");
  assert.deepEqual(found.data, { k: "v" });
});
