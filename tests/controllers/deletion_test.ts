import assert from "node:assert/strict";
import type { KindRef } from "../../cluster/memory/api/client.ts";
import {
  configMaps,
  deployments,
  namespaces,
  pods,
  replicaSets,
  serviceAccounts,
} from "../../cluster/memory/api/kind_refs.ts";
import type { Harness } from "./harness.ts";
import { startHarness } from "./harness.ts";
import { deployment, pod } from "./objects.ts";

const merge = (body: unknown) => ({ type: "merge" as const, body });

/** How many deployments, replica sets and pods there are. */
const counts = ({ client }: Harness) => {
  const kinds: readonly KindRef[] = [deployments, replicaSets, pods];
  return Promise.all(kinds.map(async (kind) => (await client.list(kind)).items.length));
};

async function deployed(): Promise<Harness> {
  const harness = await startHarness();
  await harness.client.create(deployments, deployment("web", 2));
  await harness.settle();
  return harness;
}

Deno.test("in the background: the owner goes first", async () => {
  using harness = await deployed();
  await harness.client.delete(deployments, "default", "web", { propagationPolicy: "Background" });
  assert.equal((await counts(harness))[0], 0);
  await harness.settle();
  assert.deepEqual(await counts(harness), [0, 0, 0]);
  assert.deepEqual(harness.reports, []);
});

Deno.test("in the foreground: the owner goes last", async () => {
  using harness = await deployed();
  await harness.client.delete(deployments, "default", "web", { propagationPolicy: "Foreground" });
  await harness.clock.advance(500);
  assert.deepEqual(await counts(harness), [1, 1, 2], "the pods are stopping");
  assert.deepEqual((await harness.client.get(deployments, "default", "web")).metadata.finalizers, [
    "foregroundDeletion",
  ]);
  await harness.settle();
  assert.deepEqual(await counts(harness), [0, 0, 0]);
});

Deno.test("orphans stay, without their owner", async () => {
  using harness = await deployed();
  await harness.client.delete(deployments, "default", "web", { propagationPolicy: "Orphan" });
  await harness.settle();
  assert.deepEqual(await counts(harness), [0, 1, 2]);
  const [{ metadata }] = (await harness.client.list(replicaSets)).items;
  assert.equal(metadata.ownerReferences, undefined);
});

Deno.test("what names an owner that never was goes", async () => {
  using harness = await startHarness();
  const { client } = harness;
  const owner = { apiVersion: "v1", kind: "ConfigMap", name: "gone", uid: "6f6f6f6f-0000-4000-8000-000000000000" };
  await client.create(configMaps, { metadata: { name: "orphan", namespace: "default", ownerReferences: [owner] } });
  await harness.settle();
  const names = (await client.list(configMaps, { namespace: "default" })).items.map(({ metadata }) => metadata.name);
  assert.ok(!names.includes("orphan"));
});

Deno.test("a second owner keeps what the first one leaves", async () => {
  using harness = await startHarness();
  const { client } = harness;
  const owners = [];
  for (const name of ["one", "two"]) {
    const { metadata: { uid } } = await client.create(configMaps, { metadata: { name, namespace: "default" } });
    owners.push({ apiVersion: "v1", kind: "ConfigMap", name, uid: uid! });
  }
  await client.create(configMaps, { metadata: { name: "shared", namespace: "default", ownerReferences: owners } });
  await client.delete(configMaps, "default", "one");
  await harness.settle();
  const { metadata } = await client.get(configMaps, "default", "shared");
  assert.deepEqual(metadata.ownerReferences?.map(({ name }) => name), ["two"]);
  await client.delete(configMaps, "default", "two");
  await harness.settle();
  await assert.rejects(client.get(configMaps, "default", "shared"), /not found/);
});

Deno.test("a namespace empties before it goes", async () => {
  using harness = await startHarness();
  const { client } = harness;
  await client.create(namespaces, { metadata: { name: "team" } });
  await harness.settle();
  assert.equal((await client.get(serviceAccounts, "team", "default")).metadata.name, "default");
  await client.create(configMaps, { metadata: { name: "kept", namespace: "team", finalizers: ["example.com/hold"] } });
  const patient = pod("a", {}, { terminationGracePeriodSeconds: 30 });
  await client.create(pods, { ...patient, metadata: { name: "a", namespace: "team" } });
  await harness.settle();
  await client.delete(namespaces, undefined, "team");
  await harness.clock.advance(20_000);
  assert.deepEqual((await client.list(pods, { namespace: "team" })).items, []);
  const { status } = await client.get(namespaces, undefined, "team");
  assert.equal(status?.phase, "Terminating");
  assert.deepEqual(status?.conditions?.map(({ type, status, reason, message }) => [type, status, reason, message]), [
    ["NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered", "All resources successfully discovered"],
    [
      "NamespaceDeletionGroupVersionParsingFailure",
      "False",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ],
    [
      "NamespaceDeletionContentFailure",
      "False",
      "ContentDeleted",
      "All content successfully deleted, may be waiting on finalization",
    ],
    [
      "NamespaceContentRemaining",
      "True",
      "SomeResourcesRemain",
      "Some resources are remaining: configmaps. has 1 resource instances",
    ],
    [
      "NamespaceFinalizersRemaining",
      "True",
      "SomeFinalizersRemain",
      "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    ],
  ]);
  await client.patch(configMaps, "team", "kept", merge({ metadata: { finalizers: null } }));
  await harness.clock.advance(60_000);
  await assert.rejects(client.get(namespaces, undefined, "team"), /not found/);
  assert.deepEqual(harness.reports, []);
});
