import assert from "node:assert/strict";
import { runChecks, type RunOptions } from "../../checks/run.ts";
import { ApiError } from "../../cluster/cluster.ts";
import { Problem } from "../../cluster/problem.ts";
import { deployment, type FakeCluster, fakeCluster, pod } from "./fake_cluster.ts";
import { readCheck } from "./read_check.ts";

const AVAILABLE =
  "object: { apiVersion: apps/v1, kind: Deployment, name: web }\ncel: object.status.availableReplicas == 3";

async function verdictOf(cluster: FakeCluster, text: string, options: Partial<RunOptions> = {}) {
  const [result] = await runChecks(cluster, [readCheck(text)], { namespace: "shop", ...options });
  return { ...result, after: cluster.now() };
}

Deno.test("what holds has passed at once", async () => {
  const cluster = fakeCluster();
  cluster.put(deployment("web", 3, 3));
  const { verdict, after } = await verdictOf(cluster, AVAILABLE);
  assert.deepEqual([verdict, after], ["passed", 0]);
});

Deno.test("what comes to hold within the time has passed", async () => {
  const cluster = fakeCluster();
  cluster.put(deployment("web", 3, 1));
  cluster.put(pod("web-1", "Pending"));
  cluster.at(7000, () => {
    cluster.put(deployment("web", 3, 3));
    cluster.put(pod("web-1", "Succeeded"));
  });
  const { verdict, after } = await verdictOf(cluster, AVAILABLE);
  assert.deepEqual([verdict, after], ["passed", 7000]);
});

Deno.test("what does not hold while the cluster moves is not yet so", async () => {
  const cluster = fakeCluster();
  cluster.put(deployment("web", 3, 1));
  cluster.put(pod("web-1", "Pending"));
  const { verdict, after, mismatches } = await verdictOf(cluster, AVAILABLE);
  assert.deepEqual([verdict, after], ["not-yet", 30_000]);
  assert.deepEqual(mismatches, [{
    subject: "Deployment web",
    path: "status.availableReplicas",
    is: 1,
    should: "== 3",
  }]);
});

Deno.test("what does not hold is wrong as soon as the cluster is at rest", async () => {
  const cluster = fakeCluster();
  cluster.put(deployment("web", 2, 2));
  const { verdict, after } = await verdictOf(cluster, AVAILABLE);
  assert.deepEqual([verdict, after], ["wrong", 1500]);
});

Deno.test("a pod that is stuck does not count as moving", async () => {
  const cluster = fakeCluster();
  cluster.put(deployment("web", 3, 2));
  const waiting = { waiting: { reason: "ImagePullBackOff" } };
  cluster.put(pod("web-1", "Pending", { status: { phase: "Pending", containerStatuses: [{ state: waiting }] } }));
  assert.equal((await verdictOf(cluster, AVAILABLE)).verdict, "wrong");
});

Deno.test("a check that says how long it may take is given that long, even at rest", async () => {
  const cluster = fakeCluster();
  cluster.put(deployment("web", 2, 2));
  cluster.at(50_000, () => cluster.put(deployment("web", 3, 3)));
  assert.equal((await verdictOf(cluster, `within: 60\n${AVAILABLE}`)).verdict, "passed");
});

Deno.test("what must hold for a while is watched for that while", async () => {
  const cluster = fakeCluster();
  cluster.put(deployment("web", 3, 3));
  assert.deepEqual([(await verdictOf(cluster, `hold: 5\n${AVAILABLE}`)).verdict, cluster.now()], ["passed", 5000]);

  const shaky = fakeCluster();
  shaky.put(deployment("web", 3, 3));
  shaky.at(3000, () => shaky.put(deployment("web", 3, 2)));
  assert.equal((await verdictOf(shaky, `hold: 5\n${AVAILABLE}`)).verdict, "wrong");
});

Deno.test("a safeguard that does not hold is broken", async () => {
  const safeguard = "role: safeguard\nobject: { apiVersion: v1, kind: Service, name: web }";
  assert.equal((await verdictOf(fakeCluster(), safeguard)).verdict, "safeguard-broken");
});

Deno.test("a safeguard's object must be the one from the start", async () => {
  const cluster = fakeCluster();
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "web", uid: "second" } };
  cluster.put(service);
  const safeguard = "role: safeguard\nobject: { apiVersion: v1, kind: Service, name: web }";
  const originals = (uid: string) => ({ originals: new Map([["Service/web", uid]]) });
  assert.equal((await verdictOf(cluster, safeguard, originals("second"))).verdict, "passed");
  assert.equal((await verdictOf(cluster, safeguard, originals("first"))).verdict, "safeguard-broken");
});

for (
  const trouble of [
    new ApiError(403, "Forbidden", "deployments.apps is forbidden"),
    new Problem("unavailable", { en: "no answer", ko: "응답 없음" }),
  ]
) {
  Deno.test(`the cluster's own trouble is nobody's fault: ${trouble.message}`, async () => {
    const cluster = fakeCluster();
    cluster.breakDown(trouble);
    const { verdict, trouble: told } = await verdictOf(cluster, AVAILABLE);
    assert.equal(verdict, "could-not-check");
    assert.equal(told?.en, trouble.message);
  });
}

Deno.test("a defect of the tool is not hidden as the cluster's trouble", async () => {
  const cluster = fakeCluster();
  cluster.breakDown(new TypeError("undefined is not a function"));
  await assert.rejects(verdictOf(cluster, AVAILABLE), TypeError);
});

Deno.test("what the cluster cannot do is not checkable there", async () => {
  const { verdict } = await verdictOf(fakeCluster(), `requires: [node-shell]\n${AVAILABLE}`);
  assert.equal(verdict, "not-checkable-here");
});

Deno.test("a failing check tells the warnings about its object and what that owns", async () => {
  const cluster = fakeCluster();
  const owned = (kind: string, name: string) => [{ kind, name, uid: `uid-${name}`, controller: true }];
  cluster.put(deployment("web", 3, 2));
  cluster.put({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "web-1", uid: "uid-web-1", generation: 1, ownerReferences: owned("Deployment", "web") },
    spec: { replicas: 3 },
    status: { replicas: 3, observedGeneration: 1 },
  });
  cluster.put({
    ...pod("web-1-a", "Failed"),
    metadata: { name: "web-1-a", uid: "p", ownerReferences: owned("ReplicaSet", "web-1") },
  });
  const event = (name: string, uid: string, type: string, message: string) => ({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name },
    involvedObject: { kind: "Pod", name: "web-1-a", uid },
    type,
    reason: "Failed",
    message,
    count: 4,
  });
  cluster.put(event("a", "p", "Warning", "no such image"));
  cluster.put(event("b", "p", "Normal", "pulling"));
  cluster.put(event("c", "another", "Warning", "something else"));
  const { events } = await verdictOf(cluster, AVAILABLE);
  assert.deepEqual(events, [
    { about: "Pod web-1-a", type: "Warning", reason: "Failed", message: "no such image", count: 4 },
  ]);
});

Deno.test("checks are judged together, each with its own verdict", async () => {
  const cluster = fakeCluster();
  cluster.put(deployment("web", 3, 3));
  const checks = [
    AVAILABLE,
    "object: { apiVersion: v1, kind: Pod, name: none }",
    "object: { apiVersion: v1, kind: Pod, name: none }\nabsent: true",
  ];
  const results = await runChecks(cluster, checks.map(readCheck), { namespace: "shop" });
  assert.deepEqual(results.map(({ verdict }) => verdict), ["passed", "wrong", "passed"]);
});
