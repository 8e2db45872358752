/** What each filter refuses, and in which words: one line a case. */
import assert from "node:assert/strict";
import { schedulePod } from "../../cluster/memory/scheduler/algorithm.ts";
import { fitError } from "../../cluster/memory/scheduler/fit_error.ts";
import { podInfo } from "../../cluster/memory/scheduler/framework/pod_info.ts";
import type { Listers } from "../../cluster/memory/scheduler/helper/listers.ts";
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from "../../cluster/memory/kinds/schema/types.ts";
import { node, plugins, pod, snapshot } from "./snapshot.ts";

interface Case {
  readonly name: string;
  readonly pod: Pod;
  readonly nodes?: readonly Node[];
  readonly pods?: readonly Pod[];
  readonly listers?: Partial<Listers>;
  /** The nodes that would do, or the message that says why none does. */
  readonly want: readonly string[] | string;
}

const zones = [node("a", { labels: { zone: "1" } }), node("b", { labels: { zone: "2" } })];
const two = [node("a"), node("b")];
const tainted = (effect: string) => node("a", { spec: { taints: [{ key: "app", value: "blue", effect }] } });
const near = (labels: Record<string, string>, topologyKey: string) => ({
  requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: labels }, topologyKey }],
});
const hostPort = (port: number, hostIP?: string) => ({
  containers: [{ name: "c", image: "nginx", ports: [{ containerPort: 80, hostPort: port, hostIP }] }],
});
const spread = (more = {}) => ({
  topologySpreadConstraints: [{
    maxSkew: 1,
    topologyKey: "zone",
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: { app: "web" } },
    ...more,
  }],
});
const claiming = { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] };
const claim = (more: Partial<PersistentVolumeClaim> = {}): PersistentVolumeClaim => ({
  metadata: { name: "data", namespace: "default" },
  spec: { accessModes: ["ReadWriteOnce"], storageClassName: "local", resources: { requests: { storage: "1Gi" } } },
  status: {},
  ...more,
});
const volume = (onNode: string): PersistentVolume => ({
  metadata: { name: "pv" },
  spec: {
    capacity: { storage: "1Gi" },
    accessModes: ["ReadWriteOnce"],
    storageClassName: "local",
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [{
          matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [onNode] }],
        }],
      },
    },
  },
  status: { phase: "Available" },
});

