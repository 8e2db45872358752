/**
 * Keeps the pods of a StatefulSet: each with its number, its name and its claims, one after the other.
 *
 * Source: `pkg/controller/statefulset`.
 */
import { splitKey } from "../../api/informer.ts";
import {
  controllerRevisions,
  persistentVolumeClaims,
  pods as podKind,
  statefulSets as statefulSetKind,
} from "../../api/kind_refs.ts";
import type { ControllerRevision, PersistentVolumeClaim, Pod, StatefulSet } from "../../kinds/schema/types.ts";
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
import {
  claim,
  controlledBy,
  controllerOf,
  indexByController,
  orphansIn,
  resolveControllerRef,
} from "../controller_ref.ts";
import { isReady, nextAvailabilityCheck } from "../pod_state.ts";
import { compile, matches, selects } from "../selectors.ts";
import { isMemberOf } from "./identity.ts";
import { updateReplicas } from "./replicas.ts";
import { syncRevisions, truncateHistory } from "./revisions.ts";
import { updateStatus } from "./status.ts";

export function startStatefulSetController(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const sets = indexByNamespace(informers.for<StatefulSet>(statefulSetKind));
  const pods = indexByController(informers.for<Pod>(podKind));
  const revisionInformer = indexByController(informers.for<ControllerRevision>(controllerRevisions));
  const claims = informers.for<PersistentVolumeClaim>(persistentVolumeClaims);
  const control = { client, claims, recorder: recorderOf(context, "statefulset-controller") };

  const reconcile = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    const set = sets.get(namespace, name);
    if (set === undefined || compile(set.spec.selector) === undefined) return;
    const candidates = [...controlledBy(pods, set, "StatefulSet"), ...orphansIn(pods, namespace!)];
    const member = (pod: Pod) => matches(set.spec.selector, pod.metadata.labels) && isMemberOf(set, pod);
    const claiming = { client, kind: podKind, owner: set, ownerKind: statefulSetKind, matches: member };
    const owned = await claim<Pod>(claiming, candidates);
    const revisions = await syncRevisions(client, revisionInformer, set);
    const now = clock.now();
    const { counts, error } = await updateReplicas({ control, set, revisions, pods: owned, now });
    await updateStatus(client, set, counts, revisions);
    await truncateHistory(client, set, owned, revisions);
    if (error !== undefined) throw error;
    const { minReadySeconds = 0 } = set.spec;
    if (minReadySeconds > 0 && counts.ready !== counts.available) {
      queue.addAfter(key, nextAvailabilityCheck(owned, minReadySeconds, now) ?? minReadySeconds * 1000);
    }
  };

  const queue = reconcileQueue(context, reconcile);
  const add = (set: StatefulSet | undefined) => {
    if (set !== undefined) queue.add(keyOfObject(set));
  };
  const ownerOf = (pod: Pod) => resolveControllerRef(sets, pod.metadata.namespace, controllerOf(pod));
  const addSelecting = (pod: Pod) => {
    for (const set of inNamespace(sets, pod.metadata.namespace!)) {
      if (selects(set.spec.selector, pod.metadata.labels)) add(set);
    }
  };
  sets.on({ added: add, updated: (set) => add(set), deleted: add });
  pods.on({
    added(pod) {
      if (controllerOf(pod) !== undefined || pod.metadata.deletionTimestamp !== undefined) add(ownerOf(pod));
      else addSelecting(pod);
    },
    updated(pod, old) {
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
        queue.addAfter(keyOfObject(owner), minReadySeconds * 1000);
      }
    },
    deleted: (pod) => add(ownerOf(pod)),
  });
  return queue;
}
