/** Watching the work: every change of the cluster is noticed, and the work judged at once. */
import assert from "node:assert/strict";
import { readCheck } from "../checks/read_check.ts";
import { deployment, fakeCluster, pod } from "../checks/fake_cluster.ts";
import { inProcessCluster } from "../../cluster/in_process.ts";
import { judgeNow } from "../../exercises/judge_now.ts";
import { watchedKinds, watchWork } from "../../exercises/watch.ts";
import { withExercise, withResults } from "../../exercises/progress.ts";

// The official client's HTTP library keeps a timer for its own purposes.
const options = { sanitizeOps: false, sanitizeResources: false };

const MAP = { apiVersion: "v1", kind: "ConfigMap", name: "settings" };
const check = readCheck(`object: ${JSON.stringify(MAP)}\nwithin: 60`);

Deno.test("every kind that a check looks at is watched once, and pods", () => {
  const other = readCheck("object: { apiVersion: v1, kind: ConfigMap, name: other, namespace: far }");
  assert.deepEqual(watchedKinds({ checks: [check, check, other], namespace: "shop" }), [
    { apiVersion: "v1", kind: "Pod", namespace: "shop" },
    { apiVersion: "v1", kind: "ConfigMap", namespace: "shop" },
    { apiVersion: "v1", kind: "ConfigMap", namespace: "far" },
  ]);
});

Deno.test("a change is noticed through the API", options, async () => {
  await using cluster = await inProcessCluster();
  const ending = new AbortController();
  let noticed = () => {};
  const watching = watchWork(cluster, { checks: [check], namespace: "default" }, () => noticed(), ending.signal);
  const change = new Promise<void>((resolve) => noticed = resolve);
  await cluster.objects.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "default" },
  });
  await change;
  const scope = { checks: [check], namespace: "default" };
  const [result] = await judgeNow(cluster, scope, { originals: new Map() });
  assert.equal(result.verdict, "passed");
  ending.abort();
  await watching;
});

Deno.test("judging now does not wait, whatever a check allows", async () => {
  const cluster = fakeCluster();
  const scope = { checks: [check], namespace: "shop" };
  assert.equal((await judgeNow(cluster, scope, { originals: new Map() }))[0].verdict, "wrong");
  cluster.put(pod("web", "Pending"));
  assert.equal((await judgeNow(cluster, scope, { originals: new Map() }))[0].verdict, "not-yet");
  assert.equal(cluster.now(), 0);
});

Deno.test("the time that the first pass took is kept", async () => {
  const cluster = fakeCluster();
  const begun = withExercise({ exercises: {} }, "it", { started: "2026-01-01T00:00:00Z" });
  const one = readCheck("object: { apiVersion: apps/v1, kind: Deployment, name: web }");
  const judged = () => judgeNow(cluster, { checks: [one], namespace: "shop" }, { originals: new Map() });
  const failed = withResults(begun, "it", await judged(), Date.parse("2026-01-01T00:01:00Z"));
  assert.deepEqual([failed.exercises.it.attempts, failed.exercises.it.seconds], [1, undefined]);
  cluster.put(deployment("web", 1, 1));
  const passed = withResults(failed, "it", await judged(), Date.parse("2026-01-01T00:02:00Z"));
  assert.deepEqual([passed.exercises.it.passed, passed.exercises.it.seconds], [true, 120]);
  const again = withResults(passed, "it", await judged(), Date.parse("2026-01-01T00:09:00Z"));
  assert.equal(again.exercises.it.seconds, 120);
});
