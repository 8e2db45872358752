/**
 * Watches over nodes: taints them as their conditions say, notices when they fall silent, and marks their pods.
 *
 * Source: `pkg/controller/nodelifecycle`.
 */
import { leases as leaseKind, nodes as nodeKind, pods as podKind } from "../../api/kind_refs.ts";
import { timestamp } from "../../api/timestamps.ts";
import type { Lease, Node, Pod } from "../../kinds/schema/types.ts";
import { conditionOf, same } from "../conditions.ts";
import {
  type Controller,
  type ControllerContext,
  isNotFound,
  keyOfObject,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";
import { every } from "../every.ts";
import { changeTaints, hasTaint, isTaint, type TaintKey } from "../node_taints.ts";
import { indexByNode, podsOn } from "../pods_by_node.ts";
import { type Health, NodeHealth } from "./health.ts";
import { zoneOf, Zones } from "./zones.ts";
import { splitKey } from "../../api/informer.ts";

/** Milliseconds. */
const MONITOR_PERIOD = 5000;
const MONITOR_GRACE = 50_000;

const key = (name: string) => `node.kubernetes.io/${name}`;
const UNREACHABLE: TaintKey = { key: key("unreachable"), effect: "NoExecute" };
const NOT_READY: TaintKey = { key: key("not-ready"), effect: "NoExecute" };

/** The NoSchedule taint of a condition's status. */
const CONDITION_TAINTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: key("not-ready"), Unknown: key("unreachable") },
  MemoryPressure: { True: key("memory-pressure") },
  DiskPressure: { True: key("disk-pressure") },
  NetworkUnavailable: { True: key("network-unavailable") },
  PIDPressure: { True: key("pid-pressure") },
};
const UNSCHEDULABLE = key("unschedulable");
const OWN_KEYS = new Set([UNSCHEDULABLE, ...Object.values(CONDITION_TAINTS).flatMap((keys) => Object.values(keys))]);

