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
    (await cluster.events()).includes("Normal Killing: Container app resize requires restart, will be restarted"),
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
