/** Which ReplicaSets a change of a pod concerns. */
import type { Handler } from "../../api/informer.ts";
import type { WorkQueue } from "../../api/work_queue.ts";
import type { Pod } from "../../kinds/schema/types.ts";
import { keyOfObject } from "../controller.ts";
import { dependantHandler } from "../dependant_handler.ts";
import { becameReady } from "../pod_state.ts";
import type { Replicator, Room } from "./replicator.ts";

export function podHandler<T extends Replicator>(
  { replicas, expectations, replicator }: Room<T>,
  queue: WorkQueue,
): Handler<Pod> {
  return dependantHandler<T, Pod>({
    owners: replicas,
    selector: replicator.selector,
    add: (owner) => queue.add(keyOfObject(owner)),
    created: (owner) => expectations.creationObserved(keyOfObject(owner)),
    gone: (owner, pod) => expectations.deletionObserved(keyOfObject(owner), keyOfObject(pod)),
    changed(owner, pod, old) {
      const { minReadySeconds = 0 } = owner.spec;
      // A second more, as the API tells times to the second.
      if (minReadySeconds > 0 && becameReady(pod, old)) {
        queue.addAfter(keyOfObject(owner), minReadySeconds * 1000 + 1000);
      }
    },
  });
}
