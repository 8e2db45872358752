/** Nodes that run short, and the pods that have to go. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import type { NodeConfig } from "../../cluster/memory/kubelet/node_config.ts";
import { oneNode, type TestCluster } from "./cluster.ts";
import { type Container, shell, withCluster } from "./containers.ts";

const writer = (megabytes: number, more: Partial<Container> = {}, path = "/big"): Container =>
  shell(`dd if=/dev/zero of=${path} bs=1M count=${megabytes} 2>/dev/null; sleep 3600`, more);

const limit = (storage: string): Partial<Container> => ({ resources: { limits: { "ephemeral-storage": storage } } });

function eviction(
  name: string,
  run: (cluster: TestCluster) => Promise<void>,
  config: Partial<NodeConfig> = {},
): void {
  Deno.test(`eviction: ${name}`, () => withCluster(run, { nodes: [{ ...oneNode[0], ...config }] }));
}

/** A pod's phase, reason and message. */
async function end(cluster: TestCluster, name = "p"): Promise<readonly (string | undefined)[]> {
  const { phase, reason, message } = (await cluster.pod(name)).status!;
  return [phase, reason, message];
}

async function pressure(cluster: TestCluster, type: string): Promise<readonly (string | undefined)[]> {
  const { status } = await cluster.client.get(refs.nodes, undefined, "node01");
  const { status: is, reason, message } = status!.conditions!.find((condition) => condition.type === type)!;
  return [is, reason, message];
}

eviction("a container writes more than its limit", async (cluster) => {
  // The pod's limit is its containers' together: the other's makes room for both.
  await cluster.run({ containers: [writer(12, limit("10Mi")), { ...writer(1, limit("20Mi")), name: "second" }] });
  await cluster.advance(30);
  const message = 'Container app exceeded its local ephemeral storage limit "10Mi". ';
  assert.deepEqual(await end(cluster), ["Failed", "Evicted", message]);
  assert.ok((await cluster.events()).includes(`Warning Evicted: ${message}`));
  // It is the pod's own doing: nothing disturbs it.
  assert.equal((await cluster.pod()).status!.conditions!.some(({ type }) => type === "DisruptionTarget"), false);
});

eviction("a pod writes more than its containers may together", async (cluster) => {
  await cluster.run({ containers: [writer(12, limit("10Mi"))] });
  await cluster.advance(30);
  const message = "Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ";
  assert.deepEqual(await end(cluster), ["Failed", "Evicted", message]);
});

eviction("an emptyDir grows beyond its limit", async (cluster) => {
  await cluster.run({
    volumes: [{ name: "cache", emptyDir: { sizeLimit: "5Mi" } }],
    containers: [writer(6, { volumeMounts: [{ name: "cache", mountPath: "/cache" }] }, "/cache/big")],
  });
  await cluster.advance(30);
  const message = 'Usage of EmptyDir volume "cache" exceeds the limit "5Mi". ';
  assert.deepEqual(await end(cluster), ["Failed", "Evicted", message]);
});

eviction("who keeps within its limits stays", async (cluster) => {
  await cluster.run({
    volumes: [{ name: "cache", emptyDir: { sizeLimit: "10Mi" } }],
    containers: [writer(8, { ...limit("10Mi"), volumeMounts: [{ name: "cache", mountPath: "/cache" }] }, "/cache/big")],
  });
  await cluster.advance(30);
  assert.equal((await cluster.pod()).status!.phase, "Running");
});

