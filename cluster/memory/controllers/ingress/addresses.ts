/**
 * Where the Ingresses of a controller are reached, for their status.
 *
 * Source: statusAddressFromService and runningAddresses of
 * `kubernetes/ingress-nginx/internal/ingress/status/status.go`.
 */
import { nodeAddress } from "../../kinds/core/node/address.ts";
import type { IngressLoadBalancerIngress, Node, Pod, Service } from "../../kinds/schema/types.ts";

/** By the service that is published: that of a load balancer, or the cluster's own. */
export function serviceAddresses({ spec, status }: Service): readonly IngressLoadBalancerIngress[] {
  const { type, clusterIP = "", externalIPs = [], externalName = "" } = spec;
  const external = externalIPs.map((ip) => ({ ip }));
  switch (type) {
    case "ExternalName":
      return [{ hostname: externalName }];
    case "LoadBalancer":
      return [
        ...(status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ? { ip } : { hostname: hostname ?? "" }),
        ...external,
      ];
    case "NodePort":
      return external.length > 0 ? external : [{ ip: clusterIP }];
    default:
      return [{ ip: clusterIP }];
  }
}

/** Without one, by the nodes on which the controller's pods run. */
export function nodeAddresses(
  pods: readonly Pod[],
  nodeOf: (name: string) => Node | undefined,
): readonly IngressLoadBalancerIngress[] {
  const addresses = pods.flatMap(({ spec: { nodeName = "" } }) => nodeAddress(nodeOf(nodeName), "InternalIP") ?? []);
  return [...new Set(addresses)].sort().map((ip) => ({ ip }));
}
