/**
 * Keeps one pod of each DaemonSet on every node where it belongs.
 *
 * Source: `pkg/controller/daemon`.
 */
import { splitKey } from "../../api/informer.ts";
import {
  controllerRevisions,
  daemonSets as daemonSetKind,
  nodes as nodeKind,
  pods as podKind,
} from "../../api/kind_refs.ts";
import type { DaemonSet, Node, Pod } from "../../kinds/schema/types.ts";
import { Backoff } from "../backoff.ts";
import { same } from "../conditions.ts";
import {
  type Controller,
  type ControllerContext,
  indexByNamespace,
  inNamespace,
  keyOfObject,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";
import { controllerOf, indexByController, resolveControllerRef } from "../controller_ref.ts";
import { Expectations } from "../expectations.ts";
import { isReady } from "../pod_state.ts";
import { compile, selects } from "../selectors.ts";
import { planPods, syncNodes } from "./manage.ts";
import { daemonSpec, REVISION_HASH, verdictFor } from "./nodes.ts";
import { cleanUpHistory, constructHistory } from "./revisions.ts";
import { planRollout } from "./rolling.ts";
import { byNode, daemonPods, type Room } from "./room.ts";
import { updateStatus } from "./status.ts";

export function startDaemonSetController(context: ControllerContext): Controller {
  const { informers, clock } = context;
  const room: Room = {
    context,
    daemonSets: indexByNamespace(informers.for(daemonSetKind)),
    revisions: indexByController(informers.for(controllerRevisions)),
    pods: indexByController(informers.for(podKind)).index("node", ({ spec }) => spec.nodeName ? [spec.nodeName] : []),
    nodes: informers.for(nodeKind),
    recorder: recorderOf(context, "daemonset-controller"),
    expectations: new Expectations(clock),
    failed: new Backoff(clock, 1000, 15 * 60_000),
    requeueAfter: (daemonSet, ms) => queue.addAfter(keyOfObject(daemonSet), ms),
  };
  const queue = reconcileQueue(context, (key) => reconcile(room, key));
  const add = (daemonSet: DaemonSet | undefined) => {
    if (daemonSet !== undefined) queue.add(keyOfObject(daemonSet));
  };
  room.daemonSets.on({
    added: add,
    updated: (daemonSet) => add(daemonSet),
    deleted(daemonSet) {
      room.expectations.forget(keyOfObject(daemonSet));
      add(daemonSet);
    },
  });
  watchPods(room, add);
  const nodeQueue = reconcileQueue(context, (name) => Promise.resolve(nodeChanged(room, name, add)));
  const changed = ({ metadata }: Node) => nodeQueue.add(metadata.name!);
  room.nodes.on({
    added: changed,
    updated(node, old) {
      if (!same(node.metadata.labels, old.metadata.labels) || !same(node.spec?.taints, old.spec?.taints)) changed(node);
    },
  });
  return {
    stop() {
      queue.stop();
      nodeQueue.stop();
    },
  };
}

async function reconcile(room: Room, key: string): Promise<void> {
  const { context: { clock }, expectations, recorder } = room;
  const { namespace, name } = splitKey(key);
  const daemonSet = room.daemonSets.get(namespace, name);
  if (daemonSet === undefined) return expectations.forget(key);
  if (compile(daemonSet.spec.selector)?.length === 0) {
    const message = "This daemon set is selecting all pods. A non-empty selector is required.";
    return recorder.event(daemonSet, "Warning", "SelectingAll", message);
  }
  if (daemonSet.metadata.deletionTimestamp !== undefined) return;
  const nodes = room.nodes.list();
  const { current, old } = await constructHistory(room, daemonSet);
  const hash = current.metadata.labels?.[REVISION_HASH] ?? "";
  const acted = expectations.satisfied(key);
  let failure: unknown;
  let pods = await daemonPods(room, daemonSet);
  if (acted) {
    try {
      await syncNodes(room, daemonSet, planPods(room, daemonSet, nodes, byNode(pods), hash), hash);
      pods = await daemonPods(room, daemonSet);
      if (expectations.satisfied(key) && daemonSet.spec.updateStrategy?.type === "RollingUpdate") {
        const changes = planRollout({ daemonSet, nodes, podsByNode: byNode(pods), hash, now: clock.now() });
        await syncNodes(room, daemonSet, changes, hash);
      }
      await cleanUpHistory(room, daemonSet, old, pods);
    } catch (error) {
      failure = error;
    }
  }
  await updateStatus(room, daemonSet, { nodes, podsByNode: byNode(await daemonPods(room, daemonSet)), hash, acted });
  if (failure !== undefined) throw failure;
}

/** Which DaemonSets have something to do on a node that changed. */
function nodeChanged(room: Room, name: string, add: (daemonSet: DaemonSet) => void): void {
  const node = room.nodes.get(undefined, name);
  if (node === undefined) return;
  const owners = new Set(room.pods.by("node", name).map((pod) => controllerOf(pod)?.uid));
  for (const daemonSet of room.daemonSets.list()) {
    const { shouldRun, shouldContinue } = verdictFor(daemonSpec(daemonSet), node);
    const scheduled = owners.has(daemonSet.metadata.uid);
    const misscheduled = (daemonSet.status?.numberMisscheduled ?? 0) > 0;
    if ((shouldRun && !scheduled) || (scheduled && (!shouldContinue || misscheduled))) add(daemonSet);
  }
}

function watchPods(room: Room, add: (daemonSet: DaemonSet | undefined) => void): void {
  const { daemonSets, expectations } = room;
  const ownerOf = (pod: Pod) => resolveControllerRef(daemonSets, pod.metadata.namespace, controllerOf(pod));
  const addSelecting = (pod: Pod) => {
    for (const daemonSet of inNamespace(daemonSets, pod.metadata.namespace!)) {
      if (selects(daemonSet.spec.selector, pod.metadata.labels)) add(daemonSet);
    }
  };
  const deleted = (pod: Pod) => {
    const owner = ownerOf(pod);
    if (owner === undefined) return;
    expectations.deletionObserved(keyOfObject(owner), keyOfObject(pod));
    add(owner);
  };
  room.pods.on({
    added(pod) {
      if (pod.metadata.deletionTimestamp !== undefined) return deleted(pod);
      if (controllerOf(pod) === undefined) return addSelecting(pod);
      const owner = ownerOf(pod);
      if (owner === undefined) return;
      expectations.creationObserved(keyOfObject(owner));
      add(owner);
    },
    updated(pod, old) {
      if (pod.metadata.deletionTimestamp !== undefined) return deleted(pod);
      const controllerChanged = !same(controllerOf(pod), controllerOf(old));
      if (controllerChanged) add(ownerOf(old));
      if (controllerOf(pod) === undefined) {
        if (controllerChanged || !same(pod.metadata.labels, old.metadata.labels)) addSelecting(pod);
        return;
      }
      const owner = ownerOf(pod);
      add(owner);
      const { minReadySeconds = 0 } = owner?.spec ?? {};
      if (owner !== undefined && minReadySeconds > 0 && isReady(pod) && !isReady(old)) {
        room.requeueAfter(owner, minReadySeconds * 1000 + 1000);
      }
    },
    deleted,
  });
}
