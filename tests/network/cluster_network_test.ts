/** The network over the API: what is written there is where connections lead. */
import assert from "node:assert/strict";
import { assembleApi } from "../../cluster/memory/api/assemble.ts";
import type { KindRef } from "../../cluster/memory/api/client.ts";
import { Informers } from "../../cluster/memory/api/informer.ts";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../cluster/memory/api/mod.ts";
import { bootstrap } from "../../cluster/memory/bootstrap.ts";
import { virtualClock } from "../../cluster/memory/clock.ts";
import type { KubeObject, Partially } from "../../cluster/memory/kinds/object.ts";
import type { ConfigMap, NetworkPolicy, Pod, Service } from "../../cluster/memory/kinds/schema/types.ts";
import { ClusterNetwork } from "../../cluster/memory/network/cluster_network.ts";
import { type Attempt, peerOf } from "../../cluster/memory/network/connection.ts";

const NODES = { node01: "172.30.1.3", node02: "172.30.1.4" } as const;
const COREFILE = ".:53 {\n  kubernetes cluster.local\n  forward . /etc/resolv.conf\n}\n";

interface PodOptions {
  readonly node?: keyof typeof NODES;
  readonly namespace?: string;
  readonly image?: string;
  readonly hostNetwork?: boolean;
}

/** A cluster of two nodes on which every pod listens on port 8080, and CoreDNS on 53. */
async function startNetwork() {
  const clock = virtualClock();
  const api = assembleApi({ clock });
  await bootstrap(api);
  const client = api.client(administrator);
  const informers = new Informers(client);
  const network = new ClusterNetwork({
    informers,
    clock,
    listening: ({ spec }, port) =>
      port === (spec!.containers[0].image!.includes("coredns") ? 53 : 8080) ? spec!.containers[0].name : undefined,
  });
  await informers.start();
  for (const [name, address] of Object.entries(NODES)) {
    const node = await client.create(refs.nodes, { metadata: { name } });
    const status = { ...node.status, addresses: [{ type: "InternalIP", address }] };
    await client.updateStatus(refs.nodes, { ...node, status });
  }
  const namespaceOf = "default";
  for (const namespace of [namespaceOf, "kube-system"]) {
    await client.create(refs.serviceAccounts, { metadata: { name: "default", namespace } });
  }

  const cluster = {
    client,
    clock,
    network,
    async pod(name: string, ip: string, { node = "node01", namespace = namespaceOf, ...more }: PodOptions = {}) {
      const { image = "nginx", hostNetwork } = more;
      const dns = image.includes("coredns");
      const created = await client.create<Pod>(refs.pods, {
        metadata: { name, namespace, labels: { app: name.split("-")[0] } },
        spec: {
          nodeName: node,
          hostNetwork,
          automountServiceAccountToken: false,
          containers: [{ name: "app", image }],
          volumes: dns ? [{ name: "config", configMap: { name: "coredns" } }] : [],
        },
      });
      const status = { ...created.status, phase: "Running", podIP: ip, podIPs: [{ ip }] };
      await client.updateStatus<Pod>(refs.pods, { ...created, status } as Pod);
    },
    service(name: string, spec: Partially<Service["spec"]>, namespace = namespaceOf) {
      return client.create<Service>(refs.services, { metadata: { name, namespace }, spec });
    },
    endpoints(of: string, ips: readonly (readonly [string, string])[], port = 8080, namespace = namespaceOf) {
      return client.create(refs.endpointSlices, {
        metadata: { name: `${of}-1`, namespace, labels: { "kubernetes.io/service-name": of } },
        addressType: "IPv4",
        endpoints: ips.map(([ip, nodeName]) => ({ addresses: [ip], nodeName, conditions: { ready: true } })),
        ports: [{ port, protocol: port === 53 ? "UDP" : "TCP" }],
      });
    },
    create: <T extends KubeObject>(kind: KindRef<T>, object: Partially<T>) => client.create(kind, object),
    /** "web-1:8080", or how else the attempt ends. */
    async connect(from: string, ip: string, port: number): Promise<string> {
      await clock.quiet();
      const pod = network.view.pods.get(namespaceOf, from)!;
      return said(network.connect(peerOf(pod), ip, port));
    },
    async resolve(from: string, name: string, server?: string): Promise<string> {
      await clock.quiet();
      const pod = network.view.pods.get(namespaceOf, from)!;
      const { code, answers } = network.resolve(peerOf(pod), { name, type: "A" }, server);
      return [code, ...answers.map(({ data }) => data)].join(" ");
    },
  };
  return cluster;
}

const said = (attempt: Attempt): string =>
  attempt.outcome === "connected" ? `${attempt.to.pod.metadata.name}:${attempt.to.port}` : attempt.outcome;

Deno.test("network: pods reach each other, and nobody is where no pod is", async () => {
  const { pod, connect } = await startNetwork();
  await pod("client", "10.244.1.2");
  await pod("web", "10.244.2.2", { node: "node02" });
  assert.equal(await connect("client", "10.244.2.2", 8080), "web:8080");
  assert.equal(await connect("client", "10.244.2.2", 81), "refused");
  assert.equal(await connect("client", "10.244.2.9", 8080), "timed out");
  assert.equal(await connect("client", "127.0.0.1", 8080), "client:8080");
  assert.equal(await connect("client", "127.0.0.1", 81), "refused");
});

