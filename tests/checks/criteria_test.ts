import assert from "node:assert/strict";
import { mismatchText } from "../../checks/reports/mismatch_text.ts";
import { deployment, type FakeCluster, fakeCluster, pod } from "./fake_cluster.ts";
import { readCheck } from "./read_check.ts";

/** What a criterion says of a cluster, in English. */
async function says(cluster: FakeCluster, text: string): Promise<readonly string[]> {
  const { criterion } = readCheck(text);
  const mismatches = await criterion.evaluate({ objects: cluster.objects, namespace: "shop" });
  return mismatches.map((mismatch) => mismatchText(mismatch, "en"));
}

Deno.test("object: must exist and match", async () => {
  const cluster = fakeCluster();
  const text = "object: { apiVersion: apps/v1, kind: Deployment, name: web }\nmatch: { spec: { replicas: 3 } }";
  assert.deepEqual(await says(cluster, text), ["Deployment web: does not exist"]);
  cluster.put(deployment("web", 2, 2));
  assert.deepEqual(await says(cluster, text), ["Deployment web: spec.replicas is 2, should be 3"]);
  cluster.put(deployment("web", 3, 3));
  assert.deepEqual(await says(cluster, text), []);
});

Deno.test("object: absent", async () => {
  const cluster = fakeCluster();
  const text = "object: { apiVersion: v1, kind: Pod, name: web }\nabsent: true";
  assert.deepEqual(await says(cluster, text), []);
  cluster.put(pod("web", "Running"));
  assert.deepEqual(await says(cluster, text), ["Pod web: exists, but should not"]);
  cluster.put({ ...pod("web", "Running"), metadata: { name: "web", deletionTimestamp: "2026-01-01T00:00:00Z" } });
  assert.deepEqual(await says(cluster, text), ["Pod web: is still being deleted"]);
});

Deno.test("object: a short condition is told, a long one is left to the title", async () => {
  const cluster = fakeCluster();
  const text = (cel: string) => `object: { apiVersion: v1, kind: Pod, name: web }\ncel: "${cel}"`;
  cluster.put(pod("web", "Running"));
  assert.deepEqual(await says(cluster, text("has(object.spec)")), [
    "Pod web: does not meet the condition has(object.spec)",
  ]);
  const long = Array(8).fill("has(object.spec)").join(" || ");
  assert.deepEqual(await says(cluster, text(long)), ["Pod web: does not meet the condition"]);
});

Deno.test("object: counts what matches", async () => {
  const cluster = fakeCluster();
  const text = "object: { apiVersion: v1, kind: Pod }\nmatch: { status: { phase: Running } }\ncount: { min: 2 }";
  cluster.put(pod("a", "Running"));
  cluster.put(pod("b", "Pending"));
  assert.deepEqual(await says(cluster, text), ["Pod: 1 matches, but there should be at least 2"]);
  cluster.put(pod("b", "Running"));
  assert.deepEqual(await says(cluster, text), []);
});

Deno.test("list: without a count, some and all must match", async () => {
  const cluster = fakeCluster();
  const text = "list: { apiVersion: v1, kind: Pod, selector: app=web }\nmatch: { status: { phase: Running } }";
  const labelled = (name: string, phase: string) => pod(name, phase, { metadata: { name, labels: { app: "web" } } });
  assert.deepEqual(await says(cluster, text), ["Pod (app=web): there is none"]);
  cluster.put(labelled("a", "Running"));
  cluster.put(labelled("b", "Failed"));
  cluster.put(pod("c", "Failed"));
  assert.deepEqual(await says(cluster, text), ['Pod b: status.phase is "Failed", should be "Running"']);
  assert.deepEqual(await says(cluster, `${text}\ncount: 2`), ["Pod (app=web): 1 matches, but there should be 2"]);
  assert.deepEqual(await says(cluster, `${text}\ncount: 1\ncel: objects.size() == 2`), []);
});

Deno.test("list: what is being deleted does not count", async () => {
  const cluster = fakeCluster();
  const metadata = { name: "a", labels: { app: "web" }, deletionTimestamp: "2026-01-01T00:00:00Z" };
  cluster.put({ ...pod("a", "Running"), metadata });
  assert.deepEqual(await says(cluster, "list: { apiVersion: v1, kind: Pod, selector: app=web }\ncount: 0"), []);
});

Deno.test("rollout: complete when all replicas are updated and available and no old ones are left", async () => {
  const cluster = fakeCluster();
  const text = "rollout: { kind: Deployment, name: web }";
  cluster.put(deployment("web", 3, 2));
  assert.deepEqual(await says(cluster, text), ["Deployment web: status.availableReplicas is 2, should be 3"]);
  const status = { observedGeneration: 1, replicas: 4, updatedReplicas: 3, availableReplicas: 3 };
  cluster.put(deployment("web", 3, 3, { status }));
  assert.deepEqual(await says(cluster, text), ["Deployment web: status.replicas is 4, should be 3"]);
  cluster.put(deployment("web", 3, 3, { metadata: { name: "web", generation: 2 } }));
  assert.deepEqual(await says(cluster, text), ["Deployment web: status.observedGeneration is 1, should be 2"]);
  cluster.put(deployment("web", 3, 3));
  assert.deepEqual(await says(cluster, text), []);
});

Deno.test("rollout: one that ran out of time is told so", async () => {
  const cluster = fakeCluster();
  const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
  cluster.put(deployment("web", 1, 0, { status: { observedGeneration: 1, conditions } }));
  assert.match((await says(cluster, "rollout: { kind: Deployment, name: web }"))[0], /ProgressDeadlineExceeded/);
});

Deno.test("rollout: a DaemonSet counts nodes", async () => {
  const cluster = fakeCluster();
  const status = { observedGeneration: 1, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 };
  cluster.put({
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "agent", generation: 1 },
    spec: {},
    status,
  });
  assert.deepEqual(await says(cluster, "rollout: { kind: DaemonSet, name: agent }"), [
    "DaemonSet agent: status.numberAvailable is 2, should be 3",
  ]);
});

Deno.test("condition: True unless said, with a reason where asked", async () => {
  const cluster = fakeCluster();
  const conditions = [{ type: "Ready", status: "False", reason: "ContainersNotReady" }];
  cluster.put(pod("web", "Running", { status: { phase: "Running", conditions } }));
  const text = (more: string) => `condition: { apiVersion: v1, kind: Pod, name: web, type: Ready${more} }`;
  assert.deepEqual(await says(cluster, text("")), [
    'Pod web: status.conditions[type=Ready].status is "False", should be "True"',
  ]);
  assert.deepEqual(await says(cluster, text(", status: 'False', reason: ContainersNotReady")), []);
  assert.equal((await says(cluster, text(", status: 'False', reason: Other"))).length, 1);
});

Deno.test("event: by object, reason, type and message", async () => {
  const cluster = fakeCluster();
  cluster.put({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "web.1" },
    involvedObject: { kind: "Pod", name: "web" },
    reason: "Failed",
    type: "Warning",
    message: 'Failed to pull image "nginx:nope"',
  });
  const text = (more: string) => `event: { kind: Pod, name: web, reason: Failed${more} }`;
  assert.deepEqual(await says(cluster, text("")), []);
  assert.deepEqual(await says(cluster, text(", type: Warning, message: 'nginx:n.*e'")), []);
  assert.deepEqual(await says(cluster, text(", message: timeout")), [
    "Pod web: has no event Failed that says /timeout/",
  ]);
  assert.equal((await says(cluster, text(", type: Normal"))).length, 1);
});
