/**
 * The built-in kinds as a client refers to them, each with the type of its objects.
 *
 * Components above the API name kinds by these; what the API makes of a kind stands in `kinds/`.
 */
import type * as types from "../kinds/schema/types.ts";
import type { KubeObject } from "../kinds/object.ts";
import type { KindRef } from "./client.ts";

function ref<T extends KubeObject>(group: string, version: string, plural: string, kind: string): KindRef<T> {
  return { group, version, plural, kind };
}

export const pods = ref<types.Pod>("", "v1", "pods", "Pod");
export const nodes = ref<types.Node>("", "v1", "nodes", "Node");
export const namespaces = ref<types.Namespace>("", "v1", "namespaces", "Namespace");
export const services = ref<types.Service>("", "v1", "services", "Service");
export const endpoints = ref<types.Endpoints>("", "v1", "endpoints", "Endpoints");
export const events = ref<types.Event>("", "v1", "events", "Event");
export const configMaps = ref<types.ConfigMap>("", "v1", "configmaps", "ConfigMap");
export const secrets = ref<types.Secret>("", "v1", "secrets", "Secret");
export const serviceAccounts = ref<types.ServiceAccount>("", "v1", "serviceaccounts", "ServiceAccount");
export const persistentVolumes = ref<types.PersistentVolume>("", "v1", "persistentvolumes", "PersistentVolume");
export const persistentVolumeClaims = ref<types.PersistentVolumeClaim>(
  "",
  "v1",
  "persistentvolumeclaims",
  "PersistentVolumeClaim",
);
export const replicationControllers = ref<types.ReplicationController>(
  "",
  "v1",
  "replicationcontrollers",
  "ReplicationController",
);
export const resourceQuotas = ref<types.ResourceQuota>("", "v1", "resourcequotas", "ResourceQuota");
export const limitRanges = ref<types.LimitRange>("", "v1", "limitranges", "LimitRange");

export const deployments = ref<types.Deployment>("apps", "v1", "deployments", "Deployment");
export const replicaSets = ref<types.ReplicaSet>("apps", "v1", "replicasets", "ReplicaSet");
export const daemonSets = ref<types.DaemonSet>("apps", "v1", "daemonsets", "DaemonSet");
export const statefulSets = ref<types.StatefulSet>("apps", "v1", "statefulsets", "StatefulSet");
export const controllerRevisions = ref<types.ControllerRevision>(
  "apps",
  "v1",
  "controllerrevisions",
  "ControllerRevision",
);

export const jobs = ref<types.Job>("batch", "v1", "jobs", "Job");
export const cronJobs = ref<types.CronJob>("batch", "v1", "cronjobs", "CronJob");

export const horizontalPodAutoscalers = ref<types.HorizontalPodAutoscaler>(
  "autoscaling",
  "v2",
  "horizontalpodautoscalers",
  "HorizontalPodAutoscaler",
);

export const podDisruptionBudgets = ref<types.PodDisruptionBudget>(
  "policy",
  "v1",
  "poddisruptionbudgets",
  "PodDisruptionBudget",
);

export const endpointSlices = ref<types.EndpointSlice>("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice");

export const networkPolicies = ref<types.NetworkPolicy>(
  "networking.k8s.io",
  "v1",
  "networkpolicies",
  "NetworkPolicy",
);
export const ingresses = ref<types.Ingress>("networking.k8s.io", "v1", "ingresses", "Ingress");
export const ingressClasses = ref<types.IngressClass>("networking.k8s.io", "v1", "ingressclasses", "IngressClass");

export const storageClasses = ref<types.StorageClass>("storage.k8s.io", "v1", "storageclasses", "StorageClass");
export const csiNodes = ref<types.CSINode>("storage.k8s.io", "v1", "csinodes", "CSINode");
export const volumeAttachments = ref<types.VolumeAttachment>(
  "storage.k8s.io",
  "v1",
  "volumeattachments",
  "VolumeAttachment",
);

export const priorityClasses = ref<types.PriorityClass>("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass");

export const flowSchemas = ref<types.FlowSchema>("flowcontrol.apiserver.k8s.io", "v1", "flowschemas", "FlowSchema");
export const priorityLevelConfigurations = ref<types.PriorityLevelConfiguration>(
  "flowcontrol.apiserver.k8s.io",
  "v1",
  "prioritylevelconfigurations",
  "PriorityLevelConfiguration",
);

export const resourceClaims = ref<types.ResourceV1ResourceClaim>(
  "resource.k8s.io",
  "v1",
  "resourceclaims",
  "ResourceClaim",
);
export const resourceClaimTemplates = ref<types.ResourceClaimTemplate>(
  "resource.k8s.io",
  "v1",
  "resourceclaimtemplates",
  "ResourceClaimTemplate",
);
export const deviceClasses = ref<types.DeviceClass>("resource.k8s.io", "v1", "deviceclasses", "DeviceClass");
export const resourceSlices = ref<types.ResourceSlice>("resource.k8s.io", "v1", "resourceslices", "ResourceSlice");

export const runtimeClasses = ref<types.RuntimeClass>("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass");

export const validatingAdmissionPolicies = ref<types.ValidatingAdmissionPolicy>(
  "admissionregistration.k8s.io",
  "v1",
  "validatingadmissionpolicies",
  "ValidatingAdmissionPolicy",
);

export const serviceCidrs = ref<types.ServiceCIDR>("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR");

export const ipAddresses = ref<types.IPAddress>("networking.k8s.io", "v1", "ipaddresses", "IPAddress");

export const leases = ref<types.Lease>("coordination.k8s.io", "v1", "leases", "Lease");

export const certificateSigningRequests = ref<types.CertificateSigningRequest>(
  "certificates.k8s.io",
  "v1",
  "certificatesigningrequests",
  "CertificateSigningRequest",
);

export const clusterRoles = ref<types.ClusterRole>("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole");