Deno.test("network: a pod in its host's network listens at the node's address", async () => {
  const { pod, connect } = await startNetwork();
  await pod("client", "10.244.1.2");
  await pod("agent", NODES.node02, { node: "node02", hostNetwork: true });
  assert.equal(await connect("client", NODES.node02, 8080), "agent:8080");
  assert.equal(await connect("client", NODES.node01, 8080), "refused");
});

Deno.test("network: a service is its ready endpoints, all of them", async () => {
  const { pod, service, endpoints, connect, create } = await startNetwork();
  await pod("client", "10.244.1.2");
  await pod("web-1", "10.244.1.3");
  await pod("web-2", "10.244.2.3", { node: "node02" });
  await service("web", { clusterIP: "10.96.7.7", ports: [{ port: 80, targetPort: 8080 }] });
  assert.equal(await connect("client", "10.96.7.7", 80), "refused");
  await create(refs.endpointSlices, {
    metadata: { name: "web-0", namespace: "default", labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4",
    endpoints: null!,
    ports: null!,
  });
  assert.equal(await connect("client", "10.96.7.7", 80), "refused");
  await endpoints("web", [["10.244.1.3", "node01"], ["10.244.2.3", "node02"]]);
  const reached = new Set<string>();
  for (let i = 0; i < 40; i++) reached.add(await connect("client", "10.96.7.7", 80));
  assert.deepEqual([...reached].sort(), ["web-1:8080", "web-2:8080"]);
  assert.equal(await connect("client", "10.96.7.7", 81), "timed out");
});

Deno.test("network: affinity keeps a client with its endpoint until it is gone for long", async () => {
  const { pod, service, endpoints, connect, clock } = await startNetwork();
  await pod("client", "10.244.1.2");
  for (const i of [3, 4, 5, 6]) await pod(`web-${i}`, `10.244.1.${i}`);
  await service("web", {
    clusterIP: "10.96.7.7",
    sessionAffinity: "ClientIP",
    ports: [{ port: 80, targetPort: 8080 }],
  });
  await endpoints("web", [3, 4, 5, 6].map((i) => [`10.244.1.${i}`, "node01"] as const));
  const first = await connect("client", "10.96.7.7", 80);
  for (let i = 0; i < 20; i++) assert.equal(await connect("client", "10.96.7.7", 80), first);
  const later = new Set<string>();
  for (let i = 0; i < 20; i++) {
    await clock.advance(10_801_000);
    later.add(await connect("client", "10.96.7.7", 80));
  }
  assert.ok(later.size > 1);
});

Deno.test("network: a node port on every node; with the policy Local only where an endpoint is", async () => {
  const { pod, service, endpoints, connect, network, clock } = await startNetwork();
  await pod("client", "10.244.1.2");
  await pod("web", "10.244.1.3");
  const ports = [{ port: 80, targetPort: 8080, nodePort: 30080 }];
  await service("web", { type: "NodePort", clusterIP: "10.96.7.7", ports });
  await service("local", {
    type: "NodePort",
    externalTrafficPolicy: "Local",
    ports: [{ port: 80, targetPort: 8080, nodePort: 30081 }],
  });
  await endpoints("web", [["10.244.1.3", "node01"]]);
  await endpoints("local", [["10.244.1.3", "node01"]]);
  assert.equal(await connect("client", NODES.node01, 30080), "web:8080");
  assert.equal(await connect("client", NODES.node02, 30080), "web:8080");
  assert.equal(await connect("client", NODES.node01, 30081), "web:8080");
  assert.equal(await connect("client", NODES.node02, 30081), "timed out");
  await clock.quiet();
  const browser = { ip: "198.51.100.1" };
  const masqueraded = network.connect(browser, NODES.node02, 30080);
  assert.equal(masqueraded.outcome === "connected" && masqueraded.to.client, NODES.node02);
  const direct = network.connect(browser, NODES.node01, 30081);
  assert.equal(direct.outcome === "connected" && direct.to.client, "198.51.100.1");
});

Deno.test("network: external addresses, and a load balancer's with its source ranges", async () => {
  const { pod, service, endpoints, connect, network, client, clock } = await startNetwork();
  await pod("client", "10.244.1.2");
  await pod("web", "10.244.1.3");
  const created = await service("web", {
    type: "LoadBalancer",
    externalIPs: ["192.0.2.5"],
    loadBalancerSourceRanges: ["198.51.100.0/24"],
    ports: [{ port: 80, targetPort: 8080 }],
  });
  const status = { loadBalancer: { ingress: [{ ip: "172.30.200.1" }] } };
  await client.updateStatus<Service>(refs.services, { ...created, status });
  await endpoints("web", [["10.244.1.3", "node01"]]);
  assert.equal(await connect("client", "192.0.2.5", 80), "web:8080");
  assert.equal(await connect("client", "172.30.200.1", 80), "timed out");
  await clock.quiet();
  assert.equal(said(network.connect({ ip: "198.51.100.9" }, "172.30.200.1", 80)), "web:8080");
});

const policy = (spec: NetworkPolicy["spec"]): Partially<NetworkPolicy> => ({
  metadata: { name: "policy", namespace: "default" },
  spec,
});

Deno.test("network: policies see the pod behind the service; what they forbid is dropped", async () => {
  const { pod, service, endpoints, connect, create } = await startNetwork();
  await pod("client", "10.244.1.2");
  await pod("friend", "10.244.2.4", { node: "node02" });
  await pod("web", "10.244.2.3", { node: "node02" });
  await service("web", { clusterIP: "10.96.7.7", ports: [{ port: 80, targetPort: 8080 }] });
  await endpoints("web", [["10.244.2.3", "node02"]]);
  await create(
    refs.networkPolicies,
    policy({
      podSelector: { matchLabels: { app: "web" } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: "friend" } } }], ports: [{ port: 8080 }] }],
    }),
  );
  assert.equal(await connect("client", "10.96.7.7", 80), "timed out");
  assert.equal(await connect("friend", "10.96.7.7", 80), "web:8080");
  assert.equal(await connect("web", "10.244.1.2", 8080), "client:8080");
});

