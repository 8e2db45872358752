/** What an autoscaler scales: anything that has a scale. */
import type { Client, KindRef } from "../../api/client.ts";
import { apiVersionOf } from "../../kinds/kind.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { HorizontalPodAutoscaler, Scale } from "../../kinds/schema/types.ts";
import type { ServedResource } from "../options.ts";

export interface Target {
  /** What is wanted now. */
  readonly replicas: number;
  /** "app=web" */
  readonly selector: string;
  scaleTo(replicas: number): Promise<void>;
}

/** @throws in the API's words when there is no such thing, or it has no scale */
export async function findTarget(
  client: Client,
  resources: readonly ServedResource[],
  { metadata: { namespace }, spec: { scaleTargetRef } }: HorizontalPodAutoscaler,
): Promise<Target> {
  const { kind, name, apiVersion = "v1" } = scaleTargetRef;
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  const ofKind = resources.filter((resource) => resource.kind === kind && resource.group === group);
  const resource = ofKind.find((resource) => apiVersionOf(resource) === apiVersion) ?? ofKind[0];
  if (resource === undefined) {
    throw new Error(`no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`);
  }
  if (resource.scale === undefined) throw new Error("the server could not find the requested resource");
  const scale = await client.get(resource as KindRef<Scale & KubeObject>, namespace, name, "scale");
  return {
    replicas: scale.spec?.replicas ?? 0,
    selector: scale.status?.selector ?? "",
    async scaleTo(replicas) {
      await client.update(resource as KindRef, { ...scale, spec: { replicas } } as KubeObject, "scale");
    },
  };
}
