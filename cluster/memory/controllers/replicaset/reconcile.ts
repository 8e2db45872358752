/** One reconciliation: claim the pods, create or delete what is missing or too many, write the status. */
import { pods as podKind } from "../../api/kind_refs.ts";
import { splitKey } from "../../api/informer.ts";
import type { Pod, PodTemplateSpec } from "../../kinds/schema/types.ts";
import { isNamespaceTerminating, isNotFound, keyOfObject } from "../controller.ts";
import {
  claim,
  controlledBy,
  controlledByReference,
  controllerOf,
  isControlledBy,
  newControllerRef,
  orphansIn,
} from "../controller_ref.ts";
import { createPod, deletePod, podFromTemplate, slowStartBatch } from "../pod_control.ts";
import { podsToDelete } from "../pod_ranking.ts";
import { isActive, isTerminating, nextAvailabilityCheck } from "../pod_state.ts";
import { matches } from "../selectors.ts";
import type { Replicator, Room } from "./replicator.ts";
import { calculateStatus, updateStatus } from "./status.ts";

/** The most pods that one reconciliation creates or deletes; the next goes on when they have been seen. */
const BURST = 500;

export function reconciler<T extends Replicator>(room: Room<T>, requeueAfter: (key: string, ms: number) => void) {
  const { context, replicator, replicas, pods, expectations } = room;
  const { client, clock } = context;

  return async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    const object = replicas.get(namespace, name);
    if (object === undefined) return expectations.forget(key);

    const mayManage = expectations.satisfied(key);
    const selector = replicator.selector(object);
    const selected = (pod: Pod) => matches(selector, pod.metadata.labels);
    const owned = [
      ...controlledBy(pods, object, replicator.kind.kind),
      ...orphansIn(pods, namespace!),
    ];
    const active = await claim(
      { client, kind: podKind, owner: object, ownerKind: replicator.kind, matches: selected },
      owned.filter(isActive),
    );
    const terminating = owned.filter((pod) => isTerminating(pod) && isControlledBy(pod, object) && selected(pod));

    let failure: unknown;
    if (mayManage && object.metadata.deletionTimestamp === undefined) {
      failure = await manageReplicas(room, object, active);
    }
    const now = clock.now();
    const count = replicator.countsTerminating ? terminating.length : undefined;
    const status = calculateStatus(object, active, count, failure, now);
    const updated = await updateStatus(client, replicator.kind, object, status);
    if (failure !== undefined) throw failure;

    const { minReadySeconds = 0 } = updated.spec;
    const { readyReplicas = 0, availableReplicas = 0 } = updated.status;
    if (minReadySeconds > 0 && readyReplicas !== availableReplicas) {
      requeueAfter(key, nextAvailabilityCheck(active, minReadySeconds, now) ?? minReadySeconds * 1000);
    }
  };
}

/** Creates or deletes pods. @returns what failed */
async function manageReplicas<T extends Replicator>(room: Room<T>, object: T, active: readonly Pod[]) {
  const difference = active.length - (object.spec.replicas ?? 1);
  if (difference < 0) return await createReplicas(room, object, Math.min(-difference, BURST));
  if (difference > 0) return await deleteReplicas(room, object, active, Math.min(difference, BURST));
}

async function createReplicas<T extends Replicator>(room: Room<T>, object: T, count: number): Promise<unknown> {
  const { context: { client }, recorder, expectations, replicator } = room;
  const key = keyOfObject(object);
  expectations.expectCreations(key, count);
  const reference = newControllerRef(object, replicator.kind);
  const template: PodTemplateSpec = object.spec.template!;
  const { successes, error } = await slowStartBatch(count, async () => {
    try {
      await createPod({ client, recorder }, object, podFromTemplate(template, object, reference));
    } catch (error) {
      // In a namespace that goes away there is nothing to make up for.
      if (!isNamespaceTerminating(error)) throw error;
    }
  });
  for (let i = successes; i < count; i++) expectations.creationObserved(key);
  return error;
}

async function deleteReplicas<T extends Replicator>(room: Room<T>, object: T, active: readonly Pod[], count: number) {
  const { context: { client, clock }, recorder, expectations } = room;
  const key = keyOfObject(object);
  const victims = podsToDelete(active, relatedPods(room, object), count, clock.now());
  expectations.expectDeletions(key, victims.map(keyOfObject));
  let failure: unknown;
  for (const pod of victims) {
    try {
      await deletePod({ client, recorder }, object, pod.metadata.name!);
    } catch (error) {
      expectations.deletionObserved(key, keyOfObject(pod));
      if (!isNotFound(error)) failure ??= error;
    }
  }
  return failure;
}

/** The pods of all that have the same controller: of a Deployment's other ReplicaSets too. */
function relatedPods<T extends Replicator>({ replicas, pods, replicator }: Room<T>, object: T): Pod[] {
  const owner = controllerOf(object);
  if (owner === undefined) return [];
  return controlledByReference(replicas, object.metadata.namespace!, owner)
    .flatMap((other) => controlledBy(pods, other, replicator.kind.kind));
}
