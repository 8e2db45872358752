/** The scheduler at work: events, conditions, preemption, gates, profiles and the same choices every time. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import type { Partially } from "../../cluster/memory/kinds/object.ts";
import type { Node, Pod, PodDisruptionBudget } from "../../cluster/memory/kinds/schema/types.ts";
import type { Plugin } from "../../cluster/memory/scheduler/framework/plugin.ts";
import { type TestCluster, testCluster, type TestClusterOptions } from "../kubelet/cluster.ts";

async function withCluster(run: (cluster: TestCluster) => Promise<void>, options?: TestClusterOptions): Promise<void> {
  const cluster = await testCluster(options);
  try {
    await run(cluster);
  } finally {
    cluster.stop();
  }
}

const asking = (cpu: string): Partially<Pod["spec"]> => ({
  containers: [{ name: "app", image: "nginx:1.27", resources: { requests: { cpu } } }],
});
const scheduled = async (cluster: TestCluster, name = "p") =>
  (await cluster.pod(name)).status!.conditions!.find(({ type }) => type === "PodScheduled")!;
const changeNode = async ({ client }: TestCluster, name: string, spec: Partial<NonNullable<Node["spec"]>>) => {
  const node = await client.get<Node>(refs.nodes, undefined, name);
  await client.update(refs.nodes, { ...node, spec: { ...node.spec, ...spec } });
};
const notHelpful =
  "no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for " +
  "scheduling.";

Deno.test("scheduler: a pod that fits nowhere says so, and is placed when it does", () =>
  withCluster(async (cluster) => {
    for (const name of ["node01", "node02"]) await changeNode(cluster, name, { unschedulable: true });
    await cluster.run(asking("1"));
    await cluster.clock.settle();
    const message = `0/2 nodes are available: 2 node(s) were unschedulable. ${notHelpful}`;
    const { status, reason, message: said } = await scheduled(cluster);
    assert.deepEqual([status, reason, said], ["False", "Unschedulable", message]);
    await changeNode(cluster, "node02", { unschedulable: false });
    await cluster.clock.settle();
    assert.equal((await cluster.pod()).spec!.nodeName, "node02");
    assert.equal((await scheduled(cluster)).status, "True");
    assert.deepEqual((await cluster.events()).slice(0, 2), [
      `Warning FailedScheduling: ${message}`,
      "Normal Scheduled: Successfully assigned default/p to node02",
    ]);
  }));

Deno.test("scheduler: room that a deleted pod leaves is used", () =>
  withCluster(async (cluster) => {
    for (const name of ["a", "b"]) await cluster.run(asking("1500m"), { name });
    await cluster.clock.settle();
    await cluster.run(asking("1"), { name: "c" });
    await cluster.clock.settle();
    const noVictims =
      "no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for " +
      "incoming pod.";
    assert.equal((await scheduled(cluster, "c")).message, `0/2 nodes are available: 2 Insufficient cpu. ${noVictims}`);
    await cluster.client.delete(refs.pods, "default", "a");
    await cluster.clock.settle();
    assert.equal((await cluster.pod("c")).status?.phase, "Running");
  }));

Deno.test("scheduler: an important pod takes the place of a less important one", () =>
  withCluster(async (cluster) => {
    await cluster.client.create(refs.priorityClasses, { metadata: { name: "high" }, value: 1000 });
    for (const name of ["low-a", "low-b"]) await cluster.run(asking("1500m"), { name });
    await cluster.clock.settle();
    const low = await cluster.client.list<Pod>(refs.pods);
    const nodes = new Map(low.items.map(({ metadata, spec }) => [metadata.name, spec!.nodeName]));
    await cluster.run({ ...asking("1500m"), priorityClassName: "high" }, { name: "high" });
    await cluster.advance(1);
    await cluster.clock.settle();
    const high = await cluster.pod("high");
    assert.equal(high.status?.phase, "Running");
    assert.equal(high.status?.nominatedNodeName, undefined);
    assert.equal(
      (await cluster.events("high"))[0],
      "Warning FailedScheduling: 0/2 nodes are available: 2 Insufficient cpu.",
    );
    const [victim] = ["low-a", "low-b"].filter((name) => nodes.get(name) === high.spec!.nodeName);
    const events = await cluster.events(victim);
    assert.ok(
      events.includes(`Normal Preempted: Preempted by pod ${high.metadata.uid} on node ${high.spec!.nodeName}`),
    );
    const told = (await cluster.client.list(refs.events)).items.find(({ reason }) => reason === "Preempted");
    assert.equal(told?.related, undefined);
  }));

Deno.test("scheduler: a pod that a budget keeps is spared where another will do", () =>
  withCluster(async (cluster) => {
    await cluster.client.create(refs.priorityClasses, { metadata: { name: "high" }, value: 1000 });
    await cluster.run(asking("1500m"), { name: "kept", labels: { app: "kept" } });
    await cluster.run(asking("1500m"), { name: "other" });
    const budget: Partially<PodDisruptionBudget> = {
      metadata: { name: "kept", namespace: "default" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "kept" } } },
    };
    await cluster.client.create(refs.podDisruptionBudgets, budget);
    await cluster.clock.settle();
    await cluster.run({ ...asking("1500m"), priorityClassName: "high" }, { name: "high" });
    await cluster.clock.settle();
    assert.equal((await cluster.pod("kept")).status?.phase, "Running");
    await assert.rejects(cluster.pod("other"), /not found/);
  }));

Deno.test("scheduler: a pod that may not preempt waits", () =>
  withCluster(async (cluster) => {
    const never = { metadata: { name: "polite" }, value: 1000, preemptionPolicy: "Never" };
    await cluster.client.create(refs.priorityClasses, never);
    for (const name of ["a", "b"]) await cluster.run(asking("1500m"), { name });
    await cluster.run({ ...asking("1500m"), priorityClassName: "polite" }, { name: "c" });
    await cluster.clock.settle();
    const why = "no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.";
    assert.equal((await scheduled(cluster, "c")).message, `0/2 nodes are available: 2 Insufficient cpu. ${why}`);
  }));

Deno.test("scheduler: a gated pod is not tried until its gates are gone", () =>
  withCluster(async (cluster) => {
    const pod = await cluster.run({ ...asking("1"), schedulingGates: [{ name: "example.com/wait" }] });
    await cluster.clock.settle();
    assert.equal((await cluster.pod()).spec!.nodeName, undefined);
    assert.deepEqual(await cluster.events(), []);
    const { schedulingGates: _, ...spec } = (await cluster.pod()).spec!;
    await cluster.client.update(refs.pods, { ...(await cluster.pod()), spec });
    await cluster.clock.settle();
    assert.equal((await cluster.pod()).status?.phase, "Running");
    assert.equal(pod.spec!.schedulingGates?.length, 1);
  }));

Deno.test("scheduler: a pod whose volume is still to be made says where it is going to be", () =>
  withCluster(async (cluster) => {
    const { client, clock } = cluster;
    await client.create(refs.storageClasses, {
      metadata: { name: "disks" },
      provisioner: "example.com/disks",
      volumeBindingMode: "WaitForFirstConsumer",
    });
    await client.create(refs.persistentVolumeClaims, {
      metadata: { name: "data", namespace: "default" },
      spec: {
        storageClassName: "disks",
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
      },
    });
    const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
    await cluster.run({ ...asking("1"), volumes });
    await clock.quiet();
    const { spec, status } = await cluster.pod();
    const { metadata } = await client.get(refs.persistentVolumeClaims, "default", "data");
    assert.equal(spec!.nodeName, undefined);
    assert.equal(status?.nominatedNodeName, metadata.annotations?.["volume.kubernetes.io/selected-node"]);
    assert.match(status?.nominatedNodeName ?? "", /^node0[12]$/);
  }));

Deno.test("scheduler: each pod has the scheduler that it asks for", () =>
  withCluster(async (cluster) => {
    await changeNode(cluster, "node01", { taints: [{ key: "app", effect: "NoSchedule" }] });
    await changeNode(cluster, "node02", { taints: [{ key: "app", effect: "NoSchedule" }] });
    await cluster.run({ ...asking("1"), schedulerName: "bold" }, { name: "bold" });
    await cluster.run({ ...asking("1"), schedulerName: "nobody" }, { name: "nobody" });
    await cluster.clock.settle();
    assert.notEqual((await cluster.pod("bold")).spec!.nodeName, undefined);
    assert.equal((await cluster.pod("nobody")).status?.conditions, undefined);
  }, {
    profiles: [{ schedulerName: "default-scheduler" }, { schedulerName: "bold", disabled: ["TaintToleration"] }],
  }));

Deno.test("scheduler: a plugin that throws is reported, and the pod is tried again", () =>
  withCluster(async (cluster) => {
    let bugs = 2;
    const broken: Plugin = {
      name: "Broken",
      filter() {
        if (bugs-- > 0) throw new Error("there is no such field");
        return undefined;
      },
    };
    const { plugins } = cluster.scheduler.profileOf({ metadata: {} } as Pod)!;
    (plugins as Plugin[]).push(broken);
    await cluster.run(asking("1"));
    await cluster.clock.quiet();
    const { status, reason, message } = await scheduled(cluster);
    assert.deepEqual([status, reason, message], ["False", "SchedulerError", "there is no such field"]);
    assert.equal(await cluster.clock.settle(), true);
    assert.equal((await cluster.pod()).status?.phase, "Running");
    const reports = cluster.reports.splice(0);
    assert.equal(reports.length, 2);
    assert.ok(reports.every((report) => report.startsWith("scheduler: Error: there is no such field")), reports[0]);
  }));

Deno.test("scheduler: the same seed gives the same placement", async () => {
  const places = async (seed: number) => {
    const found: string[] = [];
    await withCluster(async (cluster) => {
      for (let i = 0; i < 8; i++) {
        await cluster.run({ containers: [{ name: "c", image: "nginx:1.27" }] }, { name: `p${i}` });
      }
      await cluster.clock.settle();
      for (let i = 0; i < 8; i++) found.push((await cluster.pod(`p${i}`)).spec!.nodeName!);
    }, { seed });
    return found.join();
  };
  assert.equal(await places(1), await places(1));
});
