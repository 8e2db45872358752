/**
 * Removes pods that nobody else will: of nodes that have gone, at their end and too many, deleted before they had a
 * node, or on a node that is out of service.
 *
 * Source: `pkg/controller/podgc/gc_controller.go`.
 */
import { nodes as nodeKind, pods as podKind } from "../../api/kind_refs.ts";
import { timestamp } from "../../api/timestamps.ts";
import type { Node, Pod } from "../../kinds/schema/types.ts";
import { conditionOf, withCondition } from "../conditions.ts";
import { type Controller, type ControllerContext, isNotFound } from "../controller.ts";
import { every } from "../every.ts";
import { isTerminal } from "../pod_state.ts";

/** Milliseconds between looks. */
const PERIOD = 20_000;
/** Milliseconds that a node must be gone before its pods are taken for lost. */
const QUARANTINE = 40_000;
/** So many pods may have ended before the oldest are removed. */
const TERMINATED_LIMIT = 12_500;

export function startPodGarbageCollector(context: ControllerContext): Controller {
  const { client, clock, informers, report } = context;
  const pods = informers.for<Pod>(podKind);
  const nodes = informers.for<Node>(nodeKind);
  /** Since when nodes that pods name have been missing. */
  const missing = new Map<string, number>();

  const remove = async (pod: Pod, reason?: { readonly reason: string; readonly message: string }) => {
    const { namespace, name, generation, uid } = pod.metadata;
    try {
      if (!isTerminal(pod)) {
        const time = timestamp(clock.now());
        const target = { type: "DisruptionTarget", status: "True", lastTransitionTime: time, ...reason };
        const observed = generation === undefined ? {} : { observedGeneration: generation };
        const conditions = reason === undefined
          ? pod.status.conditions
          : withCondition(pod.status.conditions, { ...target, ...observed });
        const body = { metadata: { uid }, status: { phase: "Failed", ...observed, conditions } };
        await client.patch(podKind, namespace, name!, { type: "merge", body, subresource: "status" });
      }
      await client.delete(podKind, namespace, name!, { gracePeriodSeconds: 0 });
    } catch (error) {
      if (!isNotFound(error)) report(error);
    }
  };

  const removeOrphaned = async (all: readonly Pod[]) => {
    const now = clock.now();
    const named = new Set(all.map(({ spec }) => spec.nodeName).filter((name) => name && !nodes.get(undefined, name)));
    for (const node of [...missing.keys()]) if (!named.has(node)) missing.delete(node);
    for (const node of named) if (!missing.has(node!)) missing.set(node!, now);
    for (const pod of all) {
      const since = missing.get(pod.spec.nodeName ?? "");
      if (since === undefined || now - since < QUARANTINE) continue;
      await remove(pod, { reason: "DeletionByPodGC", message: "PodGC: node no longer exists" });
    }
  };

  const collect = async () => {
    const all = pods.list();
    const ended = all.filter(isTerminal).sort(byEvictionAndAge);
    for (const pod of ended.slice(0, Math.max(0, ended.length - TERMINATED_LIMIT))) await remove(pod);
    const deleted = all.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    for (const pod of deleted) {
      const node = nodes.get(undefined, pod.spec.nodeName ?? "");
      if (node !== undefined && isOutOfService(node)) await remove(pod);
    }
    await removeOrphaned(all);
    for (const pod of deleted) if (!pod.spec.nodeName) await remove(pod);
  };
  return every(context, PERIOD, collect);
}

function isOutOfService({ spec, status }: Node): boolean {
  return conditionOf(status?.conditions, "Ready")?.status !== "True" &&
    spec?.taints?.some(({ key }) => key === "node.kubernetes.io/out-of-service") === true;
}

function byEvictionAndAge(a: Pod, b: Pod): number {
  const evicted = (pod: Pod) => pod.status?.phase === "Failed" && pod.status.reason === "Evicted";
  const order = Number(evicted(b)) - Number(evicted(a));
  if (order !== 0) return order;
  const key = ({ metadata }: Pod) => `${metadata.creationTimestamp} ${metadata.name}`;
  return key(a) < key(b) ? -1 : 1;
}
