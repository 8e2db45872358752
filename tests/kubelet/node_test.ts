/** Nodes: their heartbeats, memory pressure, and being lost and found. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import type { Lease, Node } from "../../cluster/memory/kinds/schema/types.ts";
import { type TestCluster, testCluster } from "./cluster.ts";

const lease = ({ client }: TestCluster, node: string) => client.get<Lease>(refs.leases, "kube-node-lease", node);
const condition = async ({ client }: TestCluster, node: string, type: string) =>
  (await client.get<Node>(refs.nodes, undefined, node)).status!.conditions!.find((each) => each.type === type)!;

Deno.test("nodes: the lease is renewed every ten seconds, and that keeps no cluster from settling", async () => {
  const cluster = await testCluster();
  const start = cluster.clock.now();
  await cluster.advance(35);
  assert.equal((await lease(cluster, "node01")).spec?.renewTime, "2026-01-01T00:00:30.000000Z");
  assert.equal(await cluster.clock.settle(), true);
  assert.equal(cluster.clock.now(), start + 35_000);
  cluster.stop();
});

Deno.test("nodes: a lost node is silent, and what happens to its pods waits", async () => {
  const cluster = await testCluster();
  await cluster.run({ nodeName: "node01", containers: [{ name: "app", image: "nginx:1.27" }] });
  await cluster.clock.settle();
  cluster.kubelets.loseNode("node01");
  await cluster.advance(60);
  assert.equal((await lease(cluster, "node01")).spec?.renewTime, "2026-01-01T00:00:00.000000Z");
  await cluster.client.delete(refs.pods, "default", "p");
  await cluster.advance(60);
  assert.notEqual((await cluster.pod()).metadata.deletionTimestamp, undefined);
  await cluster.kubelets.restoreNode("node01");
  await cluster.clock.settle();
  await assert.rejects(cluster.pod(), /not found/);
  await cluster.advance(10);
  assert.notEqual((await lease(cluster, "node01")).spec?.renewTime, "2026-01-01T00:00:00.000000Z");
  cluster.stop();
});

Deno.test("nodes: what happens on a lost node is known when it is back", async () => {
  const cluster = await testCluster();
  const script = "sleep 30; exit 4";
  await cluster.run({
    nodeName: "node01",
    restartPolicy: "Never",
    containers: [{ name: "app", image: "busybox:1.36", command: ["sh", "-c", script] }],
  });
  await cluster.advance(5);
  cluster.kubelets.loseNode("node01");
  await cluster.advance(60);
  // Its container has ended long ago.
  assert.equal((await cluster.pod()).status?.phase, "Running");
  await cluster.kubelets.restoreNode("node01");
  await cluster.advance(2);
  const { phase, containerStatuses } = (await cluster.pod()).status!;
  assert.deepEqual([phase, containerStatuses![0].state.terminated?.exitCode], ["Failed", 4]);
  cluster.stop();
});

Deno.test("nodes: too little memory ends the pod that uses most beyond what it asked for", async () => {
  const cluster = await testCluster();
  const stress = (bytes: string, requests: Record<string, string>) => ({
    nodeName: "node01",
    containers: [{
      name: "app",
      image: "polinux/stress",
      command: ["stress", "--vm", "1", "--vm-bytes", bytes],
      resources: { requests },
    }],
  });
  await cluster.run(stress("2G", { memory: "2Gi" }), { name: "modest" });
  await cluster.run(stress("2G", {}), { name: "greedy" });
  await cluster.advance(30);
  const { phase, reason, message, conditions } = (await cluster.pod("greedy")).status!;
  assert.deepEqual([phase, reason], ["Failed", "Evicted"]);
  assert.match(
    message!,
    /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: 0\. Container app was using \d+Ki, request is 0, has larger consumption of memory\. $/,
  );
  assert.equal(conditions!.find(({ type }) => type === "DisruptionTarget")?.reason, "TerminationByKubelet");
  assert.equal((await cluster.pod("modest")).status?.phase, "Running");
  assert.equal((await condition(cluster, "node01", "MemoryPressure")).reason, "KubeletHasInsufficientMemory");
  await cluster.advance(330);
  assert.equal((await condition(cluster, "node01", "MemoryPressure")).status, "False");
  cluster.stop();
});

Deno.test("nodes: being cordoned is told by its kubelet", async () => {
  const cluster = await testCluster();
  for (const unschedulable of [true, false]) {
    await cluster.client.patch(refs.nodes, undefined, "node01", { type: "merge", body: { spec: { unschedulable } } });
    await cluster.advance(11);
  }
  assert.deepEqual(await cluster.events("node01"), [
    "Normal NodeNotSchedulable: Node node01 status is now: NodeNotSchedulable",
    "Normal NodeSchedulable: Node node01 status is now: NodeSchedulable",
  ]);
  cluster.stop();
});

Deno.test("nodes: they tell which runtimes and features they have", async () => {
  const cluster = await testCluster();
  const { status } = await cluster.client.get<Node>(refs.nodes, undefined, "node01");
  assert.deepEqual(status!.runtimeHandlers!.map(({ name }) => name), ["", "runc"]);
  assert.ok(status!.declaredFeatures!.includes("InPlacePodVerticalScalingInitContainers"));
  cluster.stop();
});