eviction("too little disk ends the pod that uses most of it", async (cluster) => {
  await cluster.run({ containers: [writer(40)] }, { name: "greedy" });
  await cluster.run({ containers: [writer(1)] }, { name: "modest" });
  await cluster.advance(25);
  const [phase, reason, message] = await end(cluster, "greedy");
  assert.deepEqual([phase, reason], ["Failed", "Evicted"]);
  assert.match(
    message!,
    /^The node was low on resource: ephemeral-storage\. Threshold quantity: \d+\w*, available: \d+\w*\. Container app was using 40964Ki, request is 0, has larger consumption of ephemeral-storage\. $/,
  );
  const { conditions } = (await cluster.pod("greedy")).status!;
  assert.equal(conditions!.find(({ type }) => type === "DisruptionTarget")?.reason, "TerminationByKubelet");
  assert.equal((await cluster.pod("modest")).status?.phase, "Running");
  assert.deepEqual(await pressure(cluster, "DiskPressure"), [
    "True",
    "KubeletHasDiskPressure",
    "kubelet has disk pressure",
  ]);
  const events = (await cluster.events("node01")).map((event) => event.replace(/ \(x\d+\)$/, ""));
  assert.ok(events.includes("Warning EvictionThresholdMet: Attempting to reclaim ephemeral-storage"));
  assert.ok(events.includes("Normal NodeHasDiskPressure: Node node01 status is now: NodeHasDiskPressure"));

  await cluster.run({ nodeName: "node01", containers: [writer(1)] }, { name: "late" });
  await cluster.advance(1);
  const why = "The node had condition: [DiskPressure]. ";
  assert.deepEqual(await end(cluster, "late"), ["Failed", "Evicted", `Pod was rejected: ${why}`]);
  assert.deepEqual(await cluster.events("late"), [`Warning Evicted: ${why}`]);

  await cluster.advance(400);
  assert.deepEqual(await pressure(cluster, "DiskPressure"), [
    "False",
    "KubeletHasNoDiskPressure",
    "kubelet has no disk pressure",
  ]);
  const after = await cluster.events("node01");
  assert.ok(after.includes("Normal NodeHasNoDiskPressure: Node node01 status is now: NodeHasNoDiskPressure"));
}, { capacity: { "ephemeral-storage": "60Mi" }, evictionHard: { "imagefs.available": "20%" } });

eviction("unused images go before any pod", async (cluster) => {
  const images = () => cluster.kubelets.context("node01")!.images.images.map(({ name }) => name);
  assert.ok(images().length > 3);
  await cluster.run({ containers: [writer(1)] });
  await cluster.advance(25);
  assert.deepEqual(images(), ["docker.io/library/busybox:1.36"]);
  assert.equal((await cluster.pod()).status?.phase, "Running");
}, { capacity: { "ephemeral-storage": "200Mi" } });

eviction("too many processes", async (cluster) => {
  const many = { ...writer(1), command: ["sh", "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 3600 & done; wait"] };
  await cluster.run({ containers: [many] }, { name: "greedy" });
  await cluster.run({ containers: [writer(1)] }, { name: "modest" });
  await cluster.advance(25);
  const [phase, reason, message] = await end(cluster, "greedy");
  assert.deepEqual([phase, reason], ["Failed", "Evicted"]);
  assert.match(message!, /^The node was low on resource: pids\. Threshold quantity: 32610, available: 325\d\d\. $/);
  assert.equal((await cluster.pod("modest")).status?.phase, "Running");
  assert.deepEqual(await pressure(cluster, "PIDPressure"), [
    "True",
    "KubeletHasInsufficientPID",
    "kubelet has insufficient PID available",
  ]);
}, { evictionHard: { "pid.available": "32610" } });

eviction("under memory pressure, only who asked for nothing is turned away", async (cluster) => {
  await cluster.run({
    containers: [{ name: "app", image: "polinux/stress", command: ["stress", "--vm", "1", "--vm-bytes", "2G"] }],
  });
  await cluster.advance(20);
  assert.equal((await cluster.pod()).status?.reason, "Evicted");
  assert.deepEqual((await pressure(cluster, "MemoryPressure"))[0], "True");
  const nginx = { name: "app", image: "nginx:1.27" };
  await cluster.run({ nodeName: "node01", containers: [nginx] }, { name: "best-effort" });
  const resources = { requests: { memory: "64Mi" } };
  await cluster.run({ nodeName: "node01", containers: [{ ...nginx, resources }] }, { name: "burstable" });
  const tolerations = [{ key: "node.kubernetes.io/memory-pressure", operator: "Exists" }];
  await cluster.run({ nodeName: "node01", tolerations, containers: [nginx] }, { name: "tolerant" });
  await cluster.advance(2);
  assert.deepEqual((await end(cluster, "best-effort")).slice(0, 2), ["Failed", "Evicted"]);
  assert.equal((await cluster.pod("burstable")).status?.phase, "Running");
  assert.equal((await cluster.pod("tolerant")).status?.phase, "Running");
}, { capacity: { memory: "1Gi" } });
