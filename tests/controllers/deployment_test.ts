import assert from "node:assert/strict";
import { deployments, replicaSets } from "../../cluster/memory/api/kind_refs.ts";
import type { Harness } from "./harness.ts";
import { startHarness } from "./harness.ts";
import { deployment } from "./objects.ts";

const image = (name: string) => ({
  type: "strategic" as const,
  body: { spec: { template: { spec: { containers: [{ name: "app", image: name }] } } } },
});

const spec = (body: Record<string, unknown>) => ({ type: "merge" as const, body: { spec: body } });

/** Names without hashes and random parts: what stays the same whatever the template. */
const scrubbed = (events: readonly string[]) =>
  events.map((event) => event.replace(/web-[0-9a-z]{6,10}(-[0-9a-z]{5})?/g, "web-*"));

/** What the deployment's own events say, in few words. */
async function scalings(harness: Harness, before = 0): Promise<string[]> {
  const events = scrubbed((await harness.events()).slice(before)).filter((event) => event.includes("Deployment/web"));
  return events.map((event) => event.replace(/.*: Scaled (up|down) replica set web-\* from/, "$1"));
}

const conditionsOf = async ({ client }: Harness) =>
  (await client.get(deployments, "default", "web")).status.conditions?.map(({ type, status, reason, message }) =>
    scrubbed([[type, status, reason, message].join(" ")])[0]
  );

/** Each replica set's revision and size, by revision. */
const sizes = async ({ client }: Harness) =>
  (await client.list(replicaSets)).items
    .map(({ spec, metadata }) => `${metadata.annotations?.["deployment.kubernetes.io/revision"]}: ${spec.replicas}`)
    .sort();

async function deployed(replicas: number, more: Parameters<typeof deployment>[2] = {}): Promise<Harness> {
  const harness = await startHarness();
  await harness.client.create(deployments, deployment("web", replicas, more));
  await harness.settle();
  return harness;
}

Deno.test("a rolling update of four with a surge of one, step by step", async () => {
  using harness = await deployed(4);
  const { client } = harness;
  const before = (await harness.events()).length;
  await client.patch(deployments, "default", "web", image("nginx:1.28"));
  await harness.settle();
  assert.deepEqual(await scalings(harness, before), [
    "up 0 to 1",
    "down 4 to 3",
    "up 1 to 2",
    "down 3 to 2",
    "up 2 to 3",
    "down 2 to 1",
    "up 3 to 4",
    "down 1 to 0",
  ]);
  assert.equal(
    (await client.get(deployments, "default", "web")).metadata.annotations?.["deployment.kubernetes.io/revision"],
    "2",
  );
  assert.deepEqual(await conditionsOf(harness), [
    "Available True MinimumReplicasAvailable Deployment has minimum availability.",
    'Progressing True NewReplicaSetAvailable ReplicaSet "web-*" has successfully progressed.',
  ]);
  assert.deepEqual(await sizes(harness), ["1: 0", "2: 4"]);
  assert.deepEqual(harness.reports, []);
});

Deno.test("events of replica sets come between the deployment's", async () => {
  using harness = await deployed(1);
  const before = (await harness.events()).length;
  await harness.client.patch(deployments, "default", "web", image("nginx:1.28"));
  await harness.settle();
  assert.deepEqual(scrubbed((await harness.events()).slice(before)), [
    "Normal ScalingReplicaSet Deployment/web: Scaled up replica set web-* from 0 to 1",
    "Normal SuccessfulCreate ReplicaSet/web-*: Created pod: web-*",
    "Normal ScalingReplicaSet Deployment/web: Scaled down replica set web-* from 1 to 0",
    "Normal SuccessfulDelete ReplicaSet/web-*: Deleted pod: web-*",
  ]);
});

Deno.test("an update that may leave one unavailable takes one down first", async () => {
  const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
  using harness = await deployed(2, { strategy });
  const before = (await harness.events()).length;
  await harness.client.patch(deployments, "default", "web", image("nginx:1.28"));
  await harness.settle();
  assert.deepEqual(await scalings(harness, before), ["down 2 to 1", "up 0 to 1", "down 1 to 0", "up 1 to 2"]);
});

Deno.test("Recreate stops all before it starts any", async () => {
  using harness = await deployed(2, { strategy: { type: "Recreate" } });
  const before = (await harness.events()).length;
  await harness.client.patch(deployments, "default", "web", image("nginx:1.28"));
  await harness.clock.advance(500);
  assert.equal((await harness.pods()).length, 2, "the old pods are still stopping");
  assert.deepEqual(await scalings(harness, before), ["down 2 to 0"]);
  await harness.settle();
  assert.deepEqual(await scalings(harness, before), ["down 2 to 0", "up 0 to 2"]);
});

