/** Which ReplicaSets a change of a pod concerns. */
import type { Handler } from "../../api/informer.ts";
import type { WorkQueue } from "../../api/work_queue.ts";
import type { Pod } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import { inNamespace, keyOfObject } from "../controller.ts";
import { controllerOf, resolveControllerRef } from "../controller_ref.ts";
import { isReady } from "../pod_state.ts";
import { selects } from "../selectors.ts";
import type { Replicator, Room } from "./replicator.ts";

export function podHandler<T extends Replicator>(
  { replicas, expectations, replicator }: Room<T>,
  queue: WorkQueue,
): Handler<Pod> {
  const ownerOf = (pod: Pod) => resolveControllerRef(replicas, pod.metadata.namespace, controllerOf(pod));

  /** An orphan may be adopted by any that selects it. */
  const addSelecting = (pod: Pod) => {
    if (pod.metadata.labels === undefined) return;
    for (const object of inNamespace(replicas, pod.metadata.namespace!)) {
      if (selects(replicator.selector(object), pod.metadata.labels)) queue.add(keyOfObject(object));
    }
  };

  const deleted = (pod: Pod) => {
    const owner = ownerOf(pod);
    if (owner === undefined) return;
    expectations.deletionObserved(keyOfObject(owner), keyOfObject(pod));
    queue.add(keyOfObject(owner));
  };

  const added = (pod: Pod) => {
    if (pod.metadata.deletionTimestamp !== undefined) return deleted(pod);
    if (controllerOf(pod) === undefined) return addSelecting(pod);
    const owner = ownerOf(pod);
    if (owner === undefined) return;
    expectations.creationObserved(keyOfObject(owner));
    queue.add(keyOfObject(owner));
  };

  const updated = (pod: Pod, old: Pod) => {
    const labelsChanged = !same(pod.metadata.labels, old.metadata.labels);
    if (pod.metadata.deletionTimestamp !== undefined) {
      // The deletion counts when it begins: what replaces the pod need not wait until it has ended.
      deleted(pod);
      if (labelsChanged) deleted(old);
      return;
    }
    const controllerChanged = !same(controllerOf(pod), controllerOf(old));
    if (controllerChanged && controllerOf(old) !== undefined) {
      const before = ownerOf(old);
      if (before !== undefined) queue.add(keyOfObject(before));
    }
    if (controllerOf(pod) === undefined) {
      if (labelsChanged || controllerChanged) addSelecting(pod);
      return;
    }
    const owner = ownerOf(pod);
    if (owner === undefined) return;
    queue.add(keyOfObject(owner));
    const minReadySeconds = owner.spec.minReadySeconds ?? 0;
    if (minReadySeconds > 0 && isReady(pod) && !isReady(old)) {
      queue.addAfter(keyOfObject(owner), minReadySeconds * 1000 + 1000);
    }
  };

  return { added, updated, deleted };
}