const CASES: readonly Case[] = [
  { name: "a pod that asks for nothing fits everywhere", pod: pod("p"), want: ["a", "b"] },
  {
    name: "cpu and memory are both named",
    pod: pod("p", {}, { requests: { cpu: "5", memory: "9Gi" } }),
    want: "0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient memory.",
  },
  {
    name: "what pods hold is counted",
    pod: pod("p", {}, { requests: { cpu: "2" } }),
    pods: [pod("q", { nodeName: "a" }, { requests: { cpu: "2500m" } })],
    want: ["b"],
  },
  {
    name: "a pod that has ended holds nothing",
    pod: pod("p", {}, { requests: { cpu: "2" } }),
    pods: [pod("q", { nodeName: "a" }, { requests: { cpu: "4" }, status: { phase: "Succeeded" } })],
    want: ["a", "b"],
  },
  {
    name: "an extended resource that no node has",
    pod: pod("p", {}, { requests: { "example.com/gpu": "1" } }),
    want: "0/2 nodes are available: 2 Insufficient example.com/gpu.",
  },
  {
    name: "the largest init container counts",
    pod: pod("p", { initContainers: [{ name: "i", resources: { requests: { cpu: "5" } } }] }),
    want: "0/2 nodes are available: 2 Insufficient cpu.",
  },
  { name: "a taint", pod: pod("p"), nodes: [tainted("NoSchedule"), node("b")], want: ["b"] },
  {
    name: "a taint that is tolerated",
    pod: pod("p", { tolerations: [{ key: "app", operator: "Equal", value: "blue", effect: "NoSchedule" }] }),
    nodes: [tainted("NoSchedule")],
    want: ["a"],
  },
  { name: "a soft taint refuses nobody", pod: pod("p"), nodes: [tainted("PreferNoSchedule")], want: ["a"] },
  {
    name: "a NoExecute taint",
    pod: pod("p"),
    nodes: [tainted("NoExecute")],
    want: "0/1 nodes are available: 1 node(s) had untolerated taint(s).",
  },
  {
    name: "a cordoned node",
    pod: pod("p"),
    nodes: [node("a", { spec: { unschedulable: true } })],
    want: "0/1 nodes are available: 1 node(s) were unschedulable.",
  },
  { name: "a node by its name", pod: pod("p", { nodeName: "b" }), want: ["b"] },
  { name: "a node by its label", pod: pod("p", { nodeSelector: { zone: "2" } }), nodes: zones, want: ["b"] },
  {
    name: "different reasons are sorted",
    pod: pod("p", { nodeSelector: { zone: "2" } }, { requests: { cpu: "5" } }),
    nodes: zones,
    want: "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector.",
  },
  {
    name: "numbers in node affinity",
    pod: pod("p", {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "Gt", values: ["1"] }] }],
          },
        },
      },
    }),
    nodes: zones,
    want: ["b"],
  },
  {
    name: "a port of the node that is taken",
    pod: pod("p", hostPort(80)),
    pods: [pod("q", { nodeName: "a", ...hostPort(80) })],
    want: ["b"],
  },
  {
    name: "the same port of another address",
    pod: pod("p", hostPort(80, "127.0.0.1")),
    pods: [pod("q", { nodeName: "a", ...hostPort(80, "10.0.0.1") })],
    nodes: [node("a")],
    want: ["a"],
  },
  {
    name: "near pods of a label",
    pod: pod("p", { affinity: { podAffinity: near({ app: "db" }, "zone") } }),
    nodes: zones,
    pods: [pod("q", { nodeName: "b" }, { labels: { app: "db" } })],
    want: ["b"],
  },
  {
    name: "near pods that are nowhere",
    pod: pod("p", { affinity: { podAffinity: near({ app: "db" }, "zone") } }),
    nodes: zones,
    want: "0/2 nodes are available: 2 node(s) didn't match pod affinity rules.",
  },
  {
    name: "the first of a group that wants to be together",
    pod: pod("p", { affinity: { podAffinity: near({ app: "db" }, "zone") } }, { labels: { app: "db" } }),
    nodes: zones,
    want: ["a", "b"],
  },
  {
    name: "far from pods of a label",
    pod: pod("p", { affinity: { podAntiAffinity: near({ app: "db" }, "kubernetes.io/hostname") } }),
    pods: [
      pod("q", { nodeName: "a" }, { labels: { app: "db" } }),
      pod("r", { nodeName: "b" }, { labels: { app: "db" } }),
    ],
    want: "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.",
  },
  {
    name: "far from a pod that wants it so",
    pod: pod("p", {}, { labels: { app: "db" } }),
    pods: [pod("q", {
      nodeName: "a",
      affinity: { podAntiAffinity: near({ app: "db" }, "kubernetes.io/hostname") },
    })],
    nodes: [node("a")],
    want: "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.",
  },
  {
    name: "anti-affinity of another namespace",
    pod: pod("p", { affinity: { podAntiAffinity: near({ app: "db" }, "kubernetes.io/hostname") } }),
    pods: [pod("q", { nodeName: "a" }, { labels: { app: "db" }, namespace: "other" })],
    nodes: [node("a")],
    want: ["a"],
  },
  {
    name: "spread over zones",
    pod: pod("p", spread(), { labels: { app: "web" } }),
    nodes: zones,
    pods: [pod("q", { nodeName: "a" }, { labels: { app: "web" } })],
    want: ["b"],
  },
  {
    name: "a node without the topology's label",
    pod: pod("p", spread(), { labels: { app: "web" } }),
    want: "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints (missing required label).",
  },
  {
    name: "fewer domains than asked for",
    pod: pod("p", spread({ minDomains: 3 }), { labels: { app: "web" } }),
    nodes: zones,
    pods: [
      pod("q", { nodeName: "a" }, { labels: { app: "web" } }),
      pod("r", { nodeName: "b" }, { labels: { app: "web" } }),
    ],
    want: "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints.",
  },
  {
    name: "a claim that is not there",
    pod: pod("p", claiming),
    want: '0/2 nodes are available: persistentvolumeclaim "data" not found.',
  },
  {
    name: "a claim of the name of an ephemeral volume's that is not the pod's",
    pod: pod("p", { volumes: [{ name: "v", ephemeral: {} }] }),
    listers: { claim: () => claim({ metadata: { name: "p-v", namespace: "default" } }) },
    want: "0/2 nodes are available: PVC default/p-v was not created for pod default/p (pod is not owner).",
  },
  {
    name: "a claim that waits for its volume",
    pod: pod("p", claiming),
    listers: { claim: () => claim() },
    want: "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
  },
  {
    name: "a claim that waits for its first consumer goes where a volume is",
    pod: pod("p", claiming),
    listers: {
      claim: () => claim(),
      volumes: () => [volume("b")],
      storageClass: () => ({
        metadata: { name: "local" },
        provisioner: "kubernetes.io/no-provisioner",
        volumeBindingMode: "WaitForFirstConsumer",
      }),
    },
    want: ["b"],
  },
  {
    name: "a bound volume stays where it is",
    pod: pod("p", claiming),
    listers: {
      claim: () =>
        claim({
          metadata: {
            name: "data",
            namespace: "default",
            annotations: { "pv.kubernetes.io/bind-completed": "yes" },
          },
          spec: { volumeName: "pv", resources: {} },
        }),
      volume: () => volume("elsewhere"),
    },
    want: "0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity.",
  },
];

for (const { name, pod, nodes = two, pods = [], listers, want } of CASES) {
  Deno.test(`filters: ${name}`, () => {
    const cache = snapshot(nodes, pods);
    const all = plugins(listers);
    const possible: string[] = [];
    // Every node that would do is chosen when it alone is left.
    for (const { node } of cache.nodes) {
      const alone = nodes.filter((other) => other !== node).map((other) => ({
        ...other,
        spec: { ...other.spec, unschedulable: true },
      }));
      const decision = schedulePod(podInfo(pod), {
        plugins: all,
        snapshot: snapshot([node, ...alone], pods),
      });
      if ("node" in decision && decision.node.name === node.metadata.name) possible.push(decision.node.name);
    }
    if (typeof want !== "string") return assert.deepEqual(possible, want);
    const decision = schedulePod(podInfo(pod), { plugins: all, snapshot: cache });
    assert.ok("diagnosis" in decision, "a node was found");
    assert.equal(fitError(cache.nodes.length, decision.diagnosis), want);
  });
}
