/** Which node is liked best, and how much each plugin likes it. */
import assert from "node:assert/strict";
import { virtualClock } from "../../cluster/memory/clock.ts";
import { schedulePod } from "../../cluster/memory/scheduler/algorithm.ts";
import { podInfo } from "../../cluster/memory/scheduler/framework/pod_info.ts";
import { explain } from "../../cluster/memory/scheduler/explain.ts";
import { selectorOfSet } from "../../cluster/memory/kinds/label_selector.ts";
import { node, plugins, pod, snapshot } from "./snapshot.ts";

const scoresOf = (
  ...[wanted, nodes, pods = [], listers = {}]: [
    Parameters<typeof explain>[0],
    Parameters<typeof snapshot>[0],
    Parameters<typeof snapshot>[1]?,
    Parameters<typeof plugins>[0]?,
  ]
) => Object.fromEntries(explain(wanted, snapshot(nodes, pods), plugins(listers)).map((each) => [each.node, each]));

const two = [node("a"), node("b")];

Deno.test("scores: the emptier node is liked better", () => {
  const busy = pod("q", { nodeName: "a" }, { requests: { cpu: "2", memory: "4Gi" } });
  const { a, b } = scoresOf(pod("p", {}, { requests: { cpu: "1", memory: "2Gi" } }), two, [busy]);
  assert.equal(a.scores?.NodeResourcesFit, 25);
  assert.equal(b.scores?.NodeResourcesFit, 75);
});

Deno.test("scores: a node whose balance gets better is liked better", () => {
  const busy = pod("q", { nodeName: "a" }, { requests: { cpu: "2" } });
  const { a, b } = scoresOf(pod("p", {}, { requests: { memory: "4Gi" } }), two, [busy]);
  assert.ok(a.scores!.NodeResourcesBalancedAllocation > b.scores!.NodeResourcesBalancedAllocation);
});

Deno.test("scores: soft taints count three times", () => {
  const soft = node("a", { spec: { taints: [{ key: "x", effect: "PreferNoSchedule" }] } });
  const { a, b } = scoresOf(pod("p"), [soft, node("b")]);
  assert.equal(a.scores?.TaintToleration, 0);
  assert.equal(b.scores?.TaintToleration, 300);
});

Deno.test("scores: preferred node affinity by its weights", () => {
  const wants = (zone: string, weight: number) => ({
    weight,
    preference: { matchExpressions: [{ key: "zone", operator: "In", values: [zone] }] },
  });
  const affinity = {
    nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [wants("1", 20), wants("2", 80)] },
  };
  const nodes = [node("a", { labels: { zone: "1" } }), node("b", { labels: { zone: "2" } })];
  const { a, b } = scoresOf(pod("p", { affinity }), nodes);
  assert.equal(a.scores?.NodeAffinity, 50);
  assert.equal(b.scores?.NodeAffinity, 200);
});

Deno.test("scores: pods that prefer to be apart", () => {
  const affinity = {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{
        weight: 100,
        podAffinityTerm: { labelSelector: { matchLabels: { app: "web" } }, topologyKey: "kubernetes.io/hostname" },
      }],
    },
  };
  const other = pod("q", { nodeName: "a" }, { labels: { app: "web" } });
  const { a, b } = scoresOf(pod("p", { affinity }, { labels: { app: "web" } }), two, [other]);
  assert.equal(a.scores?.InterPodAffinity, 0);
  assert.equal(b.scores?.InterPodAffinity, 200);
});

Deno.test("scores: pods of one service are spread over nodes without being asked to", () => {
  const others = ["q", "r"].map((name) => pod(name, { nodeName: "a" }, { labels: { app: "web" } }));
  const listers = { defaultSelector: () => selectorOfSet({ app: "web" }) };
  const { a, b } = scoresOf(pod("p", {}, { labels: { app: "web" } }), two, others, listers);
  assert.ok(b.scores!.PodTopologySpread > a.scores!.PodTopologySpread);
});

Deno.test("explain: refused nodes come last, with the plugin that refused them", () => {
  const cordoned = node("a", { spec: { unschedulable: true } });
  const [first, last] = explain(pod("p"), snapshot([cordoned, node("b")]), plugins());
  assert.equal(first.node, "b");
  assert.ok(first.total! > 0);
  assert.deepEqual(last, {
    node: "a",
    refused: { plugin: "NodeUnschedulable", reasons: ["node(s) were unschedulable"] },
  });
});

Deno.test("explain: a pod that runs is judged as if it did not", () => {
  const running = pod("p", { nodeName: "a" }, { requests: { cpu: "3" } });
  const explained = explain(running, snapshot(two, [running]), plugins());
  assert.deepEqual(explained.map(({ node, refused }) => [node, refused]).sort(), [["a", undefined], ["b", undefined]]);
});

Deno.test("scores: a gated pod has none, on any node", () => {
  const gated = pod("p", { schedulingGates: [{ name: "example.com/quota" }, { name: "example.com/data" }] });
  const refused = {
    plugin: "SchedulingGates",
    reasons: ["waiting for scheduling gates: [example.com/quota example.com/data]"],
  };
  assert.deepEqual(explain(gated, snapshot(two), plugins()), [{ node: "a", refused }, { node: "b", refused }]);
});

Deno.test("scores: of nodes that are as good each is taken as often", () => {
  const { random } = virtualClock();
  const cluster = snapshot([node("a"), node("b"), node("c"), node("full", { spec: { unschedulable: true } })]);
  const taken: Record<string, number> = {};
  for (let i = 0; i < 3_000; i++) {
    const decision = schedulePod(podInfo(pod("p")), { plugins: plugins(), snapshot: cluster, random });
    assert.ok("node" in decision);
    taken[decision.node.name] = (taken[decision.node.name] ?? 0) + 1;
  }
  assert.deepEqual(Object.keys(taken).sort(), ["a", "b", "c"]);
  for (const times of Object.values(taken)) assert.ok(times > 850 && times < 1_150, `${times} of 3000`);
});
