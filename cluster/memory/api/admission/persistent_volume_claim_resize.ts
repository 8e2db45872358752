import { compareQuantities } from "../../kinds/quantity.ts";
import type { PersistentVolumeClaim, StorageClass } from "../../kinds/schema/types.ts";
import { type AdmissionContext, type AdmissionPlugin, refuse, resourceOf, stored } from "./plugin.ts";

/**
 * Only bound claims of a class that allows it can grow.
 *
 * Source: `plugin/pkg/admission/storage/persistentvolume/resize`.
 */
export function persistentVolumeClaimResize({ store }: AdmissionContext): AdmissionPlugin {
  return {
    name: "PersistentVolumeClaimResize",
    validate(attributes) {
      const { operation, subresource } = attributes;
      if (operation !== "UPDATE" || subresource !== "" || resourceOf(attributes) !== "persistentvolumeclaims") return;
      const claim = attributes.object as PersistentVolumeClaim;
      const old = attributes.oldObject as PersistentVolumeClaim;
      const storage = ({ spec }: PersistentVolumeClaim) => spec.resources?.requests?.storage ?? "0";
      if (compareQuantities(storage(claim), storage(old)) <= 0) return;
      if (old.status?.phase !== "Bound") {
        throw refuse(attributes, "Only bound persistent volume claims can be expanded");
      }
      const className = classOf(claim);
      const found = className === "" || className !== classOf(old)
        ? undefined
        : stored<StorageClass>(store, "storage.k8s.io/storageclasses", className);
      if (!found?.allowVolumeExpansion) {
        throw refuse(
          attributes,
          "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
        );
      }
    },
  };
}

function classOf({ metadata, spec }: PersistentVolumeClaim): string {
  return metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName ?? "";
}
