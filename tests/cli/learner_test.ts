/** A learner's way through an exercise, as typed. */
import assert from "node:assert/strict";
import { newPerson } from "./drydock.ts";

// The official client's HTTP library keeps a timer for its own purposes.
const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test("from the first command to the next exercise", options, async () => {
  const { drydock, drydockWith } = await newPerson();
  try {
    assert.match((await drydock()).stdout, /0 of \d+ exercises passed\nBegin with `drydock next`/);

    await drydock("up", "--speed", "50");
    const start = await drydock("start", "pod-run");
    assert.equal(start.code, 0, start.stderr);
    assert.match(start.stderr, /Cluster: the memory cluster drydock \(it is running\)/);
    assert.match(start.stdout, /Run a Pod called `web`/);
    assert.match(start.stdout, /export KUBECONFIG=.*\n.*use-context drydock\n.*--namespace=pod-run/);

    const check = await drydock("check");
    assert.equal(check.code, 1);
    assert.match(check.stdout, /✗ 0\/2 .* — wrong\n\s+Pod web: does not exist/);
    assert.match(check.stdout, /Not passed: 0 of 4 points/);

    assert.match((await drydock("hint")).stdout, /kubectl run --help/);
    const again = await drydock("hint");
    assert.match(again.stderr, /no more hints/);
    assert.match(again.stdout, /^- .*kubectl run --help/);
    assert.match((await drydockWith(["solution"], { env: { LC_ALL: "ko_KR.UTF-8" } })).stderr, /정답 예시/);
    assert.match((await drydock()).stdout, /You are at pod-run: Run a Pod/);

    await applySolution((await drydock("start", "pod-run", "--json")).stdout);
    const passed = await drydock("check", "--json");
    assert.equal(passed.code, 0, passed.stdout);
    assert.deepEqual(JSON.parse(passed.stdout).points, { earned: 4, possible: 4, open: 0 });

    assert.match((await drydock("progress")).stdout, /1 of \d+ exercises passed/);
    assert.match((await drydock("list")).stdout, /✓ pod-run .*\(passed\)/);
    assert.match((await drydock("list", "--topic", "helm")).stdout, /^Helm\n +not checkable here: it needs helm\n$/);
    const next = await drydockWith(["next"], { env: { LC_ALL: "ko_KR.UTF-8" } });
    assert.match(next.stdout, /볼륨을 공유하는 컨테이너 두 개 \(pod-two-containers\)/);

    assert.equal((await drydock("reset", "pod-run")).code, 0);
    assert.equal((await drydock("check", "pod-run")).code, 1);
    const cleaned = await drydock("cleanup", "--json");
    assert.deepEqual(JSON.parse(cleaned.stdout).removed.sort(), ["Namespace pod-run", "Namespace pod-two-containers"]);
    assert.match((await drydock("check", "pod-run")).stderr, /not set up on this cluster/);
  } finally {
    await drydock("down", "--all");
  }
});

/** Does what the exercise asks for, as another client would. */
async function applySolution(started: string) {
  const { kubeconfig: { path }, namespace } = JSON.parse(started);
  const { KubeConfig, CoreV1Api } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromFile(path);
  await config.makeApiClient(CoreV1Api).createNamespacedPod({
    namespace,
    body: {
      metadata: { name: "web", labels: { tier: "frontend" } },
      spec: { containers: [{ name: "web", image: "nginx:1.27", ports: [{ containerPort: 80 }] }] },
    },
  });
}
