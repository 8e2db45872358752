import assert from "node:assert/strict";
import { persistentVolumeClaims, persistentVolumes, pods, storageClasses } from "../../cluster/memory/api/kind_refs.ts";
import type { Harness } from "./harness.ts";
import { startHarness } from "./harness.ts";
import { pod } from "./objects.ts";

const claim = (name: string, storageClassName: string, storage = "1Gi") => ({
  metadata: { name, namespace: "default" },
  spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
});

const volume = (name: string, storage: string) => ({
  metadata: { name },
  spec: {
    storageClassName: "manual",
    capacity: { storage },
    accessModes: ["ReadWriteOnce"],
    hostPath: { path: `/data/${name}` },
  },
});

const phases = async ({ client }: Harness) => [
  ...(await client.list(persistentVolumeClaims)).items.map(({ metadata, status }) =>
    `${metadata.name} ${status?.phase}`
  ),
  ...(await client.list(persistentVolumes)).items.map(({ metadata, status }) => `${metadata.name} ${status?.phase}`),
];

Deno.test("a claim takes the smallest volume that does; released, the volume keeps its data", async () => {
  using harness = await startHarness();
  const { client, clock } = harness;
  for (const [name, size] of [["large", "10Gi"], ["small", "2Gi"], ["tiny", "500Mi"]]) {
    await client.create(persistentVolumes, volume(name, size));
  }
  await harness.settle();
  await client.create(persistentVolumeClaims, claim("data", "manual"));
  await clock.advance(5000);
  assert.deepEqual(await phases(harness), ["data Bound", "large Available", "small Bound", "tiny Available"]);
  assert.equal((await client.get(persistentVolumeClaims, "default", "data")).spec.volumeName, "small");
  await client.delete(persistentVolumeClaims, "default", "data");
  await clock.advance(5000);
  assert.deepEqual(await phases(harness), ["large Available", "small Released", "tiny Available"]);
  assert.deepEqual(harness.reports, []);
});

Deno.test("a claim without a volume says why it waits", async () => {
  using harness = await startHarness();
  await harness.client.create(persistentVolumeClaims, claim("data", "manual"));
  await harness.client.create(persistentVolumeClaims, claim("none", ""));
  await harness.clock.advance(2000);
  assert.deepEqual(await phases(harness), ["data Pending", "none Pending"]);
  assert.deepEqual(await harness.events(), [
    'Warning ProvisioningFailed PersistentVolumeClaim/data: storageclass.storage.k8s.io "manual" not found',
    "Normal FailedBinding PersistentVolumeClaim/none: no persistent volumes available for this claim and no storage " +
    "class is set",
  ]);
});

Deno.test("the default provisioner waits for a pod, makes a volume on its node, and takes it away", async () => {
  using harness = await startHarness();
  const { client, clock } = harness;
  await client.create(storageClasses, {
    metadata: { name: "standard" },
    provisioner: "rancher.io/local-path",
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
  });
  await client.create(persistentVolumeClaims, claim("data", "standard"));
  await clock.advance(2000);
  assert.deepEqual(await phases(harness), ["data Pending"]);
  assert.deepEqual(await harness.events(), [
    "Normal WaitForFirstConsumer PersistentVolumeClaim/data: waiting for first consumer to be created before binding",
  ]);
  // This is how the scheduler tells where.
  const annotations = { "volume.kubernetes.io/selected-node": "node-1" };
  await client.patch(persistentVolumeClaims, "default", "data", { type: "merge", body: { metadata: { annotations } } });
  await clock.advance(5000);
  const [{ metadata, spec }] = (await client.list(persistentVolumes)).items;
  assert.match(metadata.name!, /^pvc-[0-9a-f-]{36}$/);
  assert.deepEqual(spec?.nodeAffinity?.required?.nodeSelectorTerms[0].matchExpressions?.[0].values, ["node-1"]);
  assert.deepEqual(await phases(harness), ["data Bound", `${metadata.name} Bound`]);
  await client.delete(persistentVolumeClaims, "default", "data");
  await clock.advance(10_000);
  assert.deepEqual(await phases(harness), []);
});

Deno.test("a claim in use outlives its deletion until its pod is gone", async () => {
  using harness = await startHarness();
  const { client, clock } = harness;
  await client.create(persistentVolumeClaims, claim("data", "manual"));
  const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "data" } }];
  await client.create(pods, pod("user", {}, { volumes }));
  await harness.settle();
  await client.delete(persistentVolumeClaims, "default", "data");
  await clock.advance(5000);
  assert.deepEqual((await client.get(persistentVolumeClaims, "default", "data")).metadata.finalizers, [
    "kubernetes.io/pvc-protection",
  ]);
  await client.delete(pods, "default", "user");
  await clock.advance(5000);
  assert.deepEqual((await client.list(persistentVolumeClaims)).items, []);
});
