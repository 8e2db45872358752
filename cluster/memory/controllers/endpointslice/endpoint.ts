/** What a pod is to a Service: an endpoint, and the ports it offers. Source: `k8s.io/endpointslice/utils.go`. */
import type { DiscoveryV1EndpointPort, Endpoint, Node, Pod, Service, ServicePort } from "../../kinds/schema/types.ts";
import { isReady, isTerminal } from "../pod_state.ts";

/** Whether a pod belongs to the endpoints at all: it has an address and will go on. */
export function belongsToEndpoints(pod: Pod, includeTerminating: boolean): boolean {
  if (isTerminal(pod)) return false;
  if (!pod.status?.podIP && (pod.status?.podIPs ?? []).length === 0) return false;
  return includeTerminating || pod.metadata.deletionTimestamp === undefined;
}

/** The pod's name in the Service's domain, if it has one. */
export function hostnameFor({ spec, metadata }: Pod, service: Service): string | undefined {
  const named = spec.hostname && spec.subdomain === service.metadata.name &&
    service.metadata.namespace === metadata.namespace;
  return named ? spec.hostname : undefined;
}

/** The number of the pod's port that a Service's port means; undefined when the pod has no port of that name. */
export function findPort({ spec }: Pod, port: ServicePort): number | undefined {
  const { targetPort = port.port, protocol = "TCP" } = port;
  if (typeof targetPort === "number") return targetPort;
  const sidecars = spec.initContainers?.filter(({ restartPolicy }) => restartPolicy === "Always") ?? [];
  for (const { ports = [] } of [...spec.containers, ...sidecars]) {
    const found = ports.find(({ name, protocol: other = "TCP" }) => name === targetPort && other === protocol);
    if (found !== undefined) return found.containerPort;
  }
  return undefined;
}

export function endpointPorts(service: Service, pod: Pod): DiscoveryV1EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const number = findPort(pod, port);
    if (number === undefined) return [];
    const { name = "", protocol = "TCP", appProtocol } = port;
    return [{ name, port: number, protocol, ...appProtocol === undefined ? {} : { appProtocol } }];
  });
}

export const isIPv6 = (address: string): boolean => address.includes(":");

/** The addresses of a pod that are of this type, "IPv4" or "IPv6". */
export function addressesOf(pod: Pod, addressType: string): string[] {
  return (pod.status?.podIPs ?? []).map(({ ip }) => ip!).filter((ip) => isIPv6(ip) === (addressType === "IPv6"));
}

export function endpointOf(pod: Pod, node: Node | undefined, service: Service, addressType: string): Endpoint {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isReady(pod);
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const zone = node?.metadata.labels?.["topology.kubernetes.io/zone"];
  const hostname = hostnameFor(pod, service);
  const { namespace, name, uid } = pod.metadata;
  const { nodeName } = pod.spec;
  const hints = ready ? trafficHints(service, zone, nodeName) : undefined;
  return {
    addresses: addressesOf(pod, addressType),
    conditions: { ready, serving, terminating },
    ...hostname === undefined ? {} : { hostname },
    targetRef: { kind: "Pod", namespace, name, uid },
    ...nodeName ? { nodeName } : {},
    ...zone ? { zone } : {},
    ...hints === undefined ? {} : { hints },
  };
}

/** Which zone, or node, an endpoint should serve when the Service wants its traffic to stay near. */
function trafficHints({ spec }: Service, zone: string | undefined, node: string | undefined) {
  const { trafficDistribution } = spec;
  if (!["PreferClose", "PreferSameZone", "PreferSameNode"].includes(trafficDistribution ?? "")) return undefined;
  const forNodes = trafficDistribution === "PreferSameNode" && node ? { forNodes: [{ name: node }] } : {};
  const hints = { ...zone ? { forZones: [{ name: zone }] } : {}, ...forNodes };
  return Object.keys(hints).length === 0 ? undefined : hints;
}

/** The address types of a Service's endpoints. */
export function addressTypesOf({ spec }: Service): string[] {
  if ((spec.ipFamilies ?? []).length > 0) return [...new Set(spec.ipFamilies)];
  if (spec.clusterIP && spec.clusterIP !== "None") return [isIPv6(spec.clusterIP) ? "IPv6" : "IPv4"];
  return ["IPv4", "IPv6"];
}

export const hasClusterIP = ({ spec }: Service): boolean => !!spec.clusterIP && spec.clusterIP !== "None";
