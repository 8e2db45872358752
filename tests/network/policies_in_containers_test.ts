/** Network policies as programs in containers meet them, the whole control plane running. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import type {
  Ingress,
  NetworkPolicy,
  NetworkPolicySpec,
  Pod,
  Service,
} from "../../cluster/memory/kinds/schema/types.ts";
import { startCluster } from "./running_cluster.ts";

const DNS_PORTS = [{ port: 53, protocol: "UDP" }, { port: 53, protocol: "TCP" }];
const KUBE_DNS = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

async function startPolicies(options: Parameters<typeof startCluster>[0] = {}) {
  const cluster = await startCluster(options);
  const { client, clock, run, pod } = cluster;
  await pod("client", "busybox", { app: "client" });
  await client.create<Pod>(refs.pods, {
    metadata: { name: "web", namespace: "default", labels: { app: "web" } },
    spec: { containers: [{ name: "app", image: "nginx:1.27", ports: [{ name: "http", containerPort: 80 }] }] },
  });
  await client.create<Service>(refs.services, {
    metadata: { name: "web", namespace: "default" },
    spec: { selector: { app: "web" }, ports: [{ port: 8000, targetPort: "http" }] },
  });
  await clock.settle();
  const { status } = await client.get<Pod>(refs.pods, "default", "web");
  const said = (output: string) =>
    /nginx/.test(output)
      ? "connected"
      : /bad address/.test(output)
      ? "no name"
      : /timed out/.test(output)
      ? "timed out"
      : output;
  return {
    ...cluster,
    [Symbol.dispose]: cluster[Symbol.dispose],
    address: status.podIP!,
    async policy(name: string, spec: NetworkPolicySpec) {
      await client.create<NetworkPolicy>(refs.networkPolicies, { metadata: { name, namespace: "default" }, spec });
      await clock.settle();
    },
    /** How a request of the client ends. */
    get: async (url: string) => said(await run("client", "wget", "-qO-", "-T", "5", `http://${url}`)),
  };
}

Deno.test("egress closed by default: first there is no name, then no way, then both", async () => {
  using cluster = await startPolicies();
  const { policy, get, address } = cluster;
  const podSelector = { matchLabels: { app: "client" } };
  assert.equal(await get("web:8000"), "connected");
  await policy("closed", { podSelector, policyTypes: ["Egress"] });
  assert.equal(await get("web:8000"), "no name");
  assert.equal(await get(address), "timed out");
  await policy("names", { podSelector, policyTypes: ["Egress"], egress: [{ to: [KUBE_DNS], ports: DNS_PORTS }] });
  assert.equal(await get("web:8000"), "timed out");
  // The port is the pod's, not the service's: policies see what the service has translated.
  await policy("service-port", { podSelector, policyTypes: ["Egress"], egress: [{ ports: [{ port: 8000 }] }] });
  assert.equal(await get("web:8000"), "timed out");
  await policy("by-name", { podSelector, policyTypes: ["Egress"], egress: [{ ports: [{ port: "http" }] }] });
  assert.equal(await get("web:8000"), "connected");
});

Deno.test("a range of addresses lets a pod in, and what is taken out of it does not", async () => {
  for (const [except, outcome] of [[["10.244.9.0/24"], "connected"], [["10.244.0.0/16"], "timed out"]] as const) {
    using cluster = await startPolicies();
    const { policy, get, address } = cluster;
    await policy("range", {
      podSelector: { matchLabels: { app: "web" } },
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except } }], ports: [{ port: 70, endPort: 90 }] }],
    });
    assert.equal(await get(address), outcome);
  }
});

Deno.test("a namespace and a pod in one peer: both have to be right", async () => {
  for (
    const [namespace, app, outcome] of [
      ["default", "client", "connected"],
      ["default", "other", "timed out"],
      ["kube-system", "client", "timed out"],
    ]
  ) {
    using cluster = await startPolicies();
    const { policy, get } = cluster;
    await policy("both", {
      podSelector: { matchLabels: { app: "web" } },
      policyTypes: ["Ingress"],
      ingress: [{
        from: [{
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
          podSelector: { matchLabels: { app } },
        }],
      }],
    });
    assert.equal(await get("web:8000"), outcome, `${namespace} ${app}`);
  }
});

Deno.test("an ingress controller is a pod like others: it is kept out until a policy lets its namespace in", async () => {
  using cluster = await startPolicies({ addons: ["ingress-nginx"] });
  const { client, clock, policy, run } = cluster;
  const paths = [{ path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 8000 } } } }];
  await client.create<Ingress>(refs.ingresses, {
    metadata: { name: "web", namespace: "default" },
    spec: { ingressClassName: "nginx", rules: [{ http: { paths } }] },
  });
  const controller = "ingress-nginx-controller.ingress-nginx";
  const get = () => run("client", "wget", "-qO-", "-T", "900", `http://${controller}`);
  await clock.settle();
  assert.match(await get(), /Welcome to nginx/);
  const podSelector = { matchLabels: { app: "web" } };
  await policy("closed", { podSelector, policyTypes: ["Ingress"] });
  assert.match(await get(), /504 Gateway Time-out/);
  const from = [{ namespaceSelector: { matchLabels: { "app.kubernetes.io/name": "ingress-nginx" } } }];
  await policy("controller", { podSelector, policyTypes: ["Ingress"], ingress: [{ from }] });
  assert.match(await get(), /Welcome to nginx/);
});
