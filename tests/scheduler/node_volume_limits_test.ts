/** How many volumes of a CSI driver a node takes. */
import assert from "node:assert/strict";
import { schedulePod } from "../../cluster/memory/scheduler/algorithm.ts";
import { fitError } from "../../cluster/memory/scheduler/fit_error.ts";
import { mayHelp } from "../../cluster/memory/scheduler/framework/framework.ts";
import type { ClusterEvent } from "../../cluster/memory/scheduler/framework/plugin.ts";
import { podInfo } from "../../cluster/memory/scheduler/framework/pod_info.ts";
import type { Listers } from "../../cluster/memory/scheduler/helper/listers.ts";
import type {
  CSINode,
  PersistentVolume,
  PersistentVolumeClaim,
  VolumeAttachment,
} from "../../cluster/memory/kinds/schema/types.ts";
import { node, plugins, pod, snapshot } from "./snapshot.ts";

const DRIVER = "ebs.csi.aws.com";

/** Every claim is bound to a volume of its own name. */
const claim = (name: string): PersistentVolumeClaim => ({
  metadata: { name, namespace: "default", annotations: { "pv.kubernetes.io/bind-completed": "yes" } },
  spec: { volumeName: name, storageClassName: "fast", resources: {} },
  status: { phase: "Bound" },
});
const volume = (name: string): PersistentVolume => ({
  metadata: { name },
  spec: { capacity: {}, accessModes: ["ReadWriteOnce"], csi: { driver: DRIVER, volumeHandle: `vol-${name}` } },
  status: { phase: "Bound" },
});
const csiNode = (name: string, count: number): CSINode => ({
  metadata: { name },
  spec: { drivers: [{ name: DRIVER, nodeID: name, allocatable: { count } }] },
});
const attachment = (node: string, persistentVolumeName: string): VolumeAttachment => ({
  metadata: { name: "a" },
  spec: { attacher: DRIVER, nodeName: node, source: { persistentVolumeName } },
  status: { attached: true },
});

const using = (name: string, claims: readonly string[], nodeName?: string) =>
  pod(name, {
    volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
    ...nodeName === undefined ? {} : { nodeName },
  });
const listers = (more: Partial<Listers> = {}): Partial<Listers> => ({
  claim: (_namespace, name) => claim(name),
  volume: (name) => name === "" ? undefined : volume(name),
  csiNode: (name) => csiNode(name, 2),
  ...more,
});
const two = [node("a"), node("b")];

function decide(wanted: ReturnType<typeof pod>, pods: ReturnType<typeof pod>[], more?: Partial<Listers>): string {
  const options = { plugins: plugins(listers(more)), snapshot: snapshot(two, pods) };
  const decision = schedulePod(podInfo(wanted), options);
  return "node" in decision ? decision.node.name : fitError(two.length, decision.diagnosis);
}

Deno.test("volume limits: a node that is full is left alone", () => {
  assert.equal(decide(using("p", ["x"]), [using("q", ["y", "z"], "a")]), "b");
});

Deno.test("volume limits: all nodes are full", () => {
  const message = "0/2 nodes are available: 2 node(s) exceed max volume count.";
  assert.equal(decide(using("p", ["x"]), [using("q", ["v", "w"], "a"), using("r", ["y", "z"], "b")]), message);
  assert.equal(decide(using("p", ["x", "y", "z"]), []), message);
});

Deno.test("volume limits: a volume that is there already takes no more room", () => {
  const full = [using("q", ["v", "w"], "a"), using("r", ["y", "z"], "b")];
  assert.equal(decide(using("p", ["w"]), full), "a");
});

Deno.test("volume limits: what is still attached for pods that are gone counts, and counts once", () => {
  const attachments = (name: string) => name === "a" ? [attachment("a", "y"), attachment("a", "z")] : [];
  assert.equal(decide(using("p", ["x"]), [using("q", ["z"], "a")], { attachments }), "b");
  const own = (name: string) => name === "a" ? [attachment("a", "z")] : [];
  const busy = [using("q", ["z"], "a"), using("r", ["u", "v"], "b")];
  assert.equal(decide(using("p", ["x"]), busy, { attachments: own }), "a");
});

Deno.test("volume limits: a driver that says nothing has no limit", () => {
  const nobody = { csiNode: () => undefined };
  assert.equal(decide(using("p", ["u", "v", "w", "x"]), [using("q", ["y"], "b")], nobody), "a");
});

Deno.test("volume limits: a pod is tried again when a limit rises or a volume goes", () => {
  const names = new Set(["NodeVolumeLimits"]);
  const waiting = podInfo(using("p", ["x"]));
  const helps = (event: ClusterEvent) => mayHelp(plugins(listers()), names, event, waiting);
  const update = (object: CSINode, previous: CSINode): ClusterEvent => ({
    resource: "CSINode",
    action: "update",
    object,
    previous,
  });
  assert.equal(helps(update(csiNode("a", 3), csiNode("a", 2))), true);
  assert.equal(helps(update(csiNode("a", 2), csiNode("a", 2))), false);
  assert.equal(helps({ resource: "VolumeAttachment", action: "delete", object: attachment("a", "x") }), true);
  assert.equal(helps({ resource: "VolumeAttachment", action: "add", object: attachment("a", "x") }), false);
  assert.equal(helps({ resource: "Pod", action: "delete", object: using("q", ["y"], "a") }), true);
  assert.equal(helps({ resource: "Pod", action: "delete", object: using("q", [], "a") }), false);
});
