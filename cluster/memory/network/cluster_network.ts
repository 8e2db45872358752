/**
 * The network of a cluster: every pod has an address and reaches every other by it, services stand in front of pods,
 * policies forbid, and names are resolved by CoreDNS, which is a pod as any other.
 *
 * It is fed by watches and writes nothing, as kube-proxy, a network plugin and CoreDNS do.
 */
import type { Informers } from "../api/informer.ts";
import type { Clock } from "../clock.ts";
import { nodeAddress } from "../kinds/core/node/address.ts";
import { parseIp } from "../kinds/ip_address.ts";
import { SERVICE_CIDR } from "../kinds/networking/service_cidr.ts";
import type { Pod } from "../kinds/schema/types.ts";
import { type ClusterView, clusterView } from "./cluster_view.ts";
import { type Attempt, isLoopback, type Peer, type Protocol } from "./connection.ts";
import { CorefileError, parseCorefile, type ServerBlock } from "./dns/corefile.ts";
import { absolute, type Answer, DNS_PORT, type Question } from "./dns/message.ts";
import { answer, type Upstream } from "./dns/server.ts";
import { iptablesSave } from "./iptables_save.ts";
import { allowed, egressAllowed, ingressAllowed } from "./policy.ts";
import { inRange, POD_RANGE } from "./ranges.ts";
import type { ProxiedEndpoint, ServicePortEntry } from "./service_port.ts";
import { serviceRoute, type Via } from "./service_route.ts";

export interface ClusterNetworkOptions {
  readonly informers: Informers;
  readonly clock: Clock;
  /** The name of the container of a pod that listens on a port, undefined where none does. */
  readonly listening: (pod: Pod, port: number, protocol: Protocol) => string | undefined;
  /** Name servers beyond the cluster; without them no name is known there. */
  readonly upstream?: Upstream;
}

/** What a resolver is told. Nothing comes back from a server that cannot be reached, or is none. */
export type Resolution = Answer | { readonly code: "timed out" | "refused"; readonly answers: readonly [] };

/** So many clients are remembered before those are forgotten whose time is over. */
const MOST_STICKY = 1000;
const NOBODY: Upstream = () => ({ code: "NXDOMAIN", answers: [] });

/** Which rule of a service an address and port meet. */
interface Addressed {
  readonly entry: ServicePortEntry;
  readonly via: Via;
}

/** Routes, services, policies and names of one cluster. */
export class ClusterNetwork {
  readonly view: ClusterView;
  /** Where clients of services with affinity went last, and until when they go there again. */
  readonly #sticky = new Map<string, { readonly endpoint: string; readonly until: number }>();
  readonly #corefiles = new WeakMap<object, readonly ServerBlock[] | undefined>();

  constructor(readonly options: ClusterNetworkOptions) {
    this.view = clusterView(options.informers);
  }

  /** Tries to open a connection to an address. */
  connect(from: Peer, ip: string, port: number, protocol: Protocol = "TCP"): Attempt {
    if (isLoopback(ip)) return this.#arrive(from, { ...from, ip }, port, protocol, ip);
    const addressed = this.#service(ip, port, protocol);
    if (addressed === undefined) return this.#deliver(from, from, this.#peerAt(ip), port, protocol);
    const { entry, via } = addressed;
    const at = via === "nodePort" ? this.view.nodeAt(ip)?.metadata.name : from.node;
    // What goes to another node's port leaves the pod as that, and is translated there.
    if (via === "nodePort" && at !== from.node) {
      const to = { ip, node: at };
      if (!egressAllowed(this.view.policies, { from, to, port, protocol })) return { outcome: "timed out" };
    }
    const route = serviceRoute(entry, { via, from, node: at, choose: (all) => this.#choose(entry, from, all) });
    if (route.to === "reject") return { outcome: "refused" };
    if (route.to === "drop") return { outcome: "timed out" };
    const gate = at === undefined ? undefined : this.#nodePeer(at);
    const seen = route.masquerade && gate !== undefined ? gate : from;
    const leaving = via === "nodePort" && at !== from.node ? seen : from;
    return this.#deliver(leaving, seen, this.#peerAt(route.endpoint.ip), route.endpoint.port, protocol);
  }

  /** Asks a name server for one absolute name. @param server its address; that of kube-dns unless given */
  resolve(from: Peer, question: Question, server?: string): Resolution {
    const address = server ?? this.view.services.get("kube-system", "kube-dns")?.spec.clusterIP;
    if (address === undefined) return { code: "timed out", answers: [] };
    const { upstream = NOBODY } = this.options;
    const asked = { ...question, name: absolute(question.name) };
    if (!this.#isInside(address)) {
      const to = { ip: address };
      const may = egressAllowed(this.view.policies, { from, to, port: DNS_PORT, protocol: "UDP" });
      return may ? upstream(asked) : { code: "timed out", answers: [] };
    }
    const attempt = this.connect(from, address, DNS_PORT, "UDP");
    if (attempt.outcome !== "connected") {
      return { code: attempt.outcome === "refused" ? "refused" : "timed out", answers: [] };
    }
    const servers = this.#coreDns(attempt.to.pod, attempt.to.container);
    if (servers === undefined) return { code: "timed out", answers: [] };
    return answer({ servers, view: this.view.names, upstream }, asked);
  }

  /** Whether an address answers to an echo; services' addresses do not. */
  echoes(from: Peer, ip: string): boolean {
    if (isLoopback(ip) || ip === from.ip) return true;
    const to = this.#peerAt(ip);
    if (to === undefined) return false;
    return allowed(this.view.policies, { from, to, port: 0, protocol: "ICMP" });
  }

  /** kube-proxy's rules on a node, as `iptables-save` shows them. */
  iptablesSave(node: string): string {
    const entries = this.view.services.list().flatMap((service) => this.view.entries(service));
    return iptablesSave(entries, { name: node, clusterCIDR: POD_RANGE });
  }

  #deliver(leaving: Peer, seen: Peer, to: Peer | undefined, port: number, protocol: Protocol): Attempt {
    if (to === undefined) return { outcome: "timed out" };
    const policies = this.view.policies;
    const may = egressAllowed(policies, { from: leaving, to, port, protocol }) &&
      ingressAllowed(policies, { from: seen, to, port, protocol });
    return may ? this.#arrive(to, seen, port, protocol, to.ip) : { outcome: "timed out" };
  }

  /** The packets are there: does somebody listen? */
  #arrive(to: Peer, seen: Peer, port: number, protocol: Protocol, ip: string): Attempt {
    const pods = to.pod !== undefined ? [to.pod] : to.node === undefined ? [] : this.view.hostPods(to.node);
    for (const pod of pods) {
      const container = this.options.listening(pod, port, protocol);
      if (container !== undefined) return { outcome: "connected", to: { pod, container, ip, port, client: seen.ip } };
    }
    return { outcome: "refused" };
  }

