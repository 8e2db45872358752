/**
 * API versions that Kubernetes has removed, and what came in their place.
 *
 * Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */

export interface RemovedVersion {
  /** The Kubernetes version that no longer serves it. */
  readonly removed: string;
  readonly successor: string;
}

const REMOVED: Readonly<Record<string, readonly [removed: string, successor: string, kinds: string]>> = {
  "extensions/v1beta1": ["1.16", "apps/v1", "DaemonSet Deployment ReplicaSet"],
  "apps/v1beta1": ["1.16", "apps/v1", "Deployment StatefulSet ControllerRevision"],
  "apps/v1beta2": ["1.16", "apps/v1", "DaemonSet Deployment ReplicaSet StatefulSet ControllerRevision"],
  "networking.k8s.io/v1beta1": ["1.22", "networking.k8s.io/v1", "Ingress IngressClass"],
  "rbac.authorization.k8s.io/v1beta1": [
    "1.22",
    "rbac.authorization.k8s.io/v1",
    "Role ClusterRole RoleBinding ClusterRoleBinding",
  ],
  "rbac.authorization.k8s.io/v1alpha1": [
    "1.22",
    "rbac.authorization.k8s.io/v1",
    "Role ClusterRole RoleBinding ClusterRoleBinding",
  ],
  "apiextensions.k8s.io/v1beta1": ["1.22", "apiextensions.k8s.io/v1", "CustomResourceDefinition"],
  "apiregistration.k8s.io/v1beta1": ["1.22", "apiregistration.k8s.io/v1", "APIService"],
  "certificates.k8s.io/v1beta1": ["1.22", "certificates.k8s.io/v1", "CertificateSigningRequest"],
  "coordination.k8s.io/v1beta1": ["1.22", "coordination.k8s.io/v1", "Lease"],
  "admissionregistration.k8s.io/v1beta1": [
    "1.22",
    "admissionregistration.k8s.io/v1",
    "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
  ],
  "authentication.k8s.io/v1beta1": ["1.22", "authentication.k8s.io/v1", "TokenReview"],
  "authorization.k8s.io/v1beta1": [
    "1.22",
    "authorization.k8s.io/v1",
    "SubjectAccessReview LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview",
  ],
  "kubeadm.k8s.io/v1beta2": [
    "1.27",
    "kubeadm.k8s.io/v1beta4",
    "ClusterConfiguration InitConfiguration JoinConfiguration",
  ],
  "kubescheduler.config.k8s.io/v1beta2": ["1.28", "kubescheduler.config.k8s.io/v1", "KubeSchedulerConfiguration"],
  "kubescheduler.config.k8s.io/v1beta3": ["1.29", "kubescheduler.config.k8s.io/v1", "KubeSchedulerConfiguration"],
  "audit.k8s.io/v1beta1": ["1.24", "audit.k8s.io/v1", "Policy Event"],
  "scheduling.k8s.io/v1beta1": ["1.22", "scheduling.k8s.io/v1", "PriorityClass"],
  "storage.k8s.io/v1beta1": [
    "1.22",
    "storage.k8s.io/v1",
    "StorageClass CSIDriver CSINode VolumeAttachment",
  ],
  "batch/v1beta1": ["1.25", "batch/v1", "CronJob"],
  "batch/v2alpha1": ["1.21", "batch/v1", "CronJob"],
  "discovery.k8s.io/v1beta1": ["1.25", "discovery.k8s.io/v1", "EndpointSlice"],
  "events.k8s.io/v1beta1": ["1.25", "events.k8s.io/v1", "Event"],
  "autoscaling/v2beta1": ["1.25", "autoscaling/v2", "HorizontalPodAutoscaler"],
  "autoscaling/v2beta2": ["1.26", "autoscaling/v2", "HorizontalPodAutoscaler"],
  "policy/v1beta1": ["1.25", "policy/v1", "PodDisruptionBudget"],
  "node.k8s.io/v1beta1": ["1.25", "node.k8s.io/v1", "RuntimeClass"],
  "flowcontrol.apiserver.k8s.io/v1beta1": [
    "1.26",
    "flowcontrol.apiserver.k8s.io/v1",
    "FlowSchema PriorityLevelConfiguration",
  ],
  "flowcontrol.apiserver.k8s.io/v1beta2": [
    "1.29",
    "flowcontrol.apiserver.k8s.io/v1",
    "FlowSchema PriorityLevelConfiguration",
  ],
  "flowcontrol.apiserver.k8s.io/v1beta3": [
    "1.32",
    "flowcontrol.apiserver.k8s.io/v1",
    "FlowSchema PriorityLevelConfiguration",
  ],
};

/** Kinds whose new version has another group than the rest of the old one. */
const MOVED: Readonly<Record<string, RemovedVersion>> = {
  "extensions/v1beta1 Ingress": { removed: "1.22", successor: "networking.k8s.io/v1" },
  "extensions/v1beta1 NetworkPolicy": { removed: "1.16", successor: "networking.k8s.io/v1" },
  "extensions/v1beta1 PodSecurityPolicy": { removed: "1.16", successor: "" },
  "storage.k8s.io/v1beta1 CSIStorageCapacity": { removed: "1.27", successor: "storage.k8s.io/v1" },
  "settings.k8s.io/v1alpha1 PodPreset": { removed: "1.20", successor: "" },
  "policy/v1beta1 PodSecurityPolicy": { removed: "1.25", successor: "" },
};

/** What became of a version; the successor is "" for a kind that is gone. Undefined for versions never removed. */
export function removedVersion(apiVersion: string, kind: string): RemovedVersion | undefined {
  const moved = MOVED[`${apiVersion} ${kind}`];
  if (moved !== undefined) return moved;
  const known = REMOVED[apiVersion];
  if (known === undefined || !known[2].split(" ").includes(kind)) return undefined;
  return { removed: known[0], successor: known[1] };
}
