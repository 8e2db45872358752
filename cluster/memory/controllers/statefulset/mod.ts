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
import {
  type Controller,
  type ControllerContext,
  indexByNamespace,
  keyOfObject,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";
import { claim, controlledBy, indexByController, orphansIn } from "../controller_ref.ts";
import { dependantHandler } from "../dependant_handler.ts";
import { becameReady, nextAvailabilityCheck } from "../pod_state.ts";
import { compile, matches } from "../selectors.ts";
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
  const add = (set: StatefulSet) => queue.add(keyOfObject(set));
  sets.on({ added: add, updated: (set) => add(set), deleted: add });
  pods.on(dependantHandler({
    owners: sets,
    selector: ({ spec }) => spec.selector,
    add,
    changed(owner, pod, old) {
      const { minReadySeconds = 0 } = owner.spec;
      if (minReadySeconds > 0 && becameReady(pod, old)) queue.addAfter(keyOfObject(owner), minReadySeconds * 1000);
    },
  }));
  return queue;
}
