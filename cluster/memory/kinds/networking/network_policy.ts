/** NetworkPolicy. Source: `pkg/registry/networking/networkpolicy` and `pkg/apis/networking/{v1,validation}`. */
import { defineKind } from "../kind.ts";
import { cidrWarnings } from "../ip_address.ts";
import { formatLabelSelector, validateLabelSelector } from "../label_selector.ts";
import type { NetworkPolicy } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { eachPeer, validateNetworkPolicy } from "./network_policy_validation.ts";

const EMPTY = { podSelector: {} };

export const networkPolicy = defineKind<NetworkPolicy>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "NetworkPolicy",
  plural: "networkpolicies",
  singular: "networkpolicy",
  shortNames: ["netpol"],
  namespaced: true,
  type: "networking.v1.NetworkPolicy",
  strategy: {
    names: "subdomain",
    defaults(policy) {
      const spec = policy.spec ??= { podSelector: {} };
      for (const rule of [...spec.ingress ?? [], ...spec.egress ?? []]) {
        for (const port of rule.ports ?? []) port.protocol ??= "TCP";
      }
      if (!spec.policyTypes?.length) {
        spec.policyTypes = spec.egress?.length ? ["Ingress", "Egress"] : ["Ingress"];
      }
    },
    validate: ({ spec }) => validateNetworkPolicy(spec ?? EMPTY),
    validateUpdate: ({ spec }, old) =>
      validateNetworkPolicy(spec ?? EMPTY, {
        anyValue: validateLabelSelector(old.spec?.podSelector, "").length > 0,
        existingRanges: [...eachPeer(old.spec ?? EMPTY)].flatMap(([{ ipBlock }]) =>
          ipBlock ? [ipBlock.cidr, ...ipBlock.except ?? []] : []
        ),
      }),
    warnings: ({ spec }) =>
      [...eachPeer(spec ?? EMPTY)].flatMap(([{ ipBlock }, path]) =>
        ipBlock === undefined ? [] : [
          ...cidrWarnings(`${path}.ipBlock.cidr`, ipBlock.cidr),
          ...(ipBlock.except ?? []).flatMap((range, i) => cidrWarnings(`${path}.ipBlock.except[${i}]`, range)),
        ]
      ),
  },
  table: tableOf("networking.v1.NetworkPolicy", ({ metadata, spec }, now) => [
    metadata.name ?? "",
    formatLabelSelector(spec?.podSelector ?? {}),
    age(metadata.creationTimestamp, now),
  ]),
});
