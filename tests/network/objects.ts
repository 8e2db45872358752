/** Small objects that networks are made of. */
import type { EndpointSlice, Namespace, Pod, Service } from "../../cluster/memory/kinds/schema/types.ts";
import { type Peer, peerOf } from "../../cluster/memory/network/connection.ts";

export interface PodSketch {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly node?: string;
  readonly ip: string;
  readonly hostNetwork?: boolean;
  readonly port?: number;
}

/** A pod that runs. Its container port is named "http". */
export const pod = (
  name: string,
  { namespace = "default", labels = {}, node = "node01", ip, hostNetwork, port = 80 }: PodSketch,
): Pod => ({
  metadata: { name, namespace, labels },
  spec: {
    nodeName: node,
    hostNetwork,
    containers: [{ name: "app", image: "nginx", resources: {}, ports: [{ name: "http", containerPort: port }] }],
  },
  status: { phase: "Running", podIP: ip, podIPs: [{ ip }] } as Pod["status"],
});

export const peer = (name: string, sketch: PodSketch): Peer => peerOf(pod(name, sketch));

export const namespace = (name: string, labels: Readonly<Record<string, string>> = {}): Namespace => ({
  metadata: { name, labels: { "kubernetes.io/metadata.name": name, ...labels } },
  spec: {},
  status: {},
});

export const service = (name: string, spec: Partial<Service["spec"]>, inNamespace = "default"): Service => ({
  metadata: { name, namespace: inNamespace },
  spec: { type: "ClusterIP", ...spec.clusterIP ? { clusterIPs: [spec.clusterIP] } : {}, ...spec },
  status: { loadBalancer: {} },
});

export const slice = (
  of: string,
  endpoints: NonNullable<EndpointSlice["endpoints"]>,
  ports: EndpointSlice["ports"] = [{ port: 80, protocol: "TCP" }],
  inNamespace = "default",
): EndpointSlice => ({
  metadata: { name: `${of}-1`, namespace: inNamespace, labels: { "kubernetes.io/service-name": of } },
  addressType: "IPv4",
  endpoints,
  ports,
});
