/** What a history costs: states share all that is the same in them. */
import assert from "node:assert/strict";
import { pods } from "../../../cluster/memory/api/kind_refs.ts";
import { completeApi } from "../testing.ts";

const pod = {
  metadata: { generateName: "p-", namespace: "default" },
  spec: { containers: [{ name: "app", image: "nginx" }] },
};

Deno.test("a new state shares with the one before what did not change", async () => {
  const { client } = await completeApi();
  const created = await client.create(pods, pod);
  const { name } = created.metadata;
  const target = { apiVersion: "v1", kind: "Node", name: "node01" };
  await client.post(pods, "default", name!, "binding", { metadata: { name }, target });
  const bound = await client.get(pods, "default", name!);
  assert.equal(bound.spec?.nodeName, "node01");
  assert.equal(bound.spec?.containers, created.spec?.containers);
  const running = await client.updateStatus(pods, { ...bound, status: { ...bound.status, phase: "Running" } });
  assert.equal(running.status?.phase, "Running");
  assert.equal(running.spec, bound.spec);
  assert.equal(running.status?.conditions, bound.status?.conditions);
  await client.delete(pods, "default", name!);
  const leaving = await client.get(pods, "default", name!);
  assert.notEqual(leaving.metadata.deletionTimestamp, undefined);
  assert.equal(leaving.status, running.status);
});

Deno.test("objects that the same program wrote in the same way share who owns their fields", async () => {
  const { client } = await completeApi();
  const [one, other] = [await client.create(pods, pod), await client.create(pods, pod)];
  assert.equal(one.metadata.managedFields?.[0].fieldsV1, other.metadata.managedFields?.[0].fieldsV1);
  const status = { podIP: "10.244.1.2" };
  const changed = await client.updateStatus(pods, { ...one, status: { ...one.status, ...status } });
  assert.equal(changed.metadata.managedFields?.[0], one.metadata.managedFields?.[0]);
  assert.notEqual(changed.metadata.managedFields?.[1].fieldsV1, one.metadata.managedFields?.[0].fieldsV1);
});
