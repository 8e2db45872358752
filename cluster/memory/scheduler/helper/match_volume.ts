/**
 * Which persistent volume a claim would get on a node.
 *
 * Source: `k8s.io/component-helpers/storage/volume/pv_helpers.go`.
 */
import { compareQuantities } from "../../kinds/quantity.ts";
import { selectorMatches, selectorOf } from "../../kinds/label_selector.ts";
import type { Node, PersistentVolume, PersistentVolumeClaim } from "../../kinds/schema/types.ts";
import { nodeSelectorMatches } from "./node_affinity.ts";

const LEGACY_CLASS = "volume.beta.kubernetes.io/storage-class";
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";

/** A claim's class; the annotation of old wins. */
export const claimClass = ({ metadata, spec }: PersistentVolumeClaim): string =>
  metadata.annotations?.[LEGACY_CLASS] ?? spec?.storageClassName ?? "";

export const volumeClass = ({ metadata, spec }: PersistentVolume): string =>
  metadata.annotations?.[LEGACY_CLASS] ?? spec?.storageClassName ?? "";

/** Bound on both sides: the claim names its volume and the binder has finished. */
export const isFullyBound = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
  !!spec?.volumeName && metadata.annotations?.["pv.kubernetes.io/bind-completed"] !== undefined;

export const volumeFitsNode = ({ spec }: PersistentVolume, node: Node): boolean =>
  spec?.nodeAffinity?.required === undefined || nodeSelectorMatches(spec.nodeAffinity.required, node);

const isFor = ({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim) =>
  spec?.claimRef?.name === metadata.name && spec?.claimRef?.namespace === metadata.namespace &&
  (!spec?.claimRef?.uid || spec.claimRef.uid === metadata.uid);

/** The volume that is kept for the claim, else the smallest available one that is large enough. */
export function findMatchingVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  node: Node,
  taken: ReadonlySet<string>,
): PersistentVolume | undefined {
  const size = claim.spec?.resources?.requests?.storage ?? "0";
  const selector = claim.spec?.selector === undefined ? undefined : selectorOf(claim.spec.selector);
  const mode = claim.spec?.volumeMode ?? "Filesystem";
  let smallest: PersistentVolume | undefined;
  for (const volume of volumes) {
    const { metadata, spec, status } = volume;
    if (taken.has(metadata.name!) || metadata.deletionTimestamp !== undefined) continue;
    if (spec?.claimRef !== undefined && !isFor(volume, claim)) continue;
    const capacity = spec?.capacity?.storage ?? "0";
    if (compareQuantities(capacity, size) < 0 || (spec?.volumeMode ?? "Filesystem") !== mode) continue;
    if ((spec?.volumeAttributesClassName ?? "") !== (claim.spec?.volumeAttributesClassName ?? "")) continue;
    if (isFor(volume, claim)) return volumeFitsNode(volume, node) ? volume : undefined;
    if (status?.phase !== "Available" || volumeClass(volume) !== claimClass(claim)) continue;
    if (selector !== undefined && !selectorMatches(selector, metadata.labels)) continue;
    if (!volumeFitsNode(volume, node)) continue;
    if (!(claim.spec?.accessModes ?? []).every((mode) => spec?.accessModes?.includes(mode))) continue;
    if (smallest === undefined || compareQuantities(capacity, smallest.spec!.capacity!.storage) < 0) smallest = volume;
  }
  return smallest;
}
