/**
 * The roles and bindings that kubeadm leaves: who administers the cluster, and what nodes that join it may read.
 *
 * Source: `cmd/kubeadm/app/phases/{kubeconfig,bootstraptoken,kubelet,uploadconfig,addons}`.
 */
import type { KubeObject, Partially } from "../kinds/object.ts";
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject } from "../kinds/schema/types.ts";

const apiGroup = "rbac.authorization.k8s.io";
const apiVersion = `${apiGroup}/v1`;

/** Whom kubeadm's own administrator belongs to. */
export const CLUSTER_ADMINS = "kubeadm:cluster-admins";

const group = (name: string): Subject => ({ apiGroup, kind: "Group", name });
const account = (name: string): Subject => ({ kind: "ServiceAccount", name, namespace: "kube-system" });
const NODES = group("system:nodes");
const JOINING = group("system:bootstrappers:kubeadm:default-node-token");
const ANYBODY: Subject = { apiGroup, kind: "User", name: "system:anonymous" };
const API_SERVER: Subject = { apiGroup, kind: "User", name: "kube-apiserver-kubelet-client" };

const CSRS = "system:certificates.k8s.io:certificatesigningrequests";

const boundEverywhere = (name: string, role: string, subject: Subject): Partially<ClusterRoleBinding> => ({
  apiVersion,
  kind: "ClusterRoleBinding",
  metadata: { name },
  roleRef: { apiGroup, kind: "ClusterRole", name: role },
  subjects: [subject],
});

const clusterRole = (name: string, rules: readonly PolicyRule[]): Partially<ClusterRole> => ({
  apiVersion,
  kind: "ClusterRole",
  metadata: { name },
  rules,
});

/** A role that reads one ConfigMap, and its binding of the same name. */
function readersOf(
  configMap: string,
  namespace: string,
  name: string,
  subjects: readonly Subject[],
): [Partially<Role>, Partially<RoleBinding>] {
  const metadata = { name, namespace };
  const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["configmaps"], resourceNames: [configMap] }];
  const roleRef = { apiGroup, kind: "Role", name };
  return [
    { apiVersion, kind: "Role", metadata, rules },
    { apiVersion, kind: "RoleBinding", metadata, roleRef, subjects },
  ];
}

export const kubeadmRoles: readonly Partially<KubeObject>[] = [
  boundEverywhere(CLUSTER_ADMINS, "cluster-admin", group(CLUSTER_ADMINS)),
  clusterRole("kubeadm:get-nodes", [{ verbs: ["get"], apiGroups: [""], resources: ["nodes"] }]),
  boundEverywhere("kubeadm:get-nodes", "kubeadm:get-nodes", JOINING),
  boundEverywhere("kubeadm:apiserver-kubelet-client", "system:kubelet-api-admin", API_SERVER),
  boundEverywhere("kubeadm:kubelet-bootstrap", "system:node-bootstrapper", JOINING),
  boundEverywhere("kubeadm:node-autoapprove-bootstrap", `${CSRS}:nodeclient`, JOINING),
  boundEverywhere("kubeadm:node-autoapprove-certificate-rotation", `${CSRS}:selfnodeclient`, NODES),
  boundEverywhere("kubeadm:node-proxier", "system:node-proxier", account("kube-proxy")),
  clusterRole("system:coredns", [
    { verbs: ["list", "watch"], apiGroups: [""], resources: ["endpoints", "services", "pods", "namespaces"] },
    { verbs: ["list", "watch"], apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"] },
  ]),
  boundEverywhere("system:coredns", "system:coredns", account("coredns")),
  ...readersOf("kube-proxy", "kube-system", "kube-proxy", [JOINING]),
  ...readersOf("kubelet-config", "kube-system", "kubeadm:kubelet-config", [NODES, JOINING]),
  ...readersOf("kubeadm-config", "kube-system", "kubeadm:nodes-kubeadm-config", [JOINING, NODES]),
  ...readersOf("cluster-info", "kube-public", "kubeadm:bootstrap-signer-clusterinfo", [ANYBODY]),
];
