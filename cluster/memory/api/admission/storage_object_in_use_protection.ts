import { type AdmissionPlugin, resourceOf } from "./plugin.ts";

const FINALIZERS: Readonly<Record<string, string>> = {
  persistentvolumes: "kubernetes.io/pv-protection",
  persistentvolumeclaims: "kubernetes.io/pvc-protection",
  "storage.k8s.io/volumeattributesclasses": "kubernetes.io/vac-protection",
};

/**
 * Volumes and claims in use are not removed: a finalizer keeps them until the protection controller takes it away.
 *
 * Source: `plugin/pkg/admission/storage/storageobjectinuseprotection`.
 */
export function storageObjectInUseProtection(): AdmissionPlugin {
  return {
    name: "StorageObjectInUseProtection",
    admit(attributes) {
      const { operation, subresource, object } = attributes;
      const finalizer = FINALIZERS[resourceOf(attributes)];
      if (operation !== "CREATE" || subresource !== "" || finalizer === undefined) return;
      const finalizers = object!.metadata.finalizers ??= [];
      if (!finalizers.includes(finalizer)) finalizers.push(finalizer);
    },
  };
}
