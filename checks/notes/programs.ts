/** The programs that study notes use: which are checked, which are only recognised. */
import { nearest } from "../nearest.ts";

/** kubectl, and what people call it without an alias line. */
const KUBECTL = new Set(["kubectl", "k", "kc", "kubectl.exe"]);

/** Programs of nodes and clusters whose effects nothing here simulates. */
const CLUSTER_TOOLS = [
  "etcdctl",
  "etcdutl",
  "kubeadm",
  "kubelet",
  "crictl",
  "ctr",
  "nerdctl",
  "docker",
  "docker-compose",
  "podman",
  "helm",
  "kustomize",
  "kind",
  "minikube",
  "k3d",
  "k3s",
  "k9s",
  "kubectx",
  "kubens",
  "stern",
  "istioctl",
  "cilium",
  "calicoctl",
  "velero",
  "systemctl",
  "journalctl",
  "service",
  "apt",
  "apt-get",
  "apt-mark",
  "apt-cache",
  "yum",
  "dnf",
  "snap",
  "vagrant",
  "multipass",
  "openssl",
  "cfssl",
  "ssh",
  "ssh-keygen",
  "scp",
  "modprobe",
  "sysctl",
  "swapoff",
  "iptables",
  "ip",
  "hostnamectl",
];

/** Programs of any shell. */
export const SHELL_TOOLS: readonly string[] = (
  "alias awk base64 bash bg break brctl case cat cd chmod chown clear complete continue cp curl cut date declare df diff " +
  "dig do done du echo else env eval exec exit export expr false fg fi find for free function git grep head history " +
  "host hostname htop id if ifconfig ip jobs jq kill less ln local ls lsof md5sum mkdir more mount mv nano nc netstat " +
  "nohup nslookup ping printf ps pwd python python3 read return rm rmdir sed seq set sh shift sleep sort source ss su " +
  "sudo tail tar tcpdump tee telnet test time top touch tr traceroute true type umount uname uniq unset unzip until " +
  "uptime useradd vi vim wait watch wc wget which while who whoami xargs yes yq zip"
).split(" ");

const KNOWN = new Set([...KUBECTL, ...CLUSTER_TOOLS, ...SHELL_TOOLS]);

/** "./etcdctl" and "/usr/bin/etcdctl" are etcdctl. */
export const baseName = (program: string): string => program.replace(/^.*\//, "");

export const isKubectl = (program: string): boolean => KUBECTL.has(baseName(program));

export const isKnownProgram = (program: string): boolean => KNOWN.has(baseName(program));

/** Which known program a misspelt one is likely to be; undefined for a program that is simply not known. */
export function misspeltProgram(program: string): string | undefined {
  const name = baseName(program);
  if (KNOWN.has(name) || name.length < 5) return undefined;
  return nearest(name, ["kubectl", ...CLUSTER_TOOLS.filter((tool) => tool.length >= 5)]);
}
