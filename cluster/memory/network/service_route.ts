/**
 * Where the packets of a new connection go: kube-proxy's rules, as a decision.
 *
 * Source: `pkg/proxy/iptables/proxier.go`; https://kubernetes.io/docs/reference/networking/virtual-ips/
 */
import type { Peer } from "./connection.ts";
import { inRange } from "./ranges.ts";
import { categorize, type ProxiedEndpoint, type ServicePortEntry } from "./service_port.ts";

export type ServiceRoute =
  | { readonly to: "endpoint"; readonly endpoint: ProxiedEndpoint; readonly masquerade: boolean }
  /** No endpoint anywhere: the client is told at once. */
  | { readonly to: "reject" }
  /** None on the node where the traffic has to stay, or a source that may not. */
  | { readonly to: "drop" };

/** How a service was addressed. */
export type Via = "clusterIP" | "external" | "loadBalancer" | "nodePort";

export interface RouteOptions {
  readonly via: Via;
  readonly from: Peer;
  /** On whose rules the packets meet the service: the client's node, or that of the node port. */
  readonly node: string | undefined;
  /** One of several. */
  readonly choose: (endpoints: readonly ProxiedEndpoint[]) => ProxiedEndpoint;
}

/** What kube-proxy on `node` does with a connection to a port of a service. */
export function serviceRoute(entry: ServicePortEntry, { via, from, node, choose }: RouteOptions): ServiceRoute {
  const { cluster, local, any } = categorize(entry, node);
  if (!any) return { to: "reject" };
  const { sourceRanges } = entry;
  const isGuarded = via === "loadBalancer" && sourceRanges.length > 0;
  if (isGuarded && !sourceRanges.some((range) => inRange(range, from.ip))) return { to: "drop" };
  // What starts on the node itself, in a pod or not, is as if it came in by the cluster's own address.
  const short = via !== "clusterIP" && from.node !== undefined && from.node === node;
  const staysLocal = via === "clusterIP" ? entry.internalLocal : entry.externalLocal && !short;
  const endpoints = staysLocal ? local : cluster;
  if (endpoints.length === 0) return { to: "drop" };
  return { to: "endpoint", endpoint: choose(endpoints), masquerade: via !== "clusterIP" && !entry.externalLocal };
}
