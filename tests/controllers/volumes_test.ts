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

Deno.test("provisioners that were part of Kubernetes are asked for by their drivers' names", async () => {
  using harness = await startHarness();
  const { client, clock } = harness;
  for (const [name, provisioner] of [["gold", "kubernetes.io/gce-pd"], ["none", "kubernetes.io/no-provisioner"]]) {
    await client.create(storageClasses, { metadata: { name }, provisioner });
    await client.create(persistentVolumeClaims, claim(name, name));
  }
  await clock.advance(2000);
  const { metadata } = await client.get(persistentVolumeClaims, "default", "gold");
  assert.equal(metadata.annotations?.["volume.kubernetes.io/storage-provisioner"], "pd.csi.storage.gke.io");
  assert.ok((await harness.events()).some((event) =>
    event.startsWith(
      "Warning ProvisioningFailed PersistentVolumeClaim/none: no volume plugin matched name: kubernetes.io/no-prov",
    )
  ));
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

const scratch = { volumeClaimTemplate: { metadata: { labels: { app: "web" } }, spec: claim("", "").spec } };

Deno.test("an ephemeral volume's claim is the pod's own, is made again, and goes with the pod", async () => {
  using harness = await startHarness();
  const { client } = harness;
  await client.create(pods, pod("web", {}, { volumes: [{ name: "scratch", ephemeral: scratch }] }));
  await harness.settle();
  const { metadata } = await client.get(persistentVolumeClaims, "default", "web-scratch");
  const [{ kind, name, controller }] = metadata.ownerReferences!;
  assert.deepEqual([kind, name, controller, metadata.labels], ["Pod", "web", true, { app: "web" }]);
  const without = { type: "merge" as const, body: { metadata: { finalizers: null } } };
  await client.delete(persistentVolumeClaims, "default", "web-scratch");
  await client.patch(persistentVolumeClaims, "default", "web-scratch", without);
  await harness.settle();
  const again = await client.get(persistentVolumeClaims, "default", "web-scratch");
  assert.notEqual(again.metadata.uid, metadata.uid);
  await client.delete(pods, "default", "web");
  await harness.settle();
  assert.deepEqual((await client.list(persistentVolumeClaims)).items, []);
});

Deno.test("somebody else's claim is not taken for an ephemeral volume's", async () => {
  using harness = await startHarness();
  const { client } = harness;
  await client.create(persistentVolumeClaims, claim("web-scratch", ""));
  await client.create(pods, pod("web", {}, { volumes: [{ name: "scratch", ephemeral: scratch }] }));
  await harness.clock.advance(100);
  const message = "ephemeral volume scratch: PVC default/web-scratch was not created for pod default/web " +
    "(pod is not owner)";
  const events = (await harness.events()).filter((event) => event.includes("Pod/web:"));
  assert.match(events[0], new RegExp(`^Warning FailedBinding Pod/web: ${message.replace(/[()]/g, "\\$&")}`));
});

Deno.test("a claim that asks for more waits for somebody who expands volumes", async () => {
  using harness = await startHarness();
  const { client, clock } = harness;
  await client.create(storageClasses, {
    metadata: { name: "manual" },
    provisioner: "example.com/disks",
    allowVolumeExpansion: true,
  });
  await client.create(persistentVolumes, volume("small", "2Gi"));
  await client.create(persistentVolumeClaims, claim("data", "manual"));
  await clock.advance(5000);
  const told = async () => (await harness.events()).filter((event) => event.includes("ExternalExpanding"));
  assert.deepEqual(await told(), []);
  const more = { spec: { resources: { requests: { storage: "4Gi" } } } };
  await client.patch(persistentVolumeClaims, "default", "data", { type: "merge", body: more });
  await clock.advance(1000);
  assert.deepEqual(await told(), [
    "Normal ExternalExpanding PersistentVolumeClaim/data: waiting for an external controller to expand this PVC",
  ]);
});
