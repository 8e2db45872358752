/** What the network sees of the cluster: informers, with the indexes by which addresses are found. */
import type { Informer, Informers } from "../api/informer.ts";
import { configMaps, endpointSlices, namespaces, networkPolicies, nodes, pods, services } from "../api/kind_refs.ts";
import type { ConfigMap, Namespace, NetworkPolicy, Node, Pod, Service } from "../kinds/schema/types.ts";
import { holdsAddress, isHostNetwork } from "./connection.ts";
import type { NameView } from "./dns/kubernetes_plugin.ts";
import type { PolicyView } from "./policy.ts";
import { type ServicePortEntry, servicePorts } from "./service_port.ts";
import { indexByService, slicesOf } from "./service_slices.ts";

export interface ClusterView {
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly services: Informer<Service>;
  readonly configMaps: Informer<ConfigMap>;
  /** The pod that has an address for itself. */
  podAt(ip: string): Pod | undefined;
  /** The node that has an address. */
  nodeAt(ip: string): Node | undefined;
  /** The pods in a node's own network. */
  hostPods(node: string): readonly Pod[];
  /** Services by one of their addresses: the cluster's own, external ones, a load balancer's. */
  servicesAt(ip: string): readonly Service[];
  servicesOfNodePort(port: number): readonly Service[];
  /** A service's ports with their endpoints. */
  entries(service: Service): readonly ServicePortEntry[];
  readonly policies: PolicyView;
  readonly names: NameView;
}

/** @param informers those that are not started yet begin when the owner starts them */
export function clusterView(informers: Informers): ClusterView {
  const allPods = informers.for(pods)
    .index(
      "pod address",
      (pod) =>
        isHostNetwork(pod) || !holdsAddress(pod) ? [] : [...new Set(pod.status?.podIPs?.map(({ ip }) => ip) ?? [])],
    )
    .index(
      "host network",
      (pod) => isHostNetwork(pod) && holdsAddress(pod) && pod.spec?.nodeName ? [pod.spec.nodeName] : [],
    );
  const allNodes = informers.for(nodes)
    .index("node address", ({ status }) => status?.addresses?.map(({ address }) => address) ?? []);
  const allServices = informers.for(services)
    .index("service address", ({ spec, status }) => [
      ...spec.clusterIPs?.filter((ip) => ip !== "None") ?? [],
      ...spec.externalIPs ?? [],
      ...status?.loadBalancer?.ingress?.flatMap(({ ip }) => ip ?? []) ?? [],
    ])
    .index("node port", ({ spec }) => spec.ports?.flatMap(({ nodePort }) => nodePort ? [String(nodePort)] : []) ?? []);
  const slices = indexByService(informers.for(endpointSlices))
    .index("endpoint address", ({ endpoints }) => endpoints?.flatMap(({ addresses }) => addresses) ?? []);
  const allNamespaces: Informer<Namespace> = informers.for(namespaces);
  const allPolicies: Informer<NetworkPolicy> = informers.for(networkPolicies);
  const podAt = (ip: string) => allPods.by("pod address", ip)[0];

  return {
    pods: allPods,
    nodes: allNodes,
    services: allServices,
    configMaps: informers.for(configMaps),
    podAt,
    nodeAt: (ip) => allNodes.by("node address", ip)[0],
    hostPods: (node) => allPods.by("host network", node),
    servicesAt: (ip) => allServices.by("service address", ip),
    servicesOfNodePort: (port) => allServices.by("node port", String(port)),
    entries: (service) => servicePorts(service, slicesOf(slices, service.metadata.namespace, service.metadata.name)),
    policies: {
      get policies() {
        return allPolicies.list();
      },
      get namespaces() {
        return allNamespaces.list();
      },
    },
    names: {
      service: (namespace, name) => allServices.get(namespace, name),
      serviceOf: (ip) => allServices.by("service address", ip).find(({ spec }) => spec.clusterIPs?.includes(ip)),
      slices: (namespace, service) => slicesOf(slices, namespace, service),
      slicesOf: (ip) => slices.by("endpoint address", ip),
      hasNamespace: (name) => allNamespaces.get(undefined, name) !== undefined,
      hasPod: (namespace, ip) => podAt(ip)?.metadata.namespace === namespace,
    },
  };
}
