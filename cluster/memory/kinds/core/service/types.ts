/** What a service's type makes it need. Source: `pkg/api/service/util.go`. */
import type { Service } from "../../schema/types.ts";

type Spec = Pick<NonNullable<Service["spec"]>, "type" | "externalTrafficPolicy" | "externalIPs" | "clusterIPs">;

export const isHeadless = ({ clusterIPs = [] }: Spec): boolean => clusterIPs.length === 1 && clusterIPs[0] === "None";

/** Traffic from outside reaches it by a port of the nodes, a load balancer or an address of its own. */
export const isExternallyAccessible = ({ type, externalIPs = [] }: Spec): boolean =>
  type === "LoadBalancer" || type === "NodePort" || (type === "ClusterIP" && externalIPs.length > 0);

export const needsNodePort = ({ type }: Spec): boolean => type === "NodePort" || type === "LoadBalancer";
export const needsClusterIp = ({ type }: Spec): boolean => type !== "ExternalName";

/** A load balancer that keeps clients' addresses asks the nodes whether they have endpoints. */
export const needsHealthCheckPort = ({ type, externalTrafficPolicy }: Spec): boolean =>
  type === "LoadBalancer" && externalTrafficPolicy === "Local";
