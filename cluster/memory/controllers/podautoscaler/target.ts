/** What an autoscaler scales: anything that has a scale. */
import type { Client } from "../../api/client.ts";
import { apiVersionOf } from "../../kinds/kind.ts";
import type { HorizontalPodAutoscaler } from "../../kinds/schema/types.ts";
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
  const object = await client.get(resource, namespace, name);
  const { scale } = resource;
  if (scale === undefined) throw new Error("the server could not find the requested resource");
  return {
    replicas: scale.replicas(object),
    selector: scale.selector(object),
    async scaleTo(replicas) {
      const body = { spec: { replicas } };
      await client.patch(resource, namespace, name, { type: "merge", body, subresource: "scale" });
    },
  };
}
