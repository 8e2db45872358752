/** What is asked of volumes and claims. Source: `pkg/controller/volume/persistentvolume`, `component-helpers/storage/volume`. */
import { compareQuantities } from "../../kinds/quantity.ts";
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../kinds/schema/types.ts";
import { claimClass, volumeClass } from "../../scheduler/helper/match_volume.ts";
import { matches } from "../selectors.ts";

export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
export const STORAGE_PROVISIONER = "volume.kubernetes.io/storage-provisioner";
export const BETA_STORAGE_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";

export const hasAnnotation = ({ metadata }: PersistentVolume | PersistentVolumeClaim, key: string): boolean =>
  metadata.annotations?.[key] !== undefined;

export const delaysBinding = (storageClass: StorageClass | undefined): boolean =>
  storageClass?.volumeBindingMode === "WaitForFirstConsumer";

/** Whether the volume says that it is this claim's: by name, and by uid once it has one. */
export function isBoundTo({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const { claimRef } = spec;
  return claimRef !== undefined && claimRef.name === metadata.name && claimRef.namespace === metadata.namespace &&
    (!claimRef.uid || claimRef.uid === metadata.uid);
}

const modeOf = ({ spec }: PersistentVolume | PersistentVolumeClaim) => spec.volumeMode ?? "Filesystem";
const requestOf = ({ spec }: PersistentVolumeClaim) => spec.resources?.requests?.storage ?? "0";
const capacityOf = ({ spec }: PersistentVolume) => spec.capacity?.storage ?? "0";
const hasModes = (volume: PersistentVolume, { spec }: PersistentVolumeClaim) =>
  (spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode));

/** Why a volume that a claim names cannot be its; undefined when it can. */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (volume.metadata.deletionTimestamp !== undefined) {
    return `the volume is marked for deletion ${JSON.stringify(volume.metadata.name)}`;
  }
  if (compareQuantities(capacityOf(volume), requestOf(claim)) < 0) return "requested PV is too small";
  if (volumeClass(volume) !== claimClass(claim)) return "storageClassName does not match";
  if ((volume.spec.volumeAttributesClassName ?? "") !== (claim.spec.volumeAttributesClassName ?? "")) {
    return "volumeAttributesClassName does not match";
  }
  if (modeOf(volume) !== modeOf(claim)) return "incompatible volumeMode";
  return hasModes(volume, claim) ? undefined : "incompatible accessMode";
}

export const modesMismatch = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  modeOf(volume) !== modeOf(claim);

/**
 * The volume that is reserved for the claim, else the smallest available one that will do.
 *
 * @param reservedOnly while binding waits for a pod, nothing else is taken
 */
export function bestMatch(
  volumes: readonly PersistentVolume[],
  claim: PersistentVolumeClaim,
  reservedOnly: boolean,
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    const reserved = isBoundTo(volume, claim);
    if (volume.spec.claimRef !== undefined && !reserved) continue;
    if (volume.metadata.deletionTimestamp !== undefined || modesMismatch(volume, claim)) continue;
    if (compareQuantities(capacityOf(volume), requestOf(claim)) < 0) continue;
    if ((volume.spec.volumeAttributesClassName ?? "") !== (claim.spec.volumeAttributesClassName ?? "")) continue;
    if (reserved) return volume;
    if (reservedOnly || volume.status?.phase !== "Available") continue;
    if (claim.spec.selector !== undefined && !matches(claim.spec.selector, volume.metadata.labels)) continue;
    if (volumeClass(volume) !== claimClass(claim) || !hasModes(volume, claim)) continue;
    if (best === undefined || compareQuantities(capacityOf(volume), capacityOf(best)) < 0) best = volume;
  }
  return best;
}
