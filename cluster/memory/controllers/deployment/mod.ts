/**
 * Rolls a Deployment's template out over replica sets.
 *
 * Source: `pkg/controller/deployment`.
 */
import { deployments as deploymentKind, pods as podKind, replicaSets as replicaSetKind } from "../../api/kind_refs.ts";
import type { Deployment, Pod, ReplicaSet } from "../../kinds/schema/types.ts";
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
import { controlledBy, controllerOf, indexByController, resolveControllerRef } from "../controller_ref.ts";
import { selects } from "../selectors.ts";
import { reconcile } from "./reconcile.ts";
import type { Room } from "./rollout.ts";

/** After so many failures a deployment waits for the next change. */
const RETRIES = 15;

export function startDeploymentController(context: ControllerContext): Controller {
  const deployments = indexByNamespace(context.informers.for<Deployment>(deploymentKind));
  const replicaSets = indexByController(context.informers.for<ReplicaSet>(replicaSetKind));
  const pods = indexByController(context.informers.for<Pod>(podKind));
  const room: Room = {
    context,
    deployments,
    replicaSets,
    pods,
    recorder: recorderOf(context, "deployment-controller"),
    // In the background: a rollout that will never get further has settled, long before its deadline.
    checkProgressAfter: (deployment, ms) => queue.addAfter(keyOfObject(deployment), ms, ms > 1000),
  };
  const queue = reconcileQueue(context, (key) => reconcile(room, key), { retries: RETRIES });

  const add = (deployment: Deployment | undefined) => {
    if (deployment !== undefined) queue.add(keyOfObject(deployment));
  };
  const ownerOf = (set: ReplicaSet) => resolveControllerRef(deployments, set.metadata.namespace, controllerOf(set));
  const addSelecting = (set: ReplicaSet) => {
    if (set.metadata.labels === undefined) return;
    for (const deployment of inNamespace(deployments, set.metadata.namespace!)) {
      if (selects(deployment.spec.selector, set.metadata.labels)) add(deployment);
    }
  };

  deployments.on({ added: add, updated: (deployment) => add(deployment), deleted: add });
  replicaSets.on({
    added(set) {
      if (set.metadata.deletionTimestamp === undefined && controllerOf(set) === undefined) addSelecting(set);
      else add(ownerOf(set));
    },
    updated(set, old) {
      const controllerChanged = !same(controllerOf(set), controllerOf(old));
      if (controllerChanged) add(ownerOf(old));
      if (controllerOf(set) !== undefined) add(ownerOf(set));
      else if (controllerChanged || !same(set.metadata.labels, old.metadata.labels)) addSelecting(set);
    },
    deleted: (set) => add(ownerOf(set)),
  });
  pods.on({
    // The last old pod of a Recreate deployment has gone: now the new ones may come.
    deleted(pod) {
      const set = resolveControllerRef(replicaSets, pod.metadata.namespace, controllerOf(pod));
      const deployment = set && ownerOf(set);
      if (deployment?.spec.strategy?.type !== "Recreate") return;
      const left = controlledBy(replicaSets, deployment, "Deployment").some((other) =>
        controlledBy(pods, other, "ReplicaSet").length > 0
      );
      if (!left) add(deployment);
    },
  });
  return queue;
}
