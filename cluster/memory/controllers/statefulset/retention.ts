/**
 * Who owns a claim, so that it goes when its retention policy says so: the set, the pod that is scaled away, or nobody.
 *
 * Source: `pkg/controller/statefulset/stateful_set_utils.go` (isClaimOwnerUpToDate, updateClaimOwnerRefForSetAndPod).
 */
import { pods as podKind, statefulSets as statefulSetKind } from "../../api/kind_refs.ts";
import type { KindRef } from "../../api/client.ts";
import { apiVersionOf } from "../../kinds/kind.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { OwnerReference, PersistentVolumeClaim, Pod, StatefulSet } from "../../kinds/schema/types.ts";
import { newControllerRef } from "../controller_ref.ts";
import { isInRange, ordinalOf } from "./identity.ts";

const owners = ({ metadata }: PersistentVolumeClaim): readonly OwnerReference[] => metadata.ownerReferences ?? [];

function policyOf({ spec }: StatefulSet): { readonly onDelete: boolean; readonly onScale: boolean } {
  const { whenDeleted, whenScaled } = spec.persistentVolumeClaimRetentionPolicy ?? {};
  return { onDelete: whenDeleted === "Delete", onScale: whenScaled === "Delete" };
}

const means = (reference: OwnerReference, object: KubeObject, kind: KindRef): boolean =>
  reference.apiVersion === apiVersionOf(kind) && reference.kind === kind.kind &&
  reference.name === object.metadata.name;

/** Whether the claim still belongs to an earlier object of that name. */
export function hasStaleOwner(claim: PersistentVolumeClaim, object: KubeObject, kind: KindRef): boolean {
  const reference = owners(claim).find((reference) => means(reference, object, kind));
  return reference !== undefined && reference.uid !== object.metadata.uid;
}

/** Whether pods of earlier times keep the claim: it is about to go. */
export const isStaleFor = (claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean =>
  policyOf(set).onScale && hasStaleOwner(claim, pod, podKind);

/** Whether somebody else controls the claim. */
export function hasUnexpectedController(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  const { onDelete, onScale } = policyOf(set);
  if (!onDelete && !onScale) return false;
  return owners(claim).some((reference) => {
    if (means(reference, set, statefulSetKind)) return reference.uid !== set.metadata.uid;
    if (means(reference, pod, podKind)) return reference.uid !== pod.metadata.uid;
    return reference.controller === true;
  });
}

/** The owners that the claim should have; undefined when it has them. */
export function ownersToWrite(
  claim: PersistentVolumeClaim,
  set: StatefulSet,
  pod: Pod,
): readonly OwnerReference[] | undefined {
  if (hasStaleOwner(claim, set, statefulSetKind) || hasStaleOwner(claim, pod, podKind)) return undefined;
  const references = owners(claim);
  const owned = ({ metadata: { uid } }: KubeObject) => references.some((reference) => reference.uid === uid);
  const others = references.filter((reference) =>
    !means(reference, set, statefulSetKind) && !means(reference, pod, podKind)
  );
  if (hasUnexpectedController(claim, set, pod)) return owned(set) || owned(pod) ? others : undefined;
  const { onDelete, onScale } = policyOf(set);
  const scaledDown = !isInRange(set, ordinalOf(pod));
  const byPod = onScale && scaledDown;
  const bySet = onDelete && !byPod;
  const controlling = references.every(({ uid, controller }) =>
    (uid !== set.metadata.uid && uid !== pod.metadata.uid) || controller === true
  );
  if (controlling && owned(set) === bySet && owned(pod) === byPod) return undefined;
  return [
    ...others,
    ...bySet ? [newControllerRef(set, statefulSetKind)] : [],
    ...byPod ? [newControllerRef(pod, podKind)] : [],
  ];
}
