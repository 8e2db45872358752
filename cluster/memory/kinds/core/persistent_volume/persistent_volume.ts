/** PersistentVolume. Source: `pkg/registry/core/persistentvolume`, `pkg/apis/core/v1` and `pkg/api/persistentvolume`. */
import { defineKind } from "../../kind.ts";
import type { Draft } from "../../object.ts";
import { metadataErrors } from "../../object_meta.ts";
import type { PersistentVolume, Volume } from "../../schema/types.ts";
import { age, tableOf } from "../../table.ts";
import { accessModesText, classOf } from "../storage_class_name.ts";
import { defaultResourceList } from "../pod/defaults.ts";
import { defaultVolume } from "../pod/volume_defaults.ts";
import { validatePersistentVolume, validatePersistentVolumeChange } from "./validation.ts";
import { persistentVolumeWarnings } from "./warnings.ts";

export const persistentVolume = defineKind<PersistentVolume>({
  group: "",
  version: "v1",
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  singular: "persistentvolume",
  shortNames: ["pv"],
  namespaced: false,
  type: "core.v1.PersistentVolume",
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    generation: false,
    defaults,
    prepareForCreate(volume) {
      const { creationTimestamp } = volume.metadata;
      volume.status = {
        phase: "Pending",
        ...creationTimestamp === undefined ? {} : { lastPhaseTransitionTime: creationTimestamp },
      };
    },
    prepareForUpdate: (volume, old) => void (volume.status = old.status as typeof volume.status),
    validate: (volume) => validatePersistentVolume(volume),
    validateUpdate: (volume, old) => [
      ...validatePersistentVolume(volume, old),
      // Kubernetes judges the object twice on update.
      ...metadataErrors(volume),
      ...validatePersistentVolume(volume, old),
      ...validatePersistentVolumeChange(volume, old),
    ],
    warnings: persistentVolumeWarnings,
  },
  status: {
    prepareForUpdate(volume, old, now) {
      volume.spec = old.spec as typeof volume.spec;
      const [status, before] = [volume.status ??= {}, old.status ?? {}];
      if (status.phase === before.phase) {
        if (before.lastPhaseTransitionTime) status.lastPhaseTransitionTime ??= before.lastPhaseTransitionTime;
      } else if (
        now !== undefined &&
        (!status.lastPhaseTransitionTime || status.lastPhaseTransitionTime === before.lastPhaseTransitionTime)
      ) {
        status.lastPhaseTransitionTime = new Date(now).toISOString().replace(/\.\d+Z$/, "Z");
      }
    },
  },
  table: tableOf("core.v1.PersistentVolume", (volume, now) => [
    volume.metadata.name ?? "",
    volume.spec?.capacity?.storage ?? "0",
    accessModesText(volume.spec?.accessModes),
    volume.spec?.persistentVolumeReclaimPolicy ?? "",
    volume.metadata.deletionTimestamp ? "Terminating" : volume.status?.phase ?? "",
    volume.spec?.claimRef ? `${volume.spec.claimRef.namespace ?? ""}/${volume.spec.claimRef.name ?? ""}` : "",
    classOf(volume),
    volume.spec?.volumeAttributesClassName ?? "<unset>",
    volume.status?.reason ?? "",
    age(volume.metadata.creationTimestamp, now),
    volume.spec?.volumeMode ?? "<unset>",
  ]),
});

function defaults(volume: Draft<PersistentVolume>) {
  const spec = volume.spec ??= {};
  volume.status ??= {};
  volume.status.phase ||= "Pending";
  spec.persistentVolumeReclaimPolicy ||= "Retain";
  spec.volumeMode ??= "Filesystem";
  if (spec.capacity) defaultResourceList(spec.capacity);
  const { hostPath, iscsi, rbd, azureDisk, scaleIO } = spec;
  // These sources default as in a pod. A name and a present source keep it from becoming an empty directory.
  const source = { name: "", hostPath, iscsi, rbd, azureDisk, scaleIO, emptyDir: {} } as unknown as Draft<Volume>;
  defaultVolume(source);
}
