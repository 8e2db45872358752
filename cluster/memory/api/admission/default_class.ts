/**
 * Claims without a storage class, and Ingresses without a class, get the default one.
 *
 * Sources: `plugin/pkg/admission/storage/storageclass/setdefault`, `plugin/pkg/admission/network/defaultingressclass`.
 */
import type { Draft } from "../../kinds/object.ts";
import type { Ingress, IngressClass, PersistentVolumeClaim, StorageClass } from "../../kinds/schema/types.ts";
import type { Store } from "../../store/store.ts";
import { type AdmissionContext, type AdmissionPlugin, resourceOf } from "./plugin.ts";

export function defaultStorageClass({ store }: AdmissionContext): AdmissionPlugin {
  return {
    name: "DefaultStorageClass",
    admit(attributes) {
      const { operation, subresource, object } = attributes;
      if (operation !== "CREATE" || subresource !== "" || resourceOf(attributes) !== "persistentvolumeclaims") return;
      const claim = object as Draft<PersistentVolumeClaim>;
      const asked = claim.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"];
      if (asked !== undefined || claim.spec.storageClassName !== undefined) return;
      const isDefault = (annotations: Readonly<Record<string, string>>) =>
        annotations["storageclass.kubernetes.io/is-default-class"] === "true" ||
        annotations["storageclass.beta.kubernetes.io/is-default-class"] === "true";
      const [newest] = defaults<StorageClass>(store, "storage.k8s.io/storageclasses", isDefault);
      if (newest !== undefined) claim.spec.storageClassName = newest.metadata.name;
    },
  };
}

export function defaultIngressClass({ store }: AdmissionContext): AdmissionPlugin {
  return {
    name: "DefaultIngressClass",
    admit(attributes) {
      const { operation, subresource, object } = attributes;
      if (operation !== "CREATE" || subresource !== "" || resourceOf(attributes) !== "networking.k8s.io/ingresses") {
        return;
      }
      const ingress = object as Draft<Ingress>;
      const asked = ingress.metadata.annotations?.["kubernetes.io/ingress.class"];
      if (asked !== undefined || ingress.spec.ingressClassName !== undefined) return;
      const isDefault = (annotations: Readonly<Record<string, string>>) =>
        annotations["ingressclass.kubernetes.io/is-default-class"] === "true";
      const [newest] = defaults<IngressClass>(store, "networking.k8s.io/ingressclasses", isDefault);
      if (newest !== undefined) ingress.spec.ingressClassName = newest.metadata.name;
    },
  };
}

/** The classes that are marked as the default, the newest first. */
function defaults<T extends StorageClass | IngressClass>(
  store: Store,
  bucket: string,
  isDefault: (annotations: Readonly<Record<string, string>>) => boolean,
): T[] {
  return store.list<T>(bucket).map(({ object }) => object)
    .filter(({ metadata }) => isDefault(metadata.annotations ?? {}))
    .sort((a, b) => (b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? ""));
}
