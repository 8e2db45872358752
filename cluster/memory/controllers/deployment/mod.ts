/**
 * Rolls a Deployment's template out over replica sets.
 *
 * Source: `pkg/controller/deployment`.
 */
import { deployments as deploymentKind, pods as podKind, replicaSets as replicaSetKind } from "../../api/kind_refs.ts";
import type { Deployment, Pod, ReplicaSet } from "../../kinds/schema/types.ts";
import {
  type Controller,
  type ControllerContext,
  indexByNamespace,
  keyOfObject,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";
import { controlledBy, controllerOf, indexByController, resolveControllerRef } from "../controller_ref.ts";
import { dependantHandler } from "../dependant_handler.ts";
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

  const add = (deployment: Deployment) => queue.add(keyOfObject(deployment));
  deployments.on({ added: add, updated: (deployment) => add(deployment), deleted: add });
  replicaSets.on(dependantHandler({ owners: deployments, selector: ({ spec }) => spec.selector, add }));
  pods.on({
    // The last old pod of a Recreate deployment has gone: now the new ones may come.
    deleted(pod) {
      const set = resolveControllerRef(replicaSets, pod.metadata.namespace, controllerOf(pod));
      const deployment = set && resolveControllerRef(deployments, set.metadata.namespace, controllerOf(set));
      if (deployment?.spec.strategy?.type !== "Recreate") return;
      const left = controlledBy(replicaSets, deployment, "Deployment").some((other) =>
        controlledBy(pods, other, "ReplicaSet").length > 0
      );
      if (!left) add(deployment);
    },
  });
  return queue;
}
