import assert from "node:assert/strict";
import { daemonSets, nodes, pods } from "../../cluster/memory/api/kind_refs.ts";
import type { Harness } from "./harness.ts";
import { addNode, startHarness } from "./harness.ts";
import { daemonSet } from "./objects.ts";

const merge = (body: unknown) => ({ type: "merge" as const, body });
const template = (image: string) => ({ template: { spec: { containers: [{ name: "app", image }] } } });
const scrubbed = (events: readonly string[]) => events.map((event) => event.replace(/ds-[0-9a-z]{5}/g, "ds-*"));

/** Where its pods want to be. */
const places = async ({ client }: Harness) =>
  (await client.list(pods)).items.map(({ spec }) =>
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0].matchFields?.[0]
      .values?.[0]
  ).sort();

Deno.test("every node gets a pod, also one that comes later", async () => {
  using harness = await startHarness();
  const { client } = harness;
  await client.create(daemonSets, daemonSet("ds"));
  await harness.settle();
  assert.deepEqual(await places(harness), ["node-1", "node-2"]);
  await addNode(client, "node-3");
  await harness.settle();
  assert.deepEqual(await places(harness), ["node-1", "node-2", "node-3"]);
  assert.deepEqual(scrubbed(await harness.events()), [
    "Normal SuccessfulCreate DaemonSet/ds: Created pod: ds-*",
    "Normal SuccessfulCreate DaemonSet/ds: Created pod: ds-*",
    "Normal SuccessfulCreate DaemonSet/ds: Created pod: ds-*",
  ]);
  const { status } = await client.get(daemonSets, "default", "ds");
  assert.equal(status?.desiredNumberScheduled, 3);
  assert.equal(status?.numberAvailable, 3);
  assert.deepEqual(harness.reports, []);
});

Deno.test("nodes that its selector or a taint rules out get none", async () => {
  using harness = await startHarness();
  const { client } = harness;
  await client.patch(nodes, undefined, "node-2", merge({ metadata: { labels: { disk: "ssd" } } }));
  const { spec } = daemonSet("ds");
  const template = { ...spec.template, spec: { ...spec.template.spec, nodeSelector: { disk: "ssd" } } };
  await client.create(daemonSets, daemonSet("ds", { template }));
  await harness.settle();
  assert.deepEqual(await places(harness), ["node-2"]);
  const taints = [{ key: "dedicated", value: "db", effect: "NoExecute" }];
  await client.patch(nodes, undefined, "node-2", merge({ spec: { taints } }));
  await harness.settle();
  assert.deepEqual(await places(harness), []);
});

Deno.test("pods tolerate what befalls nodes", async () => {
  using harness = await startHarness();
  await harness.client.create(daemonSets, daemonSet("ds"));
  await harness.settle();
  const [{ spec }] = (await harness.client.list(pods)).items;
  assert.deepEqual(spec.tolerations?.map(({ key, effect }) => `${key}:${effect}`), [
    "node.kubernetes.io/not-ready:NoExecute",
    "node.kubernetes.io/unreachable:NoExecute",
    "node.kubernetes.io/disk-pressure:NoSchedule",
    "node.kubernetes.io/memory-pressure:NoSchedule",
    "node.kubernetes.io/pid-pressure:NoSchedule",
    "node.kubernetes.io/unschedulable:NoSchedule",
  ]);
});

Deno.test("an update replaces one pod after the other", async () => {
  using harness = await startHarness();
  const { client } = harness;
  await client.create(daemonSets, daemonSet("ds"));
  await harness.settle();
  const before = (await harness.events()).length;
  await client.patch(daemonSets, "default", "ds", merge({ spec: template("nginx:1.28") }));
  await harness.settle();
  assert.deepEqual(scrubbed((await harness.events()).slice(before)), [
    "Normal SuccessfulDelete DaemonSet/ds: Deleted pod: ds-*",
    "Normal SuccessfulCreate DaemonSet/ds: Created pod: ds-*",
    "Normal SuccessfulDelete DaemonSet/ds: Deleted pod: ds-*",
    "Normal SuccessfulCreate DaemonSet/ds: Created pod: ds-*",
  ]);
  assert.equal((await client.get(daemonSets, "default", "ds")).status?.updatedNumberScheduled, 2);
});

Deno.test("a failed pod is deleted and made again", async () => {
  let fails = true;
  using harness = await startHarness({ phase: () => fails ? (fails = false, "Failed") : "Running" });
  await harness.client.create(daemonSets, daemonSet("ds"));
  await harness.settle();
  assert.equal((await harness.client.get(daemonSets, "default", "ds")).status?.numberReady, 2);
  assert.match(
    (await harness.events()).find((event) => event.includes("FailedDaemonPod"))!,
    /^Warning FailedDaemonPod DaemonSet\/ds: Found failed daemon pod default\/ds-\w{5} on node \S+, will try to kill it$/,
  );
});
