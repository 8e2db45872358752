/** Ingress. Source: `pkg/registry/networking/ingress` and `pkg/apis/networking/validation`. */
import { defineKind } from "../kind.ts";
import { loadBalancerWarnings } from "../load_balancer_warnings.ts";
import type { Ingress, IngressRule } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { CLASS_ANNOTATION, validateIngress, validateIngressStatus, validateNewIngress } from "./ingress_validation.ts";

export const ingress = defineKind<Ingress>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "Ingress",
  plural: "ingresses",
  singular: "ingress",
  shortNames: ["ing"],
  namespaced: true,
  type: "networking.v1.Ingress",
  strategy: {
    names: "subdomain",
    prepareForCreate: (ingress) => void (ingress.status = { loadBalancer: {} }),
    prepareForUpdate: (ingress, old) => void (ingress.status = old.status as typeof ingress.status),
    validate: validateNewIngress,
    validateUpdate: validateIngress,
    warnings: ({ metadata, spec }, old) =>
      old === undefined && Object.hasOwn(metadata.annotations ?? {}, CLASS_ANNOTATION) &&
        spec?.ingressClassName === undefined
        ? [`annotation ${JSON.stringify(CLASS_ANNOTATION)} is deprecated, please use 'spec.ingressClassName' instead`]
        : [],
  },
  status: {
    prepareForUpdate: (ingress, old) => void (ingress.spec = old.spec as typeof ingress.spec),
    validateUpdate: validateIngressStatus,
    warnings: loadBalancerWarnings,
  },
  table: tableOf("networking.v1.Ingress", ({ metadata, spec, status }, now) => [
    metadata.name ?? "",
    spec?.ingressClassName ?? "<none>",
    hosts(spec?.rules ?? []),
    addresses(status),
    spec?.tls?.length ? "80, 443" : "80",
    age(metadata.creationTimestamp, now),
  ]),
});

/** The first three hosts; what is left out counts the rules, with or without a host. */
function hosts(rules: readonly IngressRule[]): string {
  const named: string[] = [];
  let more = false;
  for (const { host } of rules) {
    if (named.length === 3) more = true;
    if (!more && host) named.push(host);
  }
  if (named.length === 0) return "*";
  return more ? `${named.join(",")} + ${rules.length - 3} more...` : named.join(",");
}

function addresses(status: Ingress["status"]): string {
  const given = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || "");
  return [...new Set(given)].filter((address) => address !== "").sort().join(",");
}
