/**
 * Joins the network to the kubelets: what a container connects to is a port on which another container listens.
 *
 * This stands above both: a network knows nothing of processes, and a container nothing of services.
 */
import type { Informers } from "./api/informer.ts";
import type { Clock } from "./clock.ts";
import { runningContainers } from "./kubelet/container.ts";
import type { Kubelets } from "./kubelet/mod.ts";
import type { DnsAnswer, Network, Origin } from "./kubelet/runtime/network.ts";
import type { ContainerProcess } from "./kubelet/runtime/runtime.ts";
import type { Pod } from "./kinds/schema/types.ts";
import { ClusterNetwork, type Resolution } from "./network/cluster_network.ts";
import { isHostNetwork, type Peer } from "./network/connection.ts";
import type { ProxyTable } from "./network/proxy.ts";

export interface ContainerNetworkOptions {
  readonly informers: Informers;
  readonly clock: Clock;
  /** Asked when somebody connects; undefined while there are none. */
  readonly kubelets: () => Kubelets | undefined;
  /** What a proxy in a pod forwards by, where a controller directs it. */
  readonly proxyTable?: (pod: Pod) => ProxyTable | undefined;
}

/** What the kubelets give their containers, and the network behind it. */
export interface ContainerNetwork extends Network {
  readonly cluster: ClusterNetwork;
}

export function containerNetwork(options: ContainerNetworkOptions): ContainerNetwork {
  const { informers, clock, kubelets } = options;
  const processesOf = ({ metadata, spec }: Pod): readonly (readonly [string, ContainerProcess])[] => {
    const worker = kubelets()?.kubelet(spec?.nodeName ?? "")?.workerOf(metadata.uid!);
    if (worker === undefined) return [];
    return runningContainers(worker.runtime).flatMap(({ name, process }) =>
      process === undefined ? [] : [[name, process] as const]
    );
  };
  const cluster = new ClusterNetwork({
    informers,
    clock,
    listening: (pod, port) => processesOf(pod).find(([, process]) => process.listens(port))?.[0],
  });

  /** The pod itself counts, not what its containers say: a name may have gone to another pod meanwhile. */
  const peerOf = ({ namespace, pod, ip, node }: Origin): Peer => {
    const found = cluster.view.pods.get(namespace, pod);
    return found === undefined || isHostNetwork(found) ? { ip, node } : { ip, node: found.spec?.nodeName, pod: found };
  };

  return {
    cluster,
    connect(from, address, port, protocol = "TCP") {
      const attempt = cluster.connect(peerOf(from), address, port, protocol);
      if (attempt.outcome !== "connected") {
        return Promise.resolve(attempt.outcome === "refused" ? "refused" : "timeout");
      }
      const { pod, container, port: target, client } = attempt.to;
      const process = processesOf(pod).find(([name]) => name === container)?.[1];
      if (process === undefined) return Promise.resolve("refused");
      return Promise.resolve({
        http: (request) => process.http({ ...request, port: target, from: client }),
        line: (text) => process.line?.(target, text),
        certificate: (name) => process.certificate?.(target, name),
      });
    },
    resolve: (from, name, type, server) =>
      Promise.resolve(dnsAnswer(cluster.resolve(peerOf(from), { name, type }, server))),
    ping: (from, address) => Promise.resolve(cluster.echoes(peerOf(from), address)),
    packetFilter({ namespace, pod, node }) {
      const found = cluster.view.pods.get(namespace, pod);
      return found !== undefined && isHostNetwork(found) && node !== undefined ? cluster.iptablesSave(node) : "";
    },
    proxyTable({ namespace, pod }) {
      const found = cluster.view.pods.get(namespace, pod);
      return found && options.proxyTable?.(found);
    },
  };
}

/** As programs show it: names without the dot at the end, but for those that are data. */
function dnsAnswer({ code, answers }: Resolution): DnsAnswer {
  if (code === "timed out" || code === "refused") return { code: "TIMEOUT", records: [] };
  const records = answers.flatMap(({ name, type, ttl, data }) =>
    type === "SOA" || type === "NS" ? [] : [{ name: name.replace(/\.$/, ""), type, ttl, value: data }]
  );
  return { code: code === "REFUSED" ? "SERVFAIL" : code, records };
}
