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
import type { DaemonSet, Node } from "../../kinds/schema/types.ts";
import { Backoff } from "../backoff.ts";
import { same } from "../conditions.ts";
import {
  type Controller,
  type ControllerContext,
  indexByNamespace,
  keyOfObject,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";
import { controllerOf, indexByController } from "../controller_ref.ts";
import { dependantHandler } from "../dependant_handler.ts";
import { Expectations } from "../expectations.ts";
import { becameReady } from "../pod_state.ts";
import { compile } from "../selectors.ts";
import { indexByNode, podsOn } from "../pods_by_node.ts";
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
    pods: indexByNode(indexByController(informers.for(podKind))),
    nodes: informers.for(nodeKind),
    recorder: recorderOf(context, "daemonset-controller"),
    expectations: new Expectations(clock),
    failed: new Backoff(clock, 1000, 15 * 60_000),
    requeueAfter: (daemonSet, ms) => queue.addAfter(keyOfObject(daemonSet), ms),
  };
  const queue = reconcileQueue(context, (key) => reconcile(room, key));
  const add = (daemonSet: DaemonSet) => queue.add(keyOfObject(daemonSet));
  room.daemonSets.on({
    added: add,
    updated: (daemonSet) => add(daemonSet),
    deleted(daemonSet) {
      room.expectations.forget(keyOfObject(daemonSet));
      add(daemonSet);
    },
  });
  room.pods.on(dependantHandler({
    owners: room.daemonSets,
    selector: ({ spec }) => spec.selector,
    add,
    created: (owner) => room.expectations.creationObserved(keyOfObject(owner)),
    gone: (owner, pod) => room.expectations.deletionObserved(keyOfObject(owner), keyOfObject(pod)),
    changed(owner, pod, old) {
      const { minReadySeconds = 0 } = owner.spec;
      if (minReadySeconds > 0 && becameReady(pod, old)) room.requeueAfter(owner, minReadySeconds * 1000 + 1000);
    },
  }));
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
  const owners = new Set(podsOn(room.pods, name).map((pod) => controllerOf(pod)?.uid));
  for (const daemonSet of room.daemonSets.list()) {
    const { shouldRun, shouldContinue } = verdictFor(daemonSpec(daemonSet), node);
    const scheduled = owners.has(daemonSet.metadata.uid);
    const misscheduled = (daemonSet.status?.numberMisscheduled ?? 0) > 0;
    if ((shouldRun && !scheduled) || (scheduled && (!shouldContinue || misscheduled))) add(daemonSet);
  }
}
