/**
 * Volumes whose drivers Kubernetes no longer carries in itself.
 *
 * Source: https://kubernetes.io/docs/concepts/storage/volumes/
 */
import type { WordChange } from "./changes.ts";

/** Volumes that the driver of their CSI takes over: they work where that is installed. */
const MIGRATED: readonly (readonly [field: string, provisioner: string, version: string, driver: string])[] = [
  ["awsElasticBlockStore", "aws-ebs", "1.27", "ebs.csi.aws.com"],
  ["azureDisk", "azure-disk", "1.27", "disk.csi.azure.com"],
  ["azureFile", "azure-file", "1.30", "file.csi.azure.com"],
  ["cinder", "cinder", "1.26", "cinder.csi.openstack.org"],
  ["gcePersistentDisk", "gce-pd", "1.28", "pd.csi.storage.gke.io"],
  ["vsphereVolume", "vsphere-volume", "1.30", "csi.vsphere.vmware.com"],
];

/** Volumes that nothing mounts any more. */
const REMOVED: readonly (readonly [field: string, version: string, en: string, ko: string])[] = [
  ["cephfs", "1.31", "Use the CephFS CSI driver.", "CephFS CSI 드라이버를 사용하세요."],
  ["flocker", "1.25", "Use a CSI driver.", "CSI 드라이버를 사용하세요."],
  [
    "gitRepo",
    "1.33",
    "Clone in an init container into an emptyDir.",
    "초기화 컨테이너에서 emptyDir로 복제(clone)하세요.",
  ],
  ["glusterfs", "1.26", "Use a CSI driver.", "CSI 드라이버를 사용하세요."],
  ["quobyte", "1.25", "Use a CSI driver.", "CSI 드라이버를 사용하세요."],
  ["rbd", "1.31", "Use the Ceph RBD CSI driver.", "Ceph RBD CSI 드라이버를 사용하세요."],
  ["storageos", "1.25", "Use a CSI driver.", "CSI 드라이버를 사용하세요."],
];

const field = (name: string): RegExp => new RegExp(`(?<=^\\s*(?:- )*)${name}(?=:(\\s|$))`);

export const STORAGE_CHANGES: readonly WordChange[] = [
  ...MIGRATED.flatMap(([name, provisioner, version, driver]) => {
    const now = {
      en: `The driver ${driver} must be installed; Kubernetes has none of its own any more.`,
      ko: `쿠버네티스에 내장된 드라이버는 제거되었으므로 ${driver} 드라이버를 설치해야 합니다.`,
    };
    return [field(name), new RegExp(`\\bkubernetes\\.io/${provisioner}\\b`)]
      .map((word) => ({ word, version, fails: false, now }));
  }),
  ...REMOVED.map(([name, version, en, ko]) => ({ word: field(name), version, fails: true, now: { en, ko } })),
  {
    word: /\bkubernetes\.io\/(glusterfs|rbd|quobyte|storageos|scaleio)\b/,
    version: "1.31",
    fails: true,
    now: { en: "Use the provisioner of a CSI driver.", ko: "CSI 드라이버의 프로비저너를 사용하세요." },
  },
];
