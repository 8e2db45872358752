/** How many pods a budget reckons with: what their controllers want. Source: `pkg/controller/disruption` (getExpectedPodCount). */
import type { Client, KindRef } from "../../api/client.ts";
import { replicaSets } from "../../api/kind_refs.ts";
import { apiVersionOf } from "../../kinds/kind.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { OwnerReference, Pod, PodDisruptionBudget, Scale } from "../../kinds/schema/types.ts";
import { isNotFound } from "../controller.ts";
import { controllerOf } from "../controller_ref.ts";
import { scaledValue } from "../int_or_percent.ts";
import type { ServedResource } from "../options.ts";

export interface Expected {
  readonly pods: number;
  /** How many must stay healthy. */
  readonly healthy: number;
  /** Names of pods that nothing controls. */
  readonly unmanaged: readonly string[];
}

/** @throws when a pod's controller is not to be found, or cannot be scaled */
export async function expectedPods(
  client: Client,
  resources: readonly ServedResource[],
  { spec }: PodDisruptionBudget,
  pods: readonly Pod[],
): Promise<Expected> {
  const { minAvailable, maxUnavailable } = spec;
  if (maxUnavailable === undefined && typeof minAvailable === "number") {
    return { pods: pods.length, healthy: minAvailable, unmanaged: [] };
  }
  if (maxUnavailable === undefined && minAvailable === undefined) return { pods: 0, healthy: 0, unmanaged: [] };
  const scales = new Map<string, number>();
  const unmanaged: string[] = [];
  for (const pod of pods) {
    const reference = controllerOf(pod);
    if (reference === undefined) unmanaged.push(pod.metadata.name!);
    else if (!scales.has(reference.uid)) {
      const found = await scaleOf(client, resources, reference, pod);
      if (found === undefined) throw new Error(`found no controllers for pod ${JSON.stringify(pod.metadata.name)}`);
      scales.set(found.uid, found.replicas);
    }
  }
  const count = [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
  const healthy = maxUnavailable === undefined
    ? scaledValue(minAvailable, count, true)
    : Math.max(0, count - scaledValue(maxUnavailable, count, true));
  return { pods: count, healthy, unmanaged };
}

/** The size of a pod's controller, or of the Deployment above it. */
async function scaleOf(client: Client, resources: readonly ServedResource[], reference: OwnerReference, pod: Pod) {
  const { namespace } = pod.metadata;
  const find = async ({ apiVersion, kind, name, uid }: OwnerReference): Promise<Scale | undefined> => {
    const resource = resources.find((other) => other.kind === kind && apiVersionOf(other) === apiVersion);
    if (resource === undefined) return undefined;
    if (resource.scale === undefined) {
      throw new Error(`${resource.plural}.${resource.group} does not implement the scale subresource`);
    }
    const scale = await client.get(resource as KindRef<Scale & KubeObject>, namespace, name, "scale").catch(absent);
    return scale?.metadata.uid === uid ? scale : undefined;
  };
  const owner = await find(reference);
  if (owner === undefined || reference.kind !== "ReplicaSet") return owner && sizeOf(owner);
  const replicaSet = await client.get(replicaSets, namespace, reference.name).catch(absent);
  const above = replicaSet && controllerOf(replicaSet);
  const deployment = above?.kind === "Deployment" ? await find(above) : undefined;
  return sizeOf(deployment ?? owner);
}

const sizeOf = ({ metadata, spec }: Scale) => ({ uid: metadata!.uid!, replicas: spec?.replicas ?? 0 });

function absent(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
