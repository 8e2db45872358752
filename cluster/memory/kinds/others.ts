/** The kinds beside those that run containers. */
import { mutatingAdmissionPolicy } from "./admissionregistration/mutating_admission_policy.ts";
import {
  mutatingAdmissionPolicyBinding,
  validatingAdmissionPolicyBinding,
} from "./admissionregistration/policy_bindings.ts";
import { validatingAdmissionPolicy } from "./admissionregistration/validating_admission_policy.ts";
import {
  mutatingWebhookConfiguration,
  validatingWebhookConfiguration,
} from "./admissionregistration/webhook_configurations.ts";
import { customResourceDefinition } from "./apiextensions/custom_resource_definition.ts";
import { apiService } from "./apiregistration/api_service.ts";
import { selfSubjectReview, tokenReview } from "./authentication/reviews.ts";
import {
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
} from "./authorization/reviews.ts";
import { horizontalPodAutoscaler } from "./autoscaling/horizontal_pod_autoscaler.ts";
import { certificateSigningRequest } from "./certificates/certificate_signing_request.ts";
import { lease } from "./coordination/lease.ts";
import { binding } from "./core/binding.ts";
import { componentStatus } from "./core/component_status.ts";
import { configMap } from "./core/config_map.ts";
import { endpoints } from "./core/endpoints.ts";
import { event } from "./core/event/event.ts";
import { limitRange } from "./core/limit_range.ts";
import { namespace } from "./core/namespace.ts";
import { node } from "./core/node/node.ts";
import { persistentVolume } from "./core/persistent_volume/persistent_volume.ts";
import { persistentVolumeClaim } from "./core/persistent_volume_claim/persistent_volume_claim.ts";
import { resourceQuota } from "./core/resource_quota.ts";
import { secret } from "./core/secret.ts";
import { service } from "./core/service/service.ts";
import { serviceAccount } from "./core/service_account.ts";
import { endpointSlice } from "./discovery/endpoint_slice.ts";
import { flowSchema } from "./flowcontrol/flow_schema.ts";
import { priorityLevelConfiguration } from "./flowcontrol/priority_level_configuration.ts";
import type { Kind } from "./kind.ts";
import { ingress } from "./networking/ingress.ts";
import { ingressClass } from "./networking/ingress_class.ts";
import { ipAddress } from "./networking/ip_address.ts";
import { networkPolicy } from "./networking/network_policy.ts";
import { serviceCidr } from "./networking/service_cidr.ts";
import { runtimeClass } from "./node/runtime_class.ts";
import { podDisruptionBudget } from "./policy/pod_disruption_budget.ts";
import { clusterRole } from "./rbac/cluster_role.ts";
import { clusterRoleBinding } from "./rbac/cluster_role_binding.ts";
import { role } from "./rbac/role.ts";
import { roleBinding } from "./rbac/role_binding.ts";
import { deviceClass } from "./resource/device_class.ts";
import { resourceClaim } from "./resource/resource_claim.ts";
import { resourceClaimTemplate } from "./resource/resource_claim_template.ts";
import { resourceSlice } from "./resource/resource_slice.ts";
import { priorityClass } from "./scheduling/priority_class.ts";
import { csiDriver } from "./storage/csi_driver.ts";
import { csiNode } from "./storage/csi_node.ts";
import { csiStorageCapacity } from "./storage/csi_storage_capacity.ts";
import { storageClass } from "./storage/storage_class.ts";
import { volumeAttachment } from "./storage/volume_attachment.ts";
import { volumeAttributesClass } from "./storage/volume_attributes_class.ts";

export const otherKinds: readonly Kind[] = [
  binding,
  componentStatus,
  configMap,
  endpoints,
  event,
  limitRange,
  namespace,
  node,
  persistentVolume,
  persistentVolumeClaim,
  resourceQuota,
  secret,
  service,
  serviceAccount,
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
  mutatingWebhookConfiguration,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  validatingWebhookConfiguration,
  customResourceDefinition,
  apiService,
  selfSubjectReview,
  tokenReview,
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
  horizontalPodAutoscaler,
  certificateSigningRequest,
  lease,
  endpointSlice,
  flowSchema,
  priorityLevelConfiguration,
  ingress,
  ingressClass,
  ipAddress,
  networkPolicy,
  serviceCidr,
  runtimeClass,
  podDisruptionBudget,
  clusterRole,
  clusterRoleBinding,
  role,
  roleBinding,
  deviceClass,
  resourceClaim,
  resourceClaimTemplate,
  resourceSlice,
  priorityClass,
  csiDriver,
  csiNode,
  csiStorageCapacity,
  storageClass,
  volumeAttachment,
  volumeAttributesClass,
];
