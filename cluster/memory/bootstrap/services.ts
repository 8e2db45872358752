/**
 * The services that every cluster has: the API server's own, and cluster DNS.
 *
 * Source: `pkg/controlplane/controller/kubernetesservice`, `cmd/kubeadm/app/phases/addons/dns`.
 */
import type { Client } from "../api/client.ts";
import { endpoints, endpointSlices, services } from "../api/kind_refs.ts";
import { SERVICE_NAME } from "../network/service_slices.ts";
import { ensure } from "./ensure.ts";

const API_SERVER_PORT = 6443;

/** @param address where the API server is reached; without one there is a service without endpoints, and no DNS */
export async function createServices(client: Client, address: string | undefined): Promise<void> {
  const metadata = { name: "kubernetes", namespace: "default" };
  await ensure(client, services, {
    metadata: { ...metadata, labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      clusterIP: "10.96.0.1",
      clusterIPs: ["10.96.0.1"],
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: API_SERVER_PORT }],
    },
  });
  if (address === undefined) return;
  await ensure(client, endpoints, {
    metadata: { ...metadata, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: "https", port: API_SERVER_PORT, protocol: "TCP" }] }],
  });
  await ensure(client, endpointSlices, {
    metadata: { ...metadata, labels: { [SERVICE_NAME]: "kubernetes" } },
    addressType: "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: "https", port: API_SERVER_PORT, protocol: "TCP" }],
  });
  await ensure(client, services, {
    metadata: {
      name: "kube-dns",
      namespace: "kube-system",
      labels: {
        "k8s-app": "kube-dns",
        "kubernetes.io/cluster-service": "true",
        "kubernetes.io/name": "CoreDNS",
      },
      annotations: { "prometheus.io/port": "9153", "prometheus.io/scrape": "true" },
    },
    spec: {
      clusterIP: "10.96.0.10",
      clusterIPs: ["10.96.0.10"],
      selector: { "k8s-app": "kube-dns" },
      ports: [
        { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
        { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
        { name: "metrics", port: 9153, protocol: "TCP", targetPort: 9153 },
      ],
    },
  });
}
