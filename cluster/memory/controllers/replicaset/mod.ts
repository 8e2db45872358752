/**
 * Keeps as many pods running as a ReplicaSet (or a ReplicationController) asks for.
 *
 * Source: `pkg/controller/replicaset`, `pkg/controller/replication`.
 */
import { pods as podKind, replicaSets, replicationControllers } from "../../api/kind_refs.ts";
import type { Pod, ReplicaSet, ReplicationController } from "../../kinds/schema/types.ts";
import {
  type Controller,
  type ControllerContext,
  indexByNamespace,
  keyOfObject,
  reconcileQueue,
} from "../controller.ts";
import { recorderOf } from "../controller.ts";
import { indexByController } from "../controller_ref.ts";
import { Expectations } from "../expectations.ts";
import { podHandler } from "./pod_handler.ts";
import { reconciler } from "./reconcile.ts";
import type { Replicator, ReplicatorKind } from "./replicator.ts";

const replicaSetKind: ReplicatorKind<ReplicaSet> = {
  kind: replicaSets,
  component: "replicaset-controller",
  selector: ({ spec }) => spec.selector,
  countsTerminating: true,
};

const replicationControllerKind: ReplicatorKind<ReplicationController> = {
  kind: replicationControllers,
  component: "replication-controller",
  // A set of labels is the selector; kept with the object so that it is compiled once.
  selector: ({ spec }) => selectorOfSet(spec.selector ?? {}),
  countsTerminating: false,
};

const sets = new WeakMap<object, { readonly matchLabels: Readonly<Record<string, string>> }>();

function selectorOfSet(matchLabels: Readonly<Record<string, string>>) {
  let selector = sets.get(matchLabels);
  if (selector === undefined) sets.set(matchLabels, selector = { matchLabels });
  return selector;
}

export const startReplicaSetController = (context: ControllerContext): Controller => start(context, replicaSetKind);

export const startReplicationController = (context: ControllerContext): Controller =>
  start(context, replicationControllerKind);

function start<T extends Replicator>(context: ControllerContext, replicator: ReplicatorKind<T>): Controller {
  const replicas = indexByController(indexByNamespace(context.informers.for<T>(replicator.kind)));
  const pods = indexByController(context.informers.for<Pod>(podKind));
  const expectations = new Expectations(context.clock);
  const recorder = recorderOf(context, replicator.component);
  const room = { context, replicator, replicas, pods, expectations, recorder };
  const reconcile = reconciler(room, (key, ms) => queue.addAfter(key, ms));
  const queue = reconcileQueue(context, reconcile);
  replicas.on({
    added: (object) => queue.add(keyOfObject(object)),
    updated: (object) => queue.add(keyOfObject(object)),
    deleted(object) {
      expectations.forget(keyOfObject(object));
      queue.add(keyOfObject(object));
    },
  });
  pods.on(podHandler(room, queue));
  return queue;
}
