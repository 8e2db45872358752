/** What somebody finds who looks at a node's own files. */
import { NODE_RESOLVER, type NodeConfig } from "../node_config.ts";
import type { Content, Entry } from "../runtime/files/entry.ts";
import type { VolumeContent } from "../runtime/runtime.ts";

const FOLDERS = [
  "bin",
  "boot",
  "dev",
  "etc/cni/net.d",
  "etc/kubernetes/manifests",
  "etc/kubernetes/pki",
  "etc/ssl/certs",
  "home",
  "lib/modules",
  "mnt",
  "opt/cni/bin",
  "proc",
  "root",
  "run/flannel",
  "srv",
  "sys/fs/cgroup",
  "tmp",
  "usr/bin",
  "usr/lib",
  "usr/local/bin",
  "usr/share/ca-certificates",
  "var/lib/containerd",
  "var/lib/kubelet/pods",
  "var/log/containers",
  "var/log/pods",
  "var/tmp",
];

const SOCKETS = ["run/containerd/containerd.sock", "var/run/containerd/containerd.sock"];
const CHARACTER_DEVICES = ["null", "zero", "random", "urandom", "tty", "fuse", "kmsg"];
const BLOCK_DEVICES = ["sda", "sda1"];

/** When the machine was set up. */
const BUILT = Date.UTC(2026, 0, 15);

/** The folder whose manifests the kubelet runs as static pods. */
export const MANIFESTS = "etc/kubernetes/manifests/";

/** Files that tell when one of the manifests among them changes. */
class NodeFiles extends Map<string, Content> {
  changed: () => void = () => {};

  override set(path: string, content: Content): this {
    super.set(path, content);
    if (path.startsWith(MANIFESTS)) this.changed();
    return this;
  }

  override delete(path: string): boolean {
    const deleted = super.delete(path);
    if (deleted && path.startsWith(MANIFESTS)) this.changed();
    return deleted;
  }
}

/** @param manifestsChanged called when a manifest comes, changes or goes */
export function nodeFiles({ name: node, address }: NodeConfig, manifestsChanged: () => void): VolumeContent {
  const files = new NodeFiles(filesOf(node, address));
  files.changed = manifestsChanged;
  const owned = { mode: 0o755, mtime: BUILT, uid: 0 };
  const device = (type?: "socket" | "block device"): Entry => (
    { kind: "device", ...type === undefined ? {} : { type }, ...owned, mode: 0o660 }
  );
  return {
    files,
    special: new Map<string, Entry>([
      ...FOLDERS.map((path): [string, Entry] => [path, { kind: "folder", ...owned }]),
      ...SOCKETS.map((path): [string, Entry] => [path, device("socket")]),
      ...CHARACTER_DEVICES.map((name): [string, Entry] => [`dev/${name}`, device()]),
      ...BLOCK_DEVICES.map((disk): [string, Entry] => [`dev/${disk}`, device("block device")]),
    ]),
  };
}

const filesOf = (node: string, address: string): [path: string, content: string][] => [
  ["etc/hostname", `${node}\n`],
  ["etc/hosts", `127.0.0.1\tlocalhost\n${address}\t${node}\n`],
  [
    "etc/os-release",
    'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n',
  ],
  ["etc/machine-id", ""],
  ["etc/localtime", ""],
  ["etc/resolv.conf", `nameserver ${NODE_RESOLVER}\n`],
  [
    "var/lib/kubelet/config.yaml",
    `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nstaticPodPath: /${
      MANIFESTS.slice(0, -1)
    }\n`,
  ],
  ["etc/kubernetes/kubelet.conf", ""],
];
