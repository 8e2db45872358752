/**
 * The admission plugins that a Kubernetes v1.36 API server runs by default, in its order.
 *
 * Source: `pkg/kubeapiserver/options/plugins.go`. Left out are PodGroupProtection and ClusterTrustBundleAttest, which
 * are about kinds that the stable API does not have.
 */
import type { Authorizer } from "../authz/authorizer.ts";
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from "./certificates.ts";
import { defaultIngressClass, defaultStorageClass } from "./default_class.ts";
import { defaultTolerationSeconds } from "./default_toleration_seconds.ts";
import { limitRanger } from "./limit_ranger.ts";
import { namespaceLifecycle } from "./namespace_lifecycle.ts";
import { persistentVolumeClaimResize } from "./persistent_volume_claim_resize.ts";
import type { AdmissionPlugin } from "./plugin.ts";
import { podResizeValidator } from "./pod_resize_validator.ts";
import { podSecurity } from "./pod_security.ts";
import { podTopologyLabels } from "./pod_topology_labels.ts";
import { priority } from "./priority.ts";
import { resourceQuota, type ResourceQuotaContext } from "./resource_quota.ts";
import { runtimeClass } from "./runtime_class.ts";
import { serviceAccount } from "./service_account.ts";
import { storageObjectInUseProtection } from "./storage_object_in_use_protection.ts";
import { taintNodesByCondition } from "./taint_nodes_by_condition.ts";
import { mutatingWebhooks, validatingWebhooks, type WebhookContext } from "./webhooks.ts";

export interface AdmissionChainContext extends ResourceQuotaContext, WebhookContext {
  readonly authorizer: Authorizer;
  /** MutatingAdmissionPolicy and ValidatingAdmissionPolicy, which bring CEL with them. */
  readonly policies?: { readonly mutating: AdmissionPlugin; readonly validating: AdmissionPlugin };
}

/** All plugins. Each runs its `admit` in this order before validation, then its `validate` in the same order. */
export function admissionChain(context: AdmissionChainContext): readonly AdmissionPlugin[] {
  const { policies } = context;
  return [
    namespaceLifecycle(context),
    limitRanger(context),
    serviceAccount(context),
    taintNodesByCondition(),
    podSecurity(context),
    priority(context),
    defaultTolerationSeconds(),
    defaultStorageClass(context),
    storageObjectInUseProtection(),
    persistentVolumeClaimResize(context),
    runtimeClass(context),
    certificateApproval(context.authorizer),
    certificateSigning(context.authorizer),
    certificateSubjectRestriction(),
    defaultIngressClass(context),
    podTopologyLabels(context),
    podResizeValidator(context),
    ...policies === undefined ? [] : [policies.mutating],
    mutatingWebhooks(context),
    ...policies === undefined ? [] : [policies.validating],
    validatingWebhooks(context),
    resourceQuota(context),
  ];
}
