/** Resizing pods that run: in place, by a new start, and later when the node is full. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import type { Pod } from "../../cluster/memory/kinds/schema/types.ts";
import { type TestCluster, testCluster } from "./cluster.ts";

const nginx = (cpu: string, more = {}) => ({
  name: "app",
  image: "nginx:1.27",
  resources: { requests: { cpu } },
  ...more,
});

async function resize({ client }: TestCluster, name: string, cpu: string): Promise<void> {
  const body = { spec: { containers: [{ name: "app", resources: { requests: { cpu } } }] } };
  await client.patch<Pod>(refs.pods, "default", name, { type: "strategic", body, subresource: "resize" });
}

const container = async (cluster: TestCluster, name = "p") => (await cluster.pod(name)).status!.containerStatuses![0];

Deno.test("resize: more of the node is given in place", async () => {
  const cluster = await testCluster();
  await cluster.run({ containers: [nginx("100m")] });
  await cluster.clock.settle();
  const before = await container(cluster);
  await resize(cluster, "p", "200m");
  await cluster.clock.settle();
  const after = await container(cluster);
  assert.equal(after.containerID, before.containerID);
  assert.deepEqual(after.resources, { requests: { cpu: "200m" } });
  assert.deepEqual(after.allocatedResources, { cpu: "200m" });
  const resources = '{"containers":[{"name":"app","resources":{"requests":{"cpu":"200m"}}}],"generation":2}';
  assert.deepEqual((await cluster.events()).slice(-2), [
    `Normal ResizeStarted: Pod resize started: ${resources}`,
    `Normal ResizeCompleted: Pod resize completed: ${resources}`,
  ]);
  assert.equal((await cluster.pod()).status!.conditions!.some(({ type }) => type.startsWith("PodResize")), false);
  cluster.stop();
});

Deno.test("resize: a container that wants it so is started anew", async () => {
  const cluster = await testCluster();
  const resizePolicy = [{ resourceName: "cpu", restartPolicy: "RestartContainer" }];
  await cluster.run({ containers: [nginx("100m", { resizePolicy })] });
  await cluster.clock.settle();
  await resize(cluster, "p", "200m");
  await cluster.clock.settle();
  const { restartCount, resources } = await container(cluster);
  assert.equal(restartCount, 1);
  assert.deepEqual(resources, { requests: { cpu: "200m" } });
  assert.ok(
    (await cluster.events()).includes("Normal Killing: Container app resize requires restart"),
  );
  cluster.stop();
});

Deno.test("resize: what the node does not have is given when it has", async () => {
  const cluster = await testCluster();
  await cluster.run({ nodeName: "node01", containers: [nginx("500m")] });
  await cluster.run({ nodeName: "node01", containers: [nginx("1")] }, { name: "q" });
  await cluster.clock.settle();
  await resize(cluster, "p", "1500m");
  await cluster.advance(5);
  const pending = (await cluster.pod()).status!.conditions!.find(({ type }) => type === "PodResizePending")!;
  assert.equal(pending.reason, "Deferred");
  assert.equal(pending.message, "Node didn't have enough resource: cpu, requested: 1500, used: 1000, capacity: 2000");
  assert.deepEqual((await container(cluster)).resources, { requests: { cpu: "500m" } });
  await cluster.client.delete(refs.pods, "default", "q");
  await cluster.advance(150);
  assert.deepEqual((await container(cluster)).resources, { requests: { cpu: "1500m" } });
  cluster.stop();
});

const stress = (limit: string) => ({
  name: "app",
  image: "polinux/stress",
  command: ["stress", "--vm", "1", "--vm-bytes", "100M"],
  resources: { limits: { memory: limit } },
});

async function resizeMemory({ client }: TestCluster, memory: string): Promise<void> {
  const resources = { limits: { memory }, requests: { memory } };
  const body = { spec: { containers: [{ name: "app", resources }] } };
  await client.patch<Pod>(refs.pods, "default", "p", { type: "strategic", body, subresource: "resize" });
}

Deno.test("resize: memory that is in use is not taken away", async () => {
  const cluster = await testCluster();
  await cluster.run({ containers: [stress("200Mi")] });
  await cluster.advance(5);
  await resizeMemory(cluster, "50Mi");
  // The failure is told with the next turn.
  await cluster.advance(20);
  const { conditions, containerStatuses } = (await cluster.pod()).status!;
  const { status, reason, message, observedGeneration } = conditions!.find(({ type }) =>
    type === "PodResizeInProgress"
  )!;
  assert.deepEqual([status, reason, observedGeneration], ["True", "Error", 2]);
  assert.match(
    message!,
    /^cannot decrease memory limits: \[attempting to set pod memory limit \(52428800\) below current usage \(\d+\), attempting to set container "app" memory limit \(52428800\) below current usage \(\d+\)\]$/,
  );
  assert.equal(containerStatuses![0].resources?.limits?.memory, "200Mi");
  assert.ok(containerStatuses![0].state.running !== undefined);
  const errors = (await cluster.events()).filter((event) =>
    event.startsWith("Warning ResizeError: Pod resize error: ")
  );
  assert.equal(errors.length, 1);
  await resizeMemory(cluster, "150Mi");
  await cluster.advance(20);
  const after = (await cluster.pod()).status!;
  assert.equal(after.containerStatuses![0].resources?.limits?.memory, "150Mi");
  assert.equal(after.conditions!.some(({ type }) => type === "PodResizeInProgress"), false);
  cluster.stop();
});

Deno.test("resize: the new limit counts", async () => {
  const cluster = await testCluster();
  const script = "sleep 30; x=a; while true; do x=$x$x; done";
  const resources = { limits: { memory: "20Mi" } };
  await cluster.run({
    restartPolicy: "Never",
    containers: [{ name: "app", image: "busybox:1.36", command: ["sh", "-c", script], resources }],
  });
  await cluster.advance(5);
  await resizeMemory(cluster, "40Mi");
  await cluster.advance(5);
  assert.deepEqual((await container(cluster)).resources?.limits, { memory: "40Mi" });
  await cluster.advance(60);
  assert.equal((await container(cluster)).state.terminated?.reason, "OOMKilled");
  cluster.stop();
});

Deno.test("resize: what the pod has as a whole", async () => {
  const cluster = await testCluster();
  await cluster.run({ resources: { requests: { cpu: "200m" } }, containers: [{ name: "app", image: "nginx:1.27" }] });
  await cluster.clock.settle();
  const body = { spec: { resources: { requests: { cpu: "400m" } } } };
  await cluster.client.patch<Pod>(refs.pods, "default", "p", { type: "strategic", body, subresource: "resize" });
  await cluster.clock.settle();
  const { allocatedResources, resources } = (await cluster.pod()).status!;
  assert.deepEqual([allocatedResources, resources], [{ cpu: "400m" }, { requests: { cpu: "400m" } }]);
  const events = (await cluster.events()).slice(-2).map((event) => event.split(":")[0]);
  assert.deepEqual(events, ["Normal ResizeStarted", "Normal ResizeCompleted"]);
  cluster.stop();
});

Deno.test("resize: what a pod was said to request of memory stays said", async () => {
  const cluster = await testCluster();
  const resources = { requests: { memory: "32Mi" }, limits: { memory: "64Mi" } };
  await cluster.run({ containers: [{ name: "app", image: "nginx:1.27", resources }] });
  await cluster.clock.settle();
  const wanted = { requests: { memory: "48Mi" }, limits: { memory: "96Mi" } };
  const body = { spec: { containers: [{ name: "app", resources: wanted }] } };
  await cluster.client.patch<Pod>(refs.pods, "default", "p", { type: "strategic", body, subresource: "resize" });
  await cluster.clock.settle();
  assert.deepEqual((await container(cluster)).resources, wanted);
  const { resources: whole, allocatedResources } = (await cluster.pod()).status!;
  assert.deepEqual(whole, { limits: { memory: "96Mi" }, requests: { memory: "32Mi" } });
  assert.deepEqual(allocatedResources, { memory: "48Mi" });
  cluster.stop();
});