  #peerAt(ip: string): Peer | undefined {
    const pod = this.view.podAt(ip);
    if (pod !== undefined) return { ip, pod, node: pod.spec?.nodeName };
    const node = this.view.nodeAt(ip);
    return node === undefined ? undefined : { ip, node: node.metadata.name };
  }

  #nodePeer(name: string): Peer | undefined {
    const ip = nodeAddress(this.view.nodes.get(undefined, name), "InternalIP");
    return ip === undefined ? undefined : { ip, node: name };
  }

  #service(ip: string, port: number, protocol: Protocol): Addressed | undefined {
    for (const service of this.view.servicesAt(ip)) {
      const entry = this.view.entries(service).find((one) => one.port === port && one.protocol === protocol);
      if (entry === undefined) continue;
      if (service.spec.clusterIPs?.includes(ip)) return { entry, via: "clusterIP" };
      return { entry, via: entry.loadBalancerIPs.includes(ip) ? "loadBalancer" : "external" };
    }
    if (this.view.nodeAt(ip) === undefined) return undefined;
    for (const service of this.view.servicesOfNodePort(port)) {
      const entry = this.view.entries(service).find((one) => one.nodePort === port && one.protocol === protocol);
      if (entry !== undefined) return { entry, via: "nodePort" };
    }
    return undefined;
  }

  /** One of the endpoints: the client's last, where it is to stay with it, else any. */
  #choose(
    { id, protocol, affinitySeconds }: ServicePortEntry,
    from: Peer,
    endpoints: readonly ProxiedEndpoint[],
  ): ProxiedEndpoint {
    const { clock } = this.options;
    const any = endpoints[Math.floor(clock.random() * endpoints.length)];
    if (affinitySeconds === undefined) return any;
    const key = `${id} ${protocol} ${from.ip}`;
    const last = this.#sticky.get(key);
    const again = last === undefined || last.until < clock.now()
      ? undefined
      : endpoints.find(({ ip, port }) => `${ip}:${port}` === last.endpoint);
    const chosen = again ?? any;
    if (this.#sticky.size >= MOST_STICKY) this.#forgetExpired();
    this.#sticky.set(key, { endpoint: `${chosen.ip}:${chosen.port}`, until: clock.now() + affinitySeconds * 1000 });
    return chosen;
  }

  #forgetExpired(): void {
    const now = this.options.clock.now();
    for (const [key, { until }] of this.#sticky) if (until < now) this.#sticky.delete(key);
  }

  /** Whether an address can only be the cluster's own. */
  #isInside(ip: string): boolean {
    if (isLoopback(ip) || this.#peerAt(ip) !== undefined || this.view.servicesAt(ip).length > 0) return true;
    return parseIp(ip) === undefined || inRange(POD_RANGE, ip) || inRange(SERVICE_CIDR, ip);
  }

  /** How CoreDNS is configured in a container; undefined where it is something else, or cannot start. */
  #coreDns(pod: Pod, container: string): readonly ServerBlock[] | undefined {
    const image = pod.spec?.containers.find(({ name }) => name === container)?.image ?? "";
    if (!/(^|\/)coredns(:|@|$)/.test(image)) return undefined;
    const name = pod.spec?.volumes?.find(({ configMap }) => configMap !== undefined)?.configMap?.name;
    const configMap = name === undefined ? undefined : this.view.configMaps.get(pod.metadata.namespace, name);
    if (configMap === undefined) return undefined;
    if (!this.#corefiles.has(configMap)) {
      this.#corefiles.set(configMap, parsed(configMap.data?.Corefile));
    }
    return this.#corefiles.get(configMap);
  }
}

function parsed(corefile: string | undefined): readonly ServerBlock[] | undefined {
  if (corefile === undefined) return undefined;
  try {
    return parseCorefile(corefile);
  } catch (error) {
    if (error instanceof CorefileError) return undefined;
    throw error;
  }
}
