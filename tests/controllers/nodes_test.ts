import assert from "node:assert/strict";
import { type Harness, startHarness } from "./harness.ts";
import { leases, nodes, pods } from "../../cluster/memory/api/kind_refs.ts";
import { microTime, timestamp } from "../../cluster/memory/api/timestamps.ts";
import { controllerNames } from "../../cluster/memory/controllers/mod.ts";
import { pod } from "./objects.ts";

const merge = (body: unknown) => ({ type: "merge" as const, body });

/** Both nodes renew their leases until the harness is told that one stopped. */
async function beating(): Promise<{ harness: Harness; dead: Set<string> }> {
  const harness = await startHarness({ names: controllerNames });
  const { client, clock } = harness;
  const dead = new Set<string>();
  const beat = async () => {
    for (const name of ["node-1", "node-2"]) {
      if (dead.has(name)) continue;
      const renewTime = microTime(clock.now());
      const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime };
      await client.patch(leases, "kube-node-lease", name, merge({ spec }))
        .catch(() => client.create(leases, { metadata: { name, namespace: "kube-node-lease" }, spec }));
    }
    clock.after(10_000, () => void clock.track(beat()), { background: true });
  };
  await beat();
  await harness.settle();
  return { harness, dead };
}

const ready = async ({ client }: Harness, name: string) => {
  const { status, spec } = await client.get(nodes, undefined, name);
  const condition = status?.conditions?.find(({ type }) => type === "Ready");
  return [condition?.status, ...(spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`)];
};

Deno.test("a node that falls silent is tainted after 50 s, its pods go 300 s later", async () => {
  const { harness, dead } = await beating();
  using _ = harness;
  const { client, clock } = harness;
  for (const name of ["a", "b"]) await client.create(pods, pod(name));
  await clock.advance(60_000);
  assert.deepEqual(await ready(harness, "node-1"), ["True"]);
  const doomed = (await client.list(pods)).items.find(({ spec }) => spec.nodeName === "node-1")!.metadata.name!;
  dead.add("node-1");
  await clock.advance(30_000);
  assert.deepEqual(await ready(harness, "node-1"), ["True"]);
  await clock.advance(35_000);
  assert.deepEqual(await ready(harness, "node-1"), [
    "Unknown",
    "node.kubernetes.io/unreachable:NoSchedule",
    "node.kubernetes.io/unreachable:NoExecute",
  ]);
  const isReady = (await client.get(pods, "default", doomed)).status?.conditions?.find(({ type }) => type === "Ready");
  assert.equal(isReady?.status, "False");
  const events = await harness.events();
  assert.ok(events.includes("Normal NodeNotReady Node/node-1: Node node-1 status is now: NodeNotReady"));
  assert.ok(events.includes(`Warning NodeNotReady Pod/${doomed}: Node is not ready`));
  assert.equal((await harness.pods()).length, 2);
  await clock.advance(310_000);
  assert.equal((await harness.pods()).length, 1);
  assert.ok(
    (await harness.events()).includes(
      `Normal TaintManagerEviction Pod/${doomed}: Marking for deletion Pod default/${doomed}`,
    ),
  );
  dead.delete("node-1");
  const conditions = [{ type: "Ready", status: "True", lastHeartbeatTime: timestamp(clock.now()) }];
  await client.patch(nodes, undefined, "node-1", { ...merge({ status: { conditions } }), subresource: "status" });
  await clock.advance(60_000);
  assert.deepEqual(await ready(harness, "node-1"), ["True"]);
  assert.deepEqual(harness.reports, []);
});

Deno.test("NoExecute evicts what does not tolerate it, and what tolerates it for a while later", async () => {
  const { harness } = await beating();
  using _ = harness;
  const { client, clock } = harness;
  const toleration = { key: "maintenance", operator: "Exists", effect: "NoExecute" };
  await client.create(pods, pod("none", {}, { nodeName: "node-1" }));
  await client.create(
    pods,
    pod("some", {}, {
      nodeName: "node-1",
      tolerations: [{ ...toleration, tolerationSeconds: 30 }],
    }),
  );
  await client.create(pods, pod("all", {}, { nodeName: "node-1", tolerations: [toleration] }));
  await clock.advance(5000);
  await client.patch(
    nodes,
    undefined,
    "node-1",
    merge({
      spec: { taints: [{ key: "maintenance", effect: "NoExecute" }] },
    }),
  );
  await clock.advance(5000);
  assert.deepEqual(await harness.pods(), ["all", "some"]);
  await clock.advance(30_000);
  assert.deepEqual(await harness.pods(), ["all"]);
});

Deno.test("pods of a node that is gone are collected", async () => {
  const { harness } = await beating();
  using _ = harness;
  const { client, clock } = harness;
  await client.create(pods, pod("a", {}, { nodeName: "node-2" }));
  await clock.advance(5000);
  await client.delete(nodes, undefined, "node-2");
  await clock.advance(120_000);
  assert.deepEqual(await harness.pods(), []);
});

Deno.test("an eviction that fails is tried again", async () => {
  let failures = 0;
  using harness = await startHarness({
    wrap: (client, user) => ({
      ...client,
      delete(kind, ...target) {
        if (user.endsWith("node-controller") && failures++ < 3) throw new Error("the disk is full");
        return client.delete(kind, ...target);
      },
    }),
  });
  const { client } = harness;
  await client.create(pods, pod("a"));
  await harness.settle();
  const { spec } = await client.get(pods, "default", "a");
  const taints = [{ key: "maintenance", effect: "NoExecute" }];
  await client.patch(nodes, undefined, spec!.nodeName!, merge({ spec: { taints } }));
  await harness.settle();
  assert.deepEqual(await harness.pods(), []);
  assert.deepEqual(harness.reports, Array(3).fill("taint-eviction-controller: the disk is full"));
  const said = (await harness.events()).filter((event) => event.includes("TaintManagerEviction"));
  assert.deepEqual(said, ["Normal TaintManagerEviction Pod/a: Marking for deletion Pod default/a"]);
});

Deno.test("each node has a range for pods of its own, and says so when there is none left", async () => {
  using harness = await startHarness();
  const { client } = harness;
  const rangeOf = async (name: string) => (await client.get(nodes, undefined, name)).spec?.podCIDR;
  assert.deepEqual([await rangeOf("node-1"), await rangeOf("node-2")], ["10.244.0.0/24", "10.244.1.0/24"]);
  await client.create(nodes, { metadata: { name: "chosen" }, spec: { podCIDR: "10.244.2.0/24" } });
  await client.delete(nodes, undefined, "node-1");
  await client.create(nodes, { metadata: { name: "later" } });
  await harness.settle();
  // What is free again comes last.
  assert.equal(await rangeOf("later"), "10.244.3.0/24");
  const others = Array.from({ length: 254 }, (_, i) => `other-${i}`);
  for (const name of others) await client.create(nodes, { metadata: { name } });
  await harness.clock.advance(1000);
  const ranges = (await client.list(nodes)).items.map(({ spec }) => spec?.podCIDR);
  assert.equal(ranges.filter((range) => range === undefined).length, 1);
  assert.equal(new Set(ranges).size, ranges.length);
  assert.ok((await harness.events()).some((event) => event.includes(" status is now: CIDRNotAvailable")));
});
