/** The competencies of the CNCF curricula v1.35 (CC-BY 4.0, github.com/cncf/curriculum), by short ids. */
export const COMPETENCIES: Readonly<Record<"cka" | "ckad", ReadonlySet<string>>> = {
  cka: new Set([
    ...["storage-classes", "volumes", "claims"].map((id) => `storage/${id}`),
    ...["nodes", "components", "usage", "output", "networking"].map((id) => `troubleshooting/${id}`),
    ...["rolling-updates", "configuration", "autoscaling", "self-healing", "scheduling"].map((id) => `workloads/${id}`),
    ...[
      "rbac",
      "infrastructure",
      "kubeadm",
      "lifecycle",
      "high-availability",
      "helm-kustomize",
      "extension-interfaces",
      "crds-operators",
    ].map((id) => `architecture/${id}`),
    ...["connectivity", "network-policies", "services", "gateway", "ingress", "dns"].map((id) => `networking/${id}`),
  ]),
  ckad: new Set([
    ...["images", "workloads", "multi-container", "volumes"].map((id) => `design/${id}`),
    ...["strategies", "rolling-updates", "helm", "kustomize"].map((id) => `deployment/${id}`),
    ...["deprecations", "probes", "monitoring", "logs", "debugging"].map((id) => `observability/${id}`),
    ...[
      "extending",
      "access",
      "quotas",
      "requirements",
      "config-maps",
      "secrets",
      "service-accounts",
      "security",
    ].map((id) => `environment/${id}`),
    ...["network-policies", "services", "ingress"].map((id) => `networking/${id}`),
  ]),
};
