/**
 * Deletes pods from nodes with taints that they do not tolerate, or no longer.
 *
 * Source: `pkg/controller/tainteviction`.
 */
import { keyOf, splitKey } from "../../api/informer.ts";
import { nodes as nodeKind, pods as podKind } from "../../api/kind_refs.ts";
import { timestamp } from "../../api/timestamps.ts";
import type { Timer } from "../../clock.ts";
import type { Node, Pod, Taint, Toleration } from "../../kinds/schema/types.ts";
import { tolerates } from "../../scheduler/helper/tolerations.ts";
import { same, withCondition } from "../conditions.ts";
import {
  type Controller,
  type ControllerContext,
  isNotFound,
  keyOfObject,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";
import { indexByNode, podsOn } from "../pods_by_node.ts";

/** How often an eviction that fails is tried again. */
const RETRIES = 5;

const noExecute = (node: Node | undefined): readonly Taint[] =>
  node?.spec?.taints?.filter(({ effect }) => effect === "NoExecute") ?? [];

export function startTaintEvictionController(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const nodes = informers.for<Node>(nodeKind);
  const pods = indexByNode(informers.for<Pod>(podKind));
  const recorder = recorderOf(context, "taint-eviction-controller");
  /** By pod: when it was decided, and when it is due. */
  const evictions = new Map<string, { readonly since: number; readonly timer: Timer }>();

  const say = (key: string, what: string) => {
    const { namespace, name } = splitKey(key);
    const about = { apiVersion: "v1", kind: "Pod", name, namespace };
    recorder.event(about, "Normal", "TaintManagerEviction", `${what} Pod ${key}`);
  };
  const cancel = (key: string) => {
    const eviction = evictions.get(key);
    if (eviction === undefined) return;
    eviction.timer.cancel();
    evictions.delete(key);
    say(key, "Cancelling deletion of");
  };
  const schedule = (key: string, since: number, due: number) => {
    if (evictions.has(key)) return;
    const timer = clock.after(Math.max(0, due - clock.now()), () => {
      evictions.delete(key);
      say(key, "Marking for deletion");
      evictionQueue.add(key);
    });
    evictions.set(key, { since, timer });
  };

  const evict = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    try {
      const pod = await client.get<Pod>(podKind, namespace, name);
      const { generation, uid } = pod.metadata;
      const conditions = withCondition(pod.status.conditions, {
        type: "DisruptionTarget",
        ...generation === undefined ? {} : { observedGeneration: generation },
        status: "True",
        lastTransitionTime: timestamp(clock.now()),
        reason: "DeletionByTaintManager",
        message: "Taint manager: deleting due to NoExecute taint",
      });
      const order = conditions.map(({ type }) => ({ type }));
      const body = { metadata: { uid }, status: { conditions, "$setElementOrder/conditions": order } };
      await client.patch(podKind, namespace, name, { type: "strategic", body, subresource: "status" });
      await client.delete(podKind, namespace, name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };

  const evictionQueue = reconcileQueue(context, evict, { retries: RETRIES });

  const processPod = (pod: Pod, taints: readonly Taint[]) => {
    const key = keyOfObject(pod);
    if (taints.length === 0) return cancel(key);
    const used = usedTolerations(taints, pod.spec.tolerations ?? []);
    const now = clock.now();
    if (used === undefined) {
      cancel(key);
      return schedule(key, now, now);
    }
    const seconds = used.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
    if (seconds.length === 0) return cancel(key);
    const ms = Math.max(0, Math.min(...seconds)) * 1000;
    const current = evictions.get(key);
    if (current === undefined) return schedule(key, now, now + ms);
    // An eviction that is under way is not put off by another taint, but it may come sooner.
    if (current.since + ms < now + ms) return;
    cancel(key);
    schedule(key, current.since, now + ms);
  };

  const nodeQueue = reconcileQueue(context, (name) => {
    const taints = noExecute(nodes.get(undefined, name));
    if (nodes.get(undefined, name) !== undefined) { for (const pod of podsOn(pods, name)) processPod(pod, taints); }
    return Promise.resolve();
  });
  const podQueue = reconcileQueue(context, (key) => {
    const { namespace, name } = splitKey(key);
    const pod = pods.get(namespace, name);
    if (pod === undefined) cancel(key);
    else if (pod.spec.nodeName) {
      const taints = noExecute(nodes.get(undefined, pod.spec.nodeName));
      if (taints.length > 0) processPod(pod, taints);
    }
    return Promise.resolve();
  });
  nodes.on({
    added: (node) => noExecute(node).length > 0 ? nodeQueue.add(node.metadata.name!) : undefined,
    updated: (node, old) => same(noExecute(node), noExecute(old)) ? undefined : nodeQueue.add(node.metadata.name!),
  });
  const add = ({ metadata }: Pod) => podQueue.add(keyOf(metadata.namespace, metadata.name!));
  pods.on({
    added: (pod) => pod.spec.nodeName ? add(pod) : undefined,
    updated(pod, old) {
      if (pod.spec.nodeName !== old.spec.nodeName || !same(pod.spec.tolerations, old.spec.tolerations)) add(pod);
    },
    deleted: add,
  });
  return {
    stop() {
      nodeQueue.stop();
      podQueue.stop();
      evictionQueue.stop();
      for (const { timer } of evictions.values()) timer.cancel();
      evictions.clear();
    },
  };
}

/** The tolerations by which the taints are tolerated; undefined when one is not. */
function usedTolerations(taints: readonly Taint[], tolerations: readonly Toleration[]): Toleration[] | undefined {
  const used: Toleration[] = [];
  for (const taint of taints) {
    const toleration = tolerations.find((toleration) => tolerates(toleration, taint));
    if (toleration === undefined) return undefined;
    used.push(toleration);
  }
  return used;
}
