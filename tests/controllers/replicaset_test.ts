import assert from "node:assert/strict";
import { pods, replicaSets, replicationControllers, resourceQuotas } from "../../cluster/memory/api/kind_refs.ts";
import { failure } from "../../cluster/memory/api/status.ts";
import { startHarness } from "./harness.ts";
import { pod, replicaSet } from "./objects.ts";

const scrubbed = (events: readonly string[]) => events.map((event) => event.replace(/rs-[0-9a-z]{5}/g, "rs-*"));
const replicas = (count: number) => ({ type: "merge" as const, body: { spec: { replicas: count } } });

Deno.test("a replica set makes its pods and counts them", async () => {
  using harness = await startHarness();
  await harness.client.create(replicaSets, replicaSet("rs", 2));
  await harness.settle();
  const { status } = await harness.client.get(replicaSets, "default", "rs");
  assert.deepEqual(status, {
    replicas: 2,
    fullyLabeledReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    terminatingReplicas: 0,
    observedGeneration: 1,
  });
  assert.deepEqual(scrubbed(await harness.events()), [
    "Normal SuccessfulCreate ReplicaSet/rs: Created pod: rs-*",
    "Normal SuccessfulCreate ReplicaSet/rs: Created pod: rs-*",
  ]);
  const [{ metadata }] = (await harness.client.list(pods)).items;
  assert.equal(metadata.generateName, "rs-");
  assert.deepEqual(metadata.ownerReferences?.map(({ uid: _, ...owner }) => owner), [
    { apiVersion: "apps/v1", kind: "ReplicaSet", name: "rs", controller: true, blockOwnerDeletion: true },
  ]);
});

Deno.test("a pod that fits is adopted, one whose labels change is replaced", async () => {
  using harness = await startHarness();
  const { client } = harness;
  await client.create(pods, pod("stray", { app: "rs" }));
  await harness.settle();
  await client.create(replicaSets, replicaSet("rs", 2));
  await harness.settle();
  assert.equal((await harness.pods()).length, 2);
  assert.equal((await client.get(pods, "default", "stray")).metadata.ownerReferences?.[0].name, "rs");
  const body = { metadata: { labels: { app: "debug" } } };
  await client.patch(pods, "default", "stray", { type: "merge", body });
  await harness.settle();
  assert.equal((await harness.pods()).length, 3);
  assert.equal((await client.get(pods, "default", "stray")).metadata.ownerReferences, undefined);
});

Deno.test("of too many, a pod that is not ready goes first", async () => {
  let count = 0;
  using harness = await startHarness({ phase: () => ++count === 2 ? "Pending" : "Running" });
  const { client } = harness;
  await client.create(replicaSets, replicaSet("rs", 3));
  await harness.settle();
  const waiting = (await client.list(pods)).items.find(({ status }) => status?.phase === "Pending")!.metadata.name;
  await client.patch(replicaSets, "default", "rs", replicas(2));
  await harness.settle();
  assert.equal((await harness.pods()).length, 2);
  assert.ok(!(await harness.pods()).includes(waiting!));
  assert.ok((await harness.events()).includes(`Normal SuccessfulDelete ReplicaSet/rs: Deleted pod: ${waiting}`));
});

Deno.test("a higher deletion cost is kept, a lower one goes", async () => {
  using harness = await startHarness();
  const { client } = harness;
  await client.create(replicaSets, replicaSet("rs", 3));
  await harness.settle();
  const [, cheap] = await harness.pods();
  const body = { metadata: { annotations: { "controller.kubernetes.io/pod-deletion-cost": "-1" } } };
  await client.patch(pods, "default", cheap, { type: "merge", body });
  await client.patch(replicaSets, "default", "rs", replicas(2));
  await harness.settle();
  assert.ok(!(await harness.pods()).includes(cheap));
});

Deno.test("what a quota refuses is a condition and an event; the attempts start slowly", async () => {
  using harness = await startHarness();
  const { client } = harness;
  await client.create(resourceQuotas, {
    metadata: { name: "few", namespace: "default" },
    spec: { hard: { pods: "1" } },
  });
  await harness.settle();
  await client.create(replicaSets, replicaSet("rs", 8));
  await harness.clock.advance(3000);
  const { status } = await client.get(replicaSets, "default", "rs");
  assert.equal(status.replicas, 1);
  const [{ type, status: holds, reason, message }] = status.conditions!;
  assert.deepEqual([type, holds, reason], ["ReplicaFailure", "True", "FailedCreate"]);
  const refused =
    /^pods "rs-\w{5}" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1$/;
  assert.match(message!, refused);
  const events = scrubbed(await harness.events());
  assert.equal(
    events[1],
    'Warning FailedCreate ReplicaSet/rs: Error creating: pods "rs-*" is forbidden: exceeded quota: few, ' +
      "requested: pods=1, used: pods=1, limited: pods=1",
  );
  // Nothing more happens until somebody does something; the next tries come ever later.
  await harness.settle();
  await client.delete(resourceQuotas, "default", "few");
  await harness.clock.advance(60_000);
  assert.equal((await harness.pods()).length, 8);
  assert.equal((await client.get(replicaSets, "default", "rs")).status.conditions, undefined);
});

Deno.test("a replication controller does the same", async () => {
  using harness = await startHarness();
  const { spec: { template } } = replicaSet("rc", 2);
  await harness.client.create(replicationControllers, {
    metadata: { name: "rc", namespace: "default" },
    spec: { replicas: 2, selector: { app: "rc" }, template },
  });
  await harness.settle();
  const { status } = await harness.client.get(replicationControllers, "default", "rc");
  assert.equal(status?.availableReplicas, 2);
  assert.match(
    (await harness.events())[0],
    /^Normal SuccessfulCreate ReplicationController\/rc: Created pod: rc-\w{5}$/,
  );
});

Deno.test("a reconcile that throws is reported and tried again", async () => {
  let failures = 0;
  using harness = await startHarness({
    wrap: (client, user) => ({
      ...client,
      updateStatus(kind, object) {
        if (user.endsWith("replicaset-controller") && failures++ < 3) throw new Error("the disk is full");
        return client.updateStatus(kind, object);
      },
    }),
  });
  await harness.client.create(replicaSets, replicaSet("rs", 1));
  await harness.settle();
  assert.ok(harness.reports.length >= 1);
  assert.ok(harness.reports.every((report) => report === "replicaset-controller: the disk is full"));
  assert.equal((await harness.client.get(replicaSets, "default", "rs")).status.availableReplicas, 1);
});

Deno.test("an API that fails for a while is asked again until it answers", async () => {
  let failing = true;
  using harness = await startHarness({
    wrap: (client, user) => ({
      ...client,
      create(kind, object) {
        if (failing && user.endsWith("replicaset-controller") && kind.plural === "pods") {
          throw failure(500, "InternalError", "Internal error occurred: etcd is away");
        }
        return client.create(kind, object);
      },
    }),
  });
  await harness.client.create(replicaSets, replicaSet("rs", 3));
  await harness.clock.advance(2000);
  assert.deepEqual(await harness.pods(), []);
  failing = false;
  await harness.clock.advance(30_000);
  assert.equal((await harness.pods()).length, 3);
});
