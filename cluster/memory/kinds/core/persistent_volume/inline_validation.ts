/** A volume that an attachment describes itself: only CSI, and nothing of a claim. Source: as `validation.ts`. */
import { type FieldError, forbidden, required } from "../../field_error.ts";
import type { PersistentVolumeSpec } from "../../schema/types.ts";
import { validateAccessModes } from "../claim_spec.ts";
import { validateVolumeSource } from "./validation.ts";

const WHERE = "in the context of inline volumes";

export function validateInlineVolume(spec: PersistentVolumeSpec, path: string): FieldError[] {
  const not = (field: string, message = "may not be specified") => forbidden(`${path}.${field}`, `${message} ${WHERE}`);
  const { persistentVolumeReclaimPolicy: policy, volumeMode } = spec;
  return [
    ...spec.claimRef ? [not("claimRef")] : [],
    ...Object.keys(spec.capacity ?? {}).length > 0 ? [not("capacity")] : [],
    ...spec.csi ? [] : [required(`${path}.csi`, `has to be specified ${WHERE}`)],
    ...spec.accessModes?.length ? [] : [required(`${path}.accessModes`)],
    ...validateAccessModes(spec.accessModes ?? [], `${path}.accessModes`),
    ...policy && policy !== "Retain" ? [not("persistentVolumeReclaimPolicy", "may only be Retain")] : [],
    ...spec.nodeAffinity ? [not("nodeAffinity")] : [],
    ...validateVolumeSource(spec, "", path),
    ...spec.storageClassName ? [not("storageClassName")] : [],
    ...volumeMode !== undefined && volumeMode !== "Filesystem"
      ? [not("volumeMode", "may not specify volumeMode other than Filesystem")]
      : [],
  ];
}
