/** What a client is told about a PersistentVolume that is accepted. Source: `pkg/api/persistentvolume/util.go`. */
import { nodeSelectorTermWarnings } from "../../node_label_deprecation.ts";
import type { PersistentVolume } from "../../schema/types.ts";

const ANNOTATIONS: Readonly<Record<string, string>> = {
  "volume.beta.kubernetes.io/storage-class": 'deprecated since v1.8; use "storageClassName" attribute instead',
  "volume.beta.kubernetes.io/mount-options": 'deprecated since v1.31; use "mountOptions" attribute instead',
};
/** [field, its name in the warning, what became of it] */
const SOURCES = [
  ["cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"],
] as const;

export function persistentVolumeWarnings({ metadata, spec = {} }: PersistentVolume): string[] {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return [
    ...Object.entries(ANNOTATIONS).filter(([key]) => Object.hasOwn(metadata.annotations ?? {}, key))
      .map(([key, message]) => `metadata.annotations[${key}]: ${message}`),
    ...spec.persistentVolumeReclaimPolicy === "Recycle"
      ? [
        "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
      ]
      : [],
    ...terms.flatMap((term, i) =>
      nodeSelectorTermWarnings(term, false, `spec.nodeAffinity.required.nodeSelectorTerms[${i}]`)
    ),
    ...SOURCES.filter(([field]) => spec[field]).map(([, name, message]) => `spec.${name}: ${message}`),
  ];
}
