/** What somebody finds who looks at a node's own files. */
import type { NodeConfig } from "../node_config.ts";
import type { Entry } from "../runtime/files/entry.ts";
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

export function nodeFiles({ name: node, address }: NodeConfig): VolumeContent {
  const owned = { mode: 0o755, mtime: BUILT, uid: 0 };
  const device = (type?: "socket" | "block device"): Entry => (
    { kind: "device", ...type === undefined ? {} : { type }, ...owned, mode: 0o660 }
  );
  return {
    files: new Map([
      ["etc/hostname", `${node}\n`],
      ["etc/hosts", `127.0.0.1\tlocalhost\n${address}\t${node}\n`],
      [
        "etc/os-release",
        'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n',
      ],
      ["etc/machine-id", ""],
      ["etc/localtime", ""],
      ["etc/resolv.conf", ""],
      ["var/lib/kubelet/config.yaml", "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"],
      ["etc/kubernetes/kubelet.conf", ""],
    ]),
    special: new Map<string, Entry>([
      ...FOLDERS.map((path): [string, Entry] => [path, { kind: "folder", ...owned }]),
      ...SOCKETS.map((path): [string, Entry] => [path, device("socket")]),
      ...CHARACTER_DEVICES.map((name): [string, Entry] => [`dev/${name}`, device()]),
      ...BLOCK_DEVICES.map((disk): [string, Entry] => [`dev/${disk}`, device("block device")]),
    ]),
  };
}