Deno.test("a paused deployment scales, but does not roll out", async () => {
  using harness = await deployed(2);
  const { client } = harness;
  await client.patch(deployments, "default", "web", spec({ paused: true }));
  await harness.settle();
  assert.equal((await conditionsOf(harness))?.at(-1), "Progressing Unknown DeploymentPaused Deployment is paused");
  await client.patch(deployments, "default", "web", image("nginx:1.28"));
  await client.patch(deployments, "default", "web", spec({ replicas: 3 }));
  await harness.settle();
  assert.deepEqual(await sizes(harness), ["1: 3"]);
  await client.patch(deployments, "default", "web", spec({ paused: false }));
  await harness.settle();
  assert.deepEqual(await sizes(harness), ["1: 0", "2: 3"]);
});

Deno.test("scaling during a rollout is shared between old and new in proportion", async () => {
  using harness = await startHarness({
    phase: (pod) => pod.spec.containers[0].image === "bad" ? "Pending" : "Running",
  });
  const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } };
  const { client } = harness;
  await client.create(deployments, deployment("web", 10, { strategy }));
  await harness.settle();
  await client.patch(deployments, "default", "web", image("bad"));
  await harness.settle();
  assert.deepEqual(await sizes(harness), ["1: 8", "2: 5"]);
  await client.patch(deployments, "default", "web", spec({ replicas: 15 }));
  await harness.settle();
  // As in the documentation of Kubernetes: 3 more for the old one, 2 more for the new one.
  assert.deepEqual(await sizes(harness), ["1: 11", "2: 7"]);
  await client.patch(deployments, "default", "web", spec({ replicas: 6 }));
  await harness.settle();
  // Shared down to nine, then no further than what must be available: what the replica sets tell from before is void.
  assert.deepEqual(await sizes(harness), ["1: 4", "2: 5"]);
});

Deno.test("going back to an old template takes its replica set, with a new revision", async () => {
  using harness = await deployed(1);
  const { client } = harness;
  await client.patch(deployments, "default", "web", image("nginx:1.28"));
  await harness.settle();
  await client.patch(deployments, "default", "web", image("nginx:1.27"));
  await harness.settle();
  assert.deepEqual(await sizes(harness), ["2: 0", "3: 1"]);
  const [old] = (await client.list(replicaSets)).items.filter(({ spec }) => spec.replicas === 1);
  assert.equal(old.metadata.annotations?.["deployment.kubernetes.io/revision-history"], "1");
});

Deno.test("no more old replica sets are kept than the history may have", async () => {
  using harness = await deployed(1, { revisionHistoryLimit: 1 });
  for (const version of ["1.28", "1.29", "1.30"]) {
    await harness.client.patch(deployments, "default", "web", image(`nginx:${version}`));
    await harness.settle();
  }
  assert.deepEqual(await sizes(harness), ["3: 0", "4: 1"]);
});

Deno.test("a rollout that makes no progress says so once its deadline has passed", async () => {
  using harness = await startHarness({
    phase: (pod) => pod.spec.containers[0].image === "bad" ? "Pending" : "Running",
  });
  const { client } = harness;
  await client.create(deployments, deployment("web", 1, { progressDeadlineSeconds: 60 }));
  await harness.settle();
  await client.patch(deployments, "default", "web", image("bad"));
  await harness.settle();
  assert.equal(
    (await conditionsOf(harness))?.at(-1),
    'Progressing True ReplicaSetUpdated ReplicaSet "web-*" is progressing.',
  );
  await harness.clock.advance(62_000);
  assert.equal(
    (await conditionsOf(harness))?.at(-1),
    'Progressing False ProgressDeadlineExceeded ReplicaSet "web-*" has timed out progressing.',
  );
});

Deno.test("a rolling update of five hundred settles", async () => {
  const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } };
  using harness = await deployed(500, { strategy });
  await harness.client.patch(deployments, "default", "web", image("nginx:1.28"));
  await harness.settle();
  assert.deepEqual(await sizes(harness), ["1: 0", "2: 500"]);
  assert.equal((await harness.pods()).length, 500);
  assert.deepEqual(harness.reports, []);
});

Deno.test("what another controller owns is left alone", async () => {
  using harness = await deployed(1);
  const { client } = harness;
  const [owned] = (await client.list(replicaSets)).items;
  await client.create(deployments, { ...deployment("web", 1), metadata: { name: "other", namespace: "default" } });
  await harness.settle();
  const names = (await client.list(replicaSets)).items.map(({ metadata: { name, ownerReferences } }) =>
    `${name!.split("-")[0]} of ${ownerReferences?.[0].name}`
  );
  assert.deepEqual(names.sort(), ["other of other", "web of web"]);
  assert.equal((await client.get(replicaSets, "default", owned.metadata.name!)).spec.replicas, 1);
});
