/**
 * Services and their endpoints as kube-proxy sees them: one entry for each port of a service.
 *
 * Source: `pkg/proxy/{serviceport,endpoint,topology}.go`.
 */
import type { EndpointSlice, Service } from "../kinds/schema/types.ts";
import type { Protocol } from "./connection.ts";

export interface ProxiedEndpoint {
  readonly ip: string;
  readonly port: number;
  readonly node?: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

export interface ServicePortEntry {
  /** "default/web:http", or "default/web" where the port has no name. */
  readonly id: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly clusterIP: string;
  readonly externalIPs: readonly string[];
  readonly loadBalancerIPs: readonly string[];
  readonly sourceRanges: readonly string[];
  readonly nodePort?: number;
  readonly healthCheckNodePort?: number;
  /** How long a client stays with its endpoint, in seconds; undefined without affinity. */
  readonly affinitySeconds?: number;
  readonly internalLocal: boolean;
  readonly externalLocal: boolean;
  readonly endpoints: readonly ProxiedEndpoint[];
}

/** Three hours, where a service with affinity says nothing. */
const AFFINITY_SECONDS = 10_800;

/** Whether kube-proxy cares for it: headless services and names of other places are DNS's alone. */
export const isProxied = ({ spec, metadata }: Service): boolean =>
  spec.type !== "ExternalName" && spec.clusterIP !== undefined && spec.clusterIP !== "" && spec.clusterIP !== "None" &&
  metadata.labels?.["service.kubernetes.io/service-proxy-name"] === undefined;

/** The entries of a service, of whose `slices` only those of its own address family count. */
export function servicePorts(service: Service, slices: readonly EndpointSlice[]): readonly ServicePortEntry[] {
  if (!isProxied(service)) return [];
  const { spec, status } = service;
  const name = `${service.metadata.namespace}/${service.metadata.name}`;
  const family = spec.clusterIP!.includes(":") ? "IPv6" : "IPv4";
  const external = spec.type === "NodePort" || spec.type === "LoadBalancer" || (spec.externalIPs?.length ?? 0) > 0;
  return (spec.ports ?? []).map((port) => ({
    id: port.name ? `${name}:${port.name}` : name,
    protocol: (port.protocol ?? "TCP") as Protocol,
    port: port.port,
    clusterIP: spec.clusterIP!,
    externalIPs: spec.externalIPs ?? [],
    loadBalancerIPs: (status?.loadBalancer?.ingress ?? [])
      .filter(({ ip, ipMode }) => ip !== undefined && ipMode !== "Proxy").map(({ ip }) => ip!),
    sourceRanges: spec.loadBalancerSourceRanges ?? [],
    nodePort: port.nodePort || undefined,
    healthCheckNodePort: spec.healthCheckNodePort || undefined,
    affinitySeconds: spec.sessionAffinity === "ClientIP"
      ? spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_SECONDS
      : undefined,
    internalLocal: spec.internalTrafficPolicy === "Local",
    externalLocal: external && spec.externalTrafficPolicy === "Local",
    endpoints: endpointsOf(slices.filter(({ addressType }) => addressType === family), port.name, port.protocol),
  }));
}

/** The endpoints of a port, each address once, in the order of their addresses. */
export function endpointsOf(slices: readonly EndpointSlice[], name = "", protocol = "TCP"): readonly ProxiedEndpoint[] {
  const found = new Map<string, ProxiedEndpoint>();
  for (const { ports, endpoints } of slices) {
    // Without any, the API has null in both.
    const port = (ports ?? []).find((one) => (one.name ?? "") === name && (one.protocol ?? "TCP") === protocol)?.port;
    if (port === undefined) continue;
    for (const { addresses: [ip], conditions = {}, nodeName: node } of endpoints ?? []) {
      const { ready = true, terminating = false } = conditions;
      found.set(`${ip}:${port}`, { ip, port, node, ready, serving: conditions.serving ?? ready, terminating });
    }
  }
  return [...found.values()].sort((a, b) => a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : a.port - b.port);
}

export interface Categorized {
  /** For traffic that may go to any node. */
  readonly cluster: readonly ProxiedEndpoint[];
  /** For traffic that has to stay on the node. */
  readonly local: readonly ProxiedEndpoint[];
  /** Whether any node has an endpoint that can be used. */
  readonly any: boolean;
}

/** The endpoints that are used from a node: those that are ready, else those that still serve while they end. */
export function categorize({ endpoints }: Pick<ServicePortEntry, "endpoints">, node: string | undefined): Categorized {
  const usable = (candidates: readonly ProxiedEndpoint[]) => {
    const ready = candidates.filter((endpoint) => endpoint.ready);
    return ready.length > 0 ? ready : candidates.filter(({ serving, terminating }) => serving && terminating);
  };
  const cluster = usable(endpoints);
  const local = usable(endpoints.filter((endpoint) => endpoint.node !== undefined && endpoint.node === node));
  return { cluster, local, any: cluster.length > 0 };
}
