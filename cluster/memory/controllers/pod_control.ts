/**
 * How controllers create and delete the pods of a template, and say so.
 *
 * Source: `pkg/controller/controller_utils.go` (RealPodControl), `pkg/controller/replicaset` (slowStartBatch).
 */
import type { Client } from "../api/client.ts";
import type { EventRecorder } from "../api/event_recorder.ts";
import { pods } from "../api/kind_refs.ts";
import type { KubeObject, Partially } from "../kinds/object.ts";
import type { OwnerReference, Pod, PodTemplateSpec } from "../kinds/schema/types.ts";
import { isNamespaceTerminating, isNotFound, messageOf } from "./controller.ts";

/** A pod as the template has it, to be named after its controller. */
export function podFromTemplate(template: PodTemplateSpec, owner: KubeObject, reference: OwnerReference) {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const pod: Partially<Pod> = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: podPrefix(owner.metadata.name!),
      namespace: owner.metadata.namespace,
      ...labels === undefined ? {} : { labels },
      ...annotations === undefined ? {} : { annotations },
      ...finalizers === undefined ? {} : { finalizers },
      ownerReferences: [reference],
    },
    spec: template.spec,
  };
  return pod;
}

/** "web-", or the name alone where a dash would make it too long. */
const podPrefix = (name: string) => name.length < 253 ? `${name}-` : name;

export interface PodControl {
  readonly client: Client;
  readonly recorder: EventRecorder;
}

/** Creates a pod for `owner`, and records either outcome. @throws what the API refused it with */
export async function createPod({ client, recorder }: PodControl, owner: KubeObject, pod: Partially<Pod>) {
  if (Object.keys(pod.metadata?.labels ?? {}).length === 0) throw new Error("unable to create pods, no labels");
  try {
    const created = await client.create(pods, pod);
    recorder.event(owner, "Normal", "SuccessfulCreate", `Created pod: ${created.metadata.name}`);
    return created;
  } catch (error) {
    if (!isNamespaceTerminating(error)) {
      recorder.event(owner, "Warning", "FailedCreate", `Error creating: ${messageOf(error)}`);
    }
    throw error;
  }
}

/** Deletes a pod of `owner`, and records either outcome. @throws NotFound, or why it failed */
export async function deletePod({ client, recorder }: PodControl, owner: KubeObject, name: string): Promise<void> {
  try {
    await client.delete(pods, owner.metadata.namespace, name);
  } catch (error) {
    if (isNotFound(error)) throw error;
    recorder.event(owner, "Warning", "FailedDelete", `Error deleting: ${messageOf(error)}`);
    throw new Error(`unable to delete pods: ${messageOf(error)}`);
  }
  recorder.event(owner, "Normal", "SuccessfulDelete", `Deleted pod: ${name}`);
}

/**
 * Calls `task` up to `count` times in batches of 1, 2, 4…; after a batch with a failure no other follows, so that a
 * namespace without quota is asked once and not 500 times.
 */
export async function slowStartBatch(count: number, task: (index: number) => Promise<unknown>) {
  let successes = 0;
  let done = 0;
  for (let size = Math.min(count, 1); size > 0; size = Math.min(2 * size, count - done)) {
    const errors: unknown[] = [];
    for (let i = 0; i < size; i++) {
      try {
        await task(done + i);
        successes++;
      } catch (error) {
        errors.push(error);
      }
    }
    done += size;
    if (errors.length > 0) return { successes, error: errors[0] };
  }
  return { successes, error: undefined };
}
