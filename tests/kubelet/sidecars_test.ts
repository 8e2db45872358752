/** Init containers that stay: in which order they start and end, and what they mean for their pod. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { oneNode, type TestCluster } from "./cluster.ts";
import { type Container, namedShell as shell, withCluster } from "./containers.ts";
import { recordStates } from "./transcript.ts";

/** One that ends a second after it is asked to. */
const sidecar = (name: string, more: Partial<Container> = {}): Container =>
  shell(name, "trap 'sleep 1; exit 0' TERM; while true; do sleep 1; done", { restartPolicy: "Always", ...more });

function sidecars(name: string, run: (cluster: TestCluster, states: string[]) => Promise<void>): void {
  Deno.test(`sidecars: ${name}`, () =>
    withCluster((cluster) => run(cluster, recordStates(cluster)), { nodes: oneNode }));
}

const condition = async (cluster: TestCluster, type: string) =>
  (await cluster.pod()).status!.conditions!.find((one) => one.type === type)!;

sidecars("they start in order, each when the one before has started", async (cluster, states) => {
  const startupProbe = {
    exec: { command: ["sh", "-c", "test -e /tmp/up || { touch /tmp/up; false; }"] },
    periodSeconds: 2,
  };
  await cluster.run({
    initContainers: [sidecar("first", { startupProbe }), shell("prepare", "sleep 1"), sidecar("second")],
    containers: [shell("app", "sleep 3600")],
  });
  await cluster.advance(1);
  assert.deepEqual(
    (await condition(cluster, "Initialized")).message,
    "containers with incomplete status: [first prepare second]",
  );
  await cluster.advance(20);
  const order = states.map((state) => state.replace(/^\d+s \w+ /, "").replaceAll("PodInitializing", "-"));
  assert.deepEqual([...new Set(order)].filter((state) => state.startsWith("first")), [
    "first=- prepare=- second=- app=-",
    "first=running prepare=- second=- app=-",
    "first=ready prepare=- second=- app=-",
    "first=ready prepare=running second=- app=-",
    "first=ready prepare=Completed second=- app=-",
    "first=ready prepare=Completed second=ready app=-",
    "first=ready prepare=Completed second=ready app=ready",
  ]);
  assert.equal((await condition(cluster, "Initialized")).status, "True");
});

sidecars("they end after the others, the last first", async (cluster) => {
  const ends: string[] = [];
  const seen = new Set<string>();
  await cluster.run({
    initContainers: [sidecar("first"), sidecar("second")],
    containers: [shell("app", "trap 'sleep 2; exit 0' TERM; while true; do sleep 1; done")],
  });
  await cluster.advance(3);
  const { metadata, spec } = await cluster.pod();
  const { runtime } = cluster.kubelets.kubelet(spec!.nodeName!)!.workerOf(metadata.uid!)!;
  await cluster.client.delete(refs.pods, "default", "p");
  for (let i = 0; i < 100; i++) {
    await cluster.advance(0.1);
    for (const { name, state } of runtime.containers) {
      if (state === "exited" && !seen.has(name)) ends.push(name);
      if (state === "exited") seen.add(name);
    }
  }
  assert.deepEqual(ends, ["app", "second", "first"]);
  const killing = (await cluster.events()).filter((event) => event.startsWith("Normal Killing"));
  assert.deepEqual(killing.toSorted(), [
    "Normal Killing: Stopping container app",
    "Normal Killing: Stopping container first",
    "Normal Killing: Stopping container second",
  ]);
});

sidecars("a pod whose work is done ends, and its sidecars with it", async (cluster, states) => {
  await cluster.run({
    restartPolicy: "OnFailure",
    initContainers: [sidecar("side"), { ...sidecar("stubborn"), command: ["sleep", "9999"] }],
    containers: [shell("app", "sleep 2")],
    terminationGracePeriodSeconds: 3,
  });
  await cluster.advance(30);
  const { phase, initContainerStatuses = [], conditions = [] } = (await cluster.pod()).status!;
  assert.equal(phase, "Succeeded", states.join("\n"));
  assert.deepEqual(initContainerStatuses.map(({ state }) => state.terminated?.exitCode), [0, 137]);
  assert.equal(conditions.find(({ type }) => type === "Ready")?.reason, "PodCompleted");
});

sidecars("one that ends is started again, whatever the pod's policy", async (cluster) => {
  await cluster.run({
    restartPolicy: "Never",
    initContainers: [shell("side", "sleep 2; exit 1", { restartPolicy: "Always" })],
    containers: [shell("app", "sleep 3600")],
  });
  await cluster.advance(10);
  const { phase, initContainerStatuses = [] } = (await cluster.pod()).status!;
  assert.equal(phase, "Running");
  assert.ok(initContainerStatuses[0].restartCount >= 1);
  await cluster.advance(60);
  assert.ok(
    (await cluster.events()).some((event) =>
      event.startsWith("Warning BackOff: Back-off restarting failed container side in pod p_default(")
    ),
  );
});

sidecars("one that is not alive is started again", async (cluster) => {
  const livenessProbe = { exec: { command: ["false"] }, periodSeconds: 1, failureThreshold: 1 };
  await cluster.run({
    restartPolicy: "Never",
    initContainers: [sidecar("side", { livenessProbe })],
    containers: [shell("app", "sleep 3600")],
  });
  await cluster.advance(6);
  assert.ok(
    (await cluster.events()).some((event) =>
      event.startsWith("Normal Killing: Init container side failed liveness probe")
    ),
  );
});

sidecars("one that is not ready keeps the pod from being so", async (cluster) => {
  const readinessProbe = { exec: { command: ["false"] }, periodSeconds: 1 };
  await cluster.run({
    initContainers: [sidecar("side", { readinessProbe })],
    containers: [shell("app", "sleep 3600")],
  });
  await cluster.advance(6);
  assert.equal((await condition(cluster, "Ready")).message, "containers with unready status: [side]");
});

sidecars("an init container that fails for good ends the pod, and those before it", async (cluster) => {
  await cluster.run({
    restartPolicy: "Never",
    initContainers: [sidecar("side"), shell("prepare", "sleep 1; exit 7")],
    containers: [shell("app", "sleep 3600")],
  });
  await cluster.advance(30);
  const { phase, initContainerStatuses = [], containerStatuses = [] } = (await cluster.pod()).status!;
  assert.equal(phase, "Failed");
  assert.deepEqual(initContainerStatuses.map(({ state }) => state.terminated?.exitCode), [0, 7]);
  assert.equal(containerStatuses[0].state.waiting?.reason, "PodInitializing");
  assert.equal(
    (await condition(cluster, "Initialized")).message,
    "containers with incomplete status: [side prepare]",
  );
  assert.equal((await condition(cluster, "Ready")).reason, "PodFailed");
});

sidecars("an init container that fails is tried again with growing delays", async (cluster) => {
  await cluster.run({ initContainers: [shell("prepare", "exit 1")], containers: [shell("app", "sleep 3600")] });
  await cluster.advance(25);
  const { phase, initContainerStatuses = [] } = (await cluster.pod()).status!;
  assert.equal(phase, "Pending");
  assert.ok(initContainerStatuses[0].restartCount >= 2);
  assert.ok(
    (await cluster.events()).some((event) =>
      event.startsWith("Warning BackOff: Back-off restarting failed container prepare")
    ),
  );
});
