/**
 * The claims that a pod uses. That of a generic ephemeral volume is called after its pod and volume, and belongs to
 * the pod.
 *
 * Source: `k8s.io/component-helpers/storage/ephemeral`.
 */
import type { PersistentVolumeClaim, Pod, Volume } from "../../kinds/schema/types.ts";

export interface ClaimName {
  readonly name: string;
  /** The pod's volume. Where it is an ephemeral one, the claim is made for the pod. */
  readonly volume: Volume;
}

/**
 * The names of the claims that a pod's volumes stand for, in the order of the volumes.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { claimNames } from "./claim_names.ts";
 *
 * const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "shared" } }, { name: "scratch", ephemeral: {} }];
 * const names = claimNames({ metadata: { name: "web" }, spec: { containers: [], volumes } });
 * assert.deepEqual(names.map(({ name }) => name), ["shared", "web-scratch"]);
 * ```
 */
export function claimNames({ metadata, spec }: Pick<Pod, "metadata" | "spec">): ClaimName[] {
  return (spec?.volumes ?? []).flatMap((volume) => {
    const { name, persistentVolumeClaim, ephemeral } = volume;
    if (persistentVolumeClaim !== undefined) return [{ name: persistentVolumeClaim.claimName, volume }];
    return ephemeral === undefined ? [] : [{ name: `${metadata.name}-${name}`, volume }];
  });
}

/** Why a claim that has the name of a pod's own is not; undefined where it is. */
export function notOwnClaim(pod: Pod, { metadata }: PersistentVolumeClaim): string | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner !== undefined && owner.uid === pod.metadata.uid) return undefined;
  const { namespace, name } = pod.metadata;
  return `PVC ${metadata.namespace}/${metadata.name} was not created for pod ${namespace}/${name} (pod is not owner)`;
}