export function startNodeLifecycleController(context: ControllerContext): Controller {
  const { client, clock, informers, options, report } = context;
  const nodes = informers.for<Node>(nodeKind);
  const pods = indexByNode(informers.for<Pod>(podKind));
  const leases = informers.for<Lease>(leaseKind);
  const recorder = recorderOf(context, "node-controller");
  const health = new NodeHealth(client, () => clock.now(), options.nodeMonitorGracePeriod ?? MONITOR_GRACE);
  const registered = new Map<string, string>();
  /** Nodes some of whose pods could not be marked. */
  const unmarked = new Set<string>();

  const zones = new Zones(clock, (name) => {
    const node = nodes.get(undefined, name);
    const status = conditionOf(node?.status?.conditions, "Ready")?.status;
    if (node === undefined || status === undefined || status === "True") return;
    const [add, remove] = status === "False" ? [NOT_READY, UNREACHABLE] : [UNREACHABLE, NOT_READY];
    void clock.track(changeTaints(client, clock, name, [add], [remove]).catch(report));
  });

  const about = (name: string, uid: string) => ({ apiVersion: "v1", kind: "Node", name, uid });
  const nodeEvent = (name: string, uid: string, reason: string, what: string) =>
    recorder.event(about(name, uid), "Normal", reason, `Node ${name} event: ${what}`);

  const noteNodes = async (all: readonly Node[]) => {
    for (const node of all) {
      const { name, uid } = node.metadata;
      if (registered.has(name!)) continue;
      nodeEvent(name!, uid!, "RegisteredNode", `Registered Node ${name} in Controller`);
      registered.set(name!, uid!);
      await markReachable(node);
    }
    for (const [name, uid] of registered) {
      if (nodes.get(undefined, name) !== undefined) continue;
      nodeEvent(name, uid, "RemovingNode", `Removing Node ${name} from Controller`);
      registered.delete(name);
      health.forget(name);
    }
  };

  const markReachable = async (node: Node) => {
    zones.remove(node.metadata.name!);
    const taints = [UNREACHABLE, NOT_READY].filter((taint) => hasTaint(node, taint));
    if (taints.length > 0) await changeTaints(client, clock, node.metadata.name!, [], taints);
  };

  /** Swaps one NoExecute taint for the other at once, and waits for its turn to add the first. */
  const taintForEviction = async ({ node, now }: Health) => {
    if (now === "True") return await markReachable(node);
    const [wanted, opposite] = now === "False" ? [NOT_READY, UNREACHABLE] : [UNREACHABLE, NOT_READY];
    if (hasTaint(node, opposite)) return await changeTaints(client, clock, node.metadata.name!, [wanted], [opposite]);
    if (!hasTaint(node, wanted)) zones.add(node);
  };

  const monitor = async () => {
    const all = nodes.list();
    await noteNodes(all);
    const ready = new Map<string, boolean[]>();
    for (const node of all) {
      const name = node.metadata.name!;
      try {
        const checked = await health.check(node, leases.get("kube-node-lease", name));
        if (node.metadata.labels?.["node.kubernetes.io/exclude-disruption"] === undefined) {
          const zone = zoneOf(node);
          ready.set(zone, [...ready.get(zone) ?? [], checked.now === "True"]);
        }
        if (checked.now === undefined) continue;
        await taintForEviction(checked);
        const fell = checked.now !== "True" && checked.before === "True";
        if (fell) {
          const { uid } = node.metadata;
          recorder.event(about(name, uid!), "Normal", "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
        }
        if (fell || (unmarked.has(name) && checked.now !== "True")) await markPodsNotReady(podsOn(pods, name));
        unmarked.delete(name);
      } catch (error) {
        if (isNotFound(error)) continue;
        unmarked.add(name);
        report(error);
      }
    }
    const change = zones.update(ready);
    if (change === "recovered") health.restart();
    if (change === "all failed") { for (const node of all) await markReachable(node); }
  };

  const markPodsNotReady = async (affected: readonly Pod[]) => {
    for (const pod of affected) {
      const conditions = pod.status?.conditions ?? [];
      if (conditionOf(conditions, "Ready")?.status !== "True") continue;
      const lastTransitionTime = timestamp(clock.now());
      const marked = conditions.map((condition) =>
        condition.type === "Ready" ? { ...condition, status: "False", lastTransitionTime } : condition
      );
      try {
        await client.updateStatus(podKind, { ...pod, status: { ...pod.status, conditions: marked } });
      } catch (error) {
        if (isNotFound(error)) continue;
        throw error;
      }
      recorder.event(pod, "Warning", "NodeNotReady", "Node is not ready");
    }
  };

  const nodeQueue = reconcileQueue(context, async (name) => {
    const node = nodes.get(undefined, name);
    if (node === undefined) return;
    await taintByCondition(context, node);
    await reconcileLabels(context, node);
  });
  nodes.on({
    added: ({ metadata }) => nodeQueue.add(metadata.name!),
    updated(node, old) {
      const changed = !same(node.spec, old.spec) || !same(node.metadata.labels, old.metadata.labels) ||
        !same(node.status?.conditions, old.status?.conditions);
      if (changed) nodeQueue.add(node.metadata.name!);
    },
  });
  // A pod may be bound to a node in the moment in which it falls silent.
  const podQueue = reconcileQueue(context, async (podKey) => {
    const { namespace, name } = splitKey(podKey);
    const pod = pods.get(namespace, name);
    if (pod === undefined) return;
    const status = conditionOf(nodes.get(undefined, pod.spec.nodeName!)?.status?.conditions, "Ready")?.status;
    if (status !== undefined && status !== "True") await markPodsNotReady([pod]);
  });
  pods.on({
    added: (pod) => pod.spec.nodeName ? podQueue.add(keyOfObject(pod)) : undefined,
    updated(pod, old) {
      if (pod.spec.nodeName && pod.spec.nodeName !== old.spec.nodeName) podQueue.add(keyOfObject(pod));
    },
  });
  const monitoring = every(context, MONITOR_PERIOD, monitor);
  return {
    stop() {
      monitoring.stop();
      nodeQueue.stop();
      podQueue.stop();
    },
  };
}

/** Gives a node the NoSchedule taints that its conditions ask for, and takes those that they do not. */
async function taintByCondition({ client, clock }: ControllerContext, { metadata, spec, status }: Node): Promise<void> {
  const keys = (status?.conditions ?? []).flatMap(({ type, status }) => CONDITION_TAINTS[type]?.[status] ?? []);
  if (spec?.unschedulable) keys.push(UNSCHEDULABLE);
  const wanted = keys.map((key): TaintKey => ({ key, effect: "NoSchedule" }));
  const present = (spec?.taints ?? []).filter(({ key, effect }) => effect === "NoSchedule" && OWN_KEYS.has(key));
  const add = wanted.filter((taint) => !present.some((other) => isTaint(other, taint)));
  const remove = present.filter((taint) => !wanted.some((other) => isTaint(other, taint)));
  if (add.length + remove.length > 0) await changeTaints(client, clock, metadata.name!, add, remove);
}

/** The labels of old, which follow those of now. */
const LABELS = [["kubernetes.io/os", "beta.kubernetes.io/os"], ["kubernetes.io/arch", "beta.kubernetes.io/arch"]];

async function reconcileLabels({ client }: ControllerContext, { metadata }: Node): Promise<void> {
  const current = metadata.labels ?? {};
  const labels = Object.fromEntries(
    LABELS.filter(([primary, secondary]) => current[primary] !== undefined && current[primary] !== current[secondary])
      .map(([primary, secondary]) => [secondary, current[primary]]),
  );
  if (Object.keys(labels).length === 0) return;
  await client.patch(nodeKind, undefined, metadata.name!, { type: "strategic", body: { metadata: { labels } } });
}