async function startDns() {
  const cluster = await startNetwork();
  await cluster.pod("client", "10.244.1.2");
  await cluster.pod("coredns-1", "10.244.1.53", {
    namespace: "kube-system",
    image: "registry.k8s.io/coredns/coredns:v1",
  });
  await cluster.create<ConfigMap>(refs.configMaps, {
    metadata: { name: "coredns", namespace: "kube-system" },
    data: { Corefile: COREFILE },
  });
  const ports = [{ port: 53, protocol: "UDP" }];
  await cluster.service("kube-dns", { clusterIP: "10.96.0.10", ports }, "kube-system");
  await cluster.endpoints("kube-dns", [["10.244.1.53", "node01"]], 53, "kube-system");
  await cluster.service("web", { clusterIP: "10.96.7.7", ports: [{ port: 80 }] });
  return cluster;
}
const WEB = "web.default.svc.cluster.local";

Deno.test("DNS: CoreDNS answers through its service, or asked itself", async () => {
  const { resolve } = await startDns();
  assert.equal(await resolve("client", WEB), "NOERROR 10.96.7.7");
  assert.equal(await resolve("client", WEB, "10.244.1.53"), "NOERROR 10.96.7.7");
  assert.equal(await resolve("client", "nobody.default.svc.cluster.local"), "NXDOMAIN");
  assert.equal(await resolve("client", WEB, "10.96.0.11"), "timed out");
});

Deno.test("DNS: a broken Corefile, no endpoints, no service: no answers", async () => {
  const { resolve, client } = await startDns();
  const configMap = await client.get<ConfigMap>(refs.configMaps, "kube-system", "coredns");
  const broken = { ...configMap, data: { Corefile: COREFILE.replace("kubernetes", "kubernetess") } };
  const written = await client.update<ConfigMap>(refs.configMaps, broken);
  assert.equal(await resolve("client", WEB), "timed out");
  await client.update<ConfigMap>(refs.configMaps, { ...written, data: { Corefile: COREFILE } });
  assert.equal(await resolve("client", WEB), "NOERROR 10.96.7.7");
  await client.delete(refs.endpointSlices, "kube-system", "kube-dns-1");
  assert.equal(await resolve("client", WEB), "refused");
  await client.delete(refs.services, "kube-system", "kube-dns");
  assert.equal(await resolve("client", WEB), "timed out");
});

Deno.test("DNS: a pod whose egress is closed has no names until its policy lets it ask", async () => {
  const { resolve, create, client } = await startDns();
  const spec = { podSelector: {}, policyTypes: ["Egress"] };
  const written = await create(refs.networkPolicies, policy(spec));
  assert.equal(await resolve("client", WEB, "10.244.1.53"), "timed out");
  assert.equal(await resolve("client", WEB), "timed out");
  await client.update<NetworkPolicy>(refs.networkPolicies, {
    ...written,
    spec: { ...spec, egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: "UDP" }] }] },
  });
  assert.equal(await resolve("client", WEB), "NOERROR 10.96.7.7");
});

Deno.test("network: an echo reaches pods and nodes, not services, and no further than policies let it", async () => {
  const { pod, service, create, network, clock } = await startNetwork();
  await pod("client", "10.244.1.2");
  await pod("web", "10.244.2.3", { node: "node02" });
  await service("web", { clusterIP: "10.96.7.7", ports: [{ port: 80 }] });
  const ping = async (ip: string) => {
    await clock.quiet();
    return network.echoes(peerOf(network.view.pods.get("default", "client")!), ip);
  };
  assert.deepEqual([await ping("10.244.2.3"), await ping(NODES.node02), await ping("10.96.7.7")], [true, true, false]);
  await create(refs.networkPolicies, policy({ podSelector: {}, policyTypes: ["Ingress"] }));
  assert.equal(await ping("10.244.2.3"), false);
});
