/** What counts as still moving, and what waits for a person. */
import assert from "node:assert/strict";
import { isMoving, waitForRest } from "../../checks/motion.ts";
import { fakeCluster } from "./fake_cluster.ts";

const waiting = (reason: string) => ({ ready: false, state: { waiting: { reason } } });

async function moves(status: Readonly<Record<string, unknown>>): Promise<boolean> {
  const cluster = fakeCluster();
  cluster.put({ apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "n" }, spec: {}, status });
  return await isMoving(cluster.objects, "n");
}

Deno.test("motion: a pod on its way, and one that is there", async () => {
  assert.equal(await moves({ phase: "Pending" }), true);
  assert.equal(await moves({ phase: "Pending", containerStatuses: [waiting("ContainerCreating")] }), true);
  assert.equal(await moves({ phase: "Running", conditions: [{ type: "Ready", status: "True" }] }), false);
  assert.equal(await moves({ phase: "Succeeded" }), false);
});

for (const reason of ["CrashLoopBackOff", "ImagePullBackOff", "CreateContainerConfigError", "PostStartHookError"]) {
  Deno.test(`motion: ${reason} waits for a person, in an init container too`, async () => {
    const behind = waiting("PodInitializing");
    assert.equal(await moves({ phase: "Running", containerStatuses: [waiting(reason)] }), false);
    assert.equal(
      await moves({ phase: "Pending", initContainerStatuses: [waiting(reason)], containerStatuses: [behind] }),
      false,
    );
  });
}

Deno.test("motion: a pod whose readiness probe has failed as often as it must waits for a person", async () => {
  const cluster = fakeCluster();
  const metadata = { name: "p", namespace: "n", uid: "1" };
  const spec = { containers: [{ name: "c", readinessProbe: { failureThreshold: 2 } }] };
  const containerStatuses = [{ ready: false, state: { running: {} } }];
  cluster.put({ apiVersion: "v1", kind: "Pod", metadata, spec, status: { phase: "Running", containerStatuses } });
  const fail = (count: number, message = "Readiness probe failed: refused") =>
    cluster.put({
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "p.1", namespace: "n" },
      reason: "Unhealthy",
      message,
      count,
      involvedObject: { uid: "1" },
    });
  assert.equal(await isMoving(cluster.objects, "n"), true);
  fail(1);
  assert.equal(await isMoving(cluster.objects, "n"), true);
  fail(5, "Liveness probe failed: refused");
  assert.equal(await isMoving(cluster.objects, "n"), true);
  fail(2);
  assert.equal(await isMoving(cluster.objects, "n"), false);
});

Deno.test("motion: a pod that no node takes, or that is not to be scheduled yet", async () => {
  for (const reason of ["Unschedulable", "SchedulingGated"]) {
    const conditions = [{ type: "PodScheduled", status: "False", reason }];
    assert.equal(await moves({ phase: "Pending", conditions }), false);
  }
});

Deno.test("motion: rest is waited for, but not for ever", async () => {
  const cluster = fakeCluster();
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "n" }, spec: {} };
  cluster.put({ ...pod, status: { phase: "Pending" } });
  assert.equal(await waitForRest(cluster, "n", { limit: 5000 }), false);
  assert.equal(cluster.now(), 5000);
  cluster.at(7000, () => cluster.put({ ...pod, status: { phase: "Succeeded" } }));
  assert.equal(await waitForRest(cluster, "n"), true);
  assert.equal(cluster.now(), 7000);
});
