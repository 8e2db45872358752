/**
 * The ResourceClaims that a pod refers to: one by name, or one that is made for the pod from a template and noted in
 * its status.
 *
 * Source: `k8s.io/dynamic-resource-allocation/resourceclaim`.
 */
import type { Pod, PodResourceClaim, ResourceV1ResourceClaim as ResourceClaim } from "../../kinds/schema/types.ts";

/** Set on allocated claims: they may not go before they are deallocated. */
export const CLAIM_FINALIZER = "resource.kubernetes.io/delete-protection";

/** So many pods may use a claim at a time. */
const MOST_CONSUMERS = 256;

export interface PodClaimName {
  readonly name: string;
  /** Whether it is made for the pod, which then has to own it. */
  readonly own: boolean;
}

/** @returns "none" where it turned out that the pod needs none, undefined where it has not been made yet */
export function podClaimName(
  { status }: Pod,
  { name, resourceClaimName }: PodResourceClaim,
): PodClaimName | "none" | undefined {
  if (resourceClaimName !== undefined) return { name: resourceClaimName, own: false };
  const made = status?.resourceClaimStatuses?.find((other) => other.name === name);
  if (made === undefined) return undefined;
  return made.resourceClaimName === undefined ? "none" : { name: made.resourceClaimName, own: true };
}

export const isForPod = (pod: Pod, { metadata }: ResourceClaim): boolean =>
  metadata.ownerReferences?.some(({ uid, controller }) => controller === true && uid === pod.metadata.uid) === true;

export const isReservedFor = ({ metadata }: Pod, { status }: ResourceClaim): boolean =>
  status?.reservedFor?.some(({ uid }) => uid === metadata.uid) === true;

export const canBeReserved = ({ status }: ResourceClaim): boolean =>
  (status?.reservedFor ?? []).length < MOST_CONSUMERS;

export const consumerOf = ({ metadata }: Pod) => ({ resource: "pods", name: metadata.name!, uid: metadata.uid! });
