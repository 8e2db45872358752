import assert from "node:assert/strict";
import { controllerRevisions, persistentVolumeClaims, pods, statefulSets } from "../../cluster/memory/api/kind_refs.ts";
import type { Harness } from "./harness.ts";
import { startHarness } from "./harness.ts";
import { statefulSet } from "./objects.ts";

const merge = (body: unknown) => ({ type: "merge" as const, body });
const template = (image: string) => ({ template: { spec: { containers: [{ name: "app", image }] } } });

/** "web-0 nginx:1.27", of those that are not going. */
const images = async ({ client }: Harness) =>
  (await client.list(pods)).items.map(({ metadata, spec }) => `${metadata.name} ${spec.containers[0].image}`);

const claims = () => [{
  metadata: { name: "data" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
}];

async function running(replicas: number, more: Parameters<typeof statefulSet>[2] = {}): Promise<Harness> {
  const harness = await startHarness();
  await harness.client.create(statefulSets, statefulSet("web", replicas, more));
  await harness.settle();
  return harness;
}

Deno.test("pods of a stateful set start one after the other and stop in reverse", async () => {
  using harness = await startHarness();
  const { client, clock } = harness;
  await client.create(statefulSets, statefulSet("web", 3));
  await clock.advance(900);
  assert.deepEqual(await harness.pods(), ["web-0"]);
  await clock.advance(1000);
  assert.deepEqual(await harness.pods(), ["web-0", "web-1"]);
  await harness.settle();
  assert.deepEqual(await harness.pods(), ["web-0", "web-1", "web-2"]);
  await client.patch(statefulSets, "default", "web", merge({ spec: { replicas: 1 } }));
  await clock.advance(1500);
  assert.deepEqual(await harness.pods(), ["web-0", "web-1"]);
  await harness.settle();
  assert.deepEqual(await harness.events(), [
    "Normal SuccessfulCreate StatefulSet/web: Create Pod web-0 in StatefulSet web successful",
    "Normal SuccessfulCreate StatefulSet/web: Create Pod web-1 in StatefulSet web successful",
    "Normal SuccessfulCreate StatefulSet/web: Create Pod web-2 in StatefulSet web successful",
    "Normal SuccessfulDelete StatefulSet/web: Delete Pod web-2 in StatefulSet web successful",
    "Normal SuccessfulDelete StatefulSet/web: Delete Pod web-1 in StatefulSet web successful",
  ]);
  assert.deepEqual(harness.reports, []);
});

Deno.test("Parallel starts all at once", async () => {
  using harness = await startHarness();
  await harness.client.create(statefulSets, statefulSet("web", 3, { podManagementPolicy: "Parallel" }));
  await harness.clock.advance(500);
  assert.equal((await harness.pods()).length, 3);
});

Deno.test("pods know their place", async () => {
  using harness = await running(2);
  const { metadata, spec } = await harness.client.get(pods, "default", "web-1");
  assert.equal(metadata.labels?.["statefulset.kubernetes.io/pod-name"], "web-1");
  assert.equal(metadata.labels?.["apps.kubernetes.io/pod-index"], "1");
  assert.equal(spec.hostname, "web-1");
  assert.equal(spec.subdomain, "web");
});

Deno.test("an update goes from the last pod to the first, and ends at the partition", async () => {
  using harness = await running(3);
  const { client } = harness;
  const partition = (partition: number) => ({
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition } },
  });
  await client.patch(statefulSets, "default", "web", merge({ spec: { ...template("nginx:1.28"), ...partition(2) } }));
  await harness.settle();
  assert.deepEqual(await images(harness), ["web-0 nginx:1.27", "web-1 nginx:1.27", "web-2 nginx:1.28"]);
  const { status } = await client.get(statefulSets, "default", "web");
  assert.equal(status.updatedReplicas, 1);
  assert.notEqual(status.currentRevision, status.updateRevision);
  await client.patch(statefulSets, "default", "web", merge({ spec: partition(0) }));
  await harness.settle();
  assert.deepEqual(await images(harness), ["web-0 nginx:1.28", "web-1 nginx:1.28", "web-2 nginx:1.28"]);
  const done = (await client.get(statefulSets, "default", "web")).status;
  assert.equal(done.currentRevision, done.updateRevision);
  assert.equal((await client.list(controllerRevisions)).items.length, 2);
});

Deno.test("OnDelete updates what somebody deletes", async () => {
  using harness = await running(2, { updateStrategy: { type: "OnDelete" } });
  const { client } = harness;
  await client.patch(statefulSets, "default", "web", merge({ spec: template("nginx:1.28") }));
  await harness.settle();
  await client.delete(pods, "default", "web-0");
  await harness.settle();
  assert.deepEqual(await images(harness), ["web-0 nginx:1.28", "web-1 nginx:1.27"]);
});

Deno.test("claims are made with the pods and stay when they go", async () => {
  using harness = await running(2, { volumeClaimTemplates: claims() });
  const { client } = harness;
  const names = async () => (await client.list(persistentVolumeClaims)).items.map(({ metadata }) => metadata.name);
  assert.deepEqual(await names(), ["data-web-0", "data-web-1"]);
  assert.ok((await harness.events()).includes(
    "Normal SuccessfulCreate StatefulSet/web: Create Claim data-web-0 Pod web-0 in StatefulSet web success",
  ));
  const { spec } = await client.get(pods, "default", "web-1");
  assert.equal(spec.volumes?.find(({ name }) => name === "data")?.persistentVolumeClaim?.claimName, "data-web-1");
  await client.patch(statefulSets, "default", "web", merge({ spec: { replicas: 1 } }));
  await harness.settle();
  assert.deepEqual(await names(), ["data-web-0", "data-web-1"]);
});

Deno.test("claims go when the policy says so", async () => {
  using harness = await running(2, {
    volumeClaimTemplates: claims(),
    persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete", whenDeleted: "Delete" },
  });
  const { client } = harness;
  const names = async () => (await client.list(persistentVolumeClaims)).items.map(({ metadata }) => metadata.name);
  await client.patch(statefulSets, "default", "web", merge({ spec: { replicas: 1 } }));
  await harness.settle();
  assert.deepEqual(await names(), ["data-web-0"]);
  await client.delete(statefulSets, "default", "web");
  await harness.settle();
  assert.deepEqual(await names(), []);
});

Deno.test("a pod that failed is made anew under its name", async () => {
  let fails = true;
  using harness = await startHarness({ phase: () => fails ? (fails = false, "Failed") : "Running" });
  await harness.client.create(statefulSets, statefulSet("web", 1));
  await harness.settle();
  assert.equal((await harness.client.get(statefulSets, "default", "web")).status.readyReplicas, 1);
  assert.deepEqual(await harness.events(), [
    "Normal SuccessfulCreate StatefulSet/web: Create Pod web-0 in StatefulSet web successful (x2)",
    "Normal SuccessfulDelete StatefulSet/web: Delete Pod web-0 in StatefulSet web successful",
  ]);
});

Deno.test("numbers may begin elsewhere", async () => {
  using harness = await running(2, { ordinals: { start: 5 } });
  assert.deepEqual(await harness.pods(), ["web-5", "web-6"]);
});
