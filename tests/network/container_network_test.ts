/** Containers on the network: the whole control plane, and what a program in a container is told. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import type { ConfigMap, Deployment, NetworkPolicy, Service } from "../../cluster/memory/kinds/schema/types.ts";
import { startCluster } from "./running_cluster.ts";

Deno.test("containers find services by name, and are refused, denied or left waiting", async () => {
  using cluster = await startCluster();
  const { client, clock, run, pod } = cluster;
  await pod("client", "busybox");
  await client.create<Deployment>(refs.deployments, {
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "nginx:1.27", ports: [{ name: "http", containerPort: 80 }] }] },
      },
    },
  });
  await client.create<Service>(refs.services, {
    metadata: { name: "web", namespace: "default" },
    spec: { selector: { app: "web" }, ports: [{ port: 8000, targetPort: "http" }] },
  });
  await client.create<Service>(refs.services, {
    metadata: { name: "empty", namespace: "default" },
    spec: { selector: { app: "nobody" }, ports: [{ port: 80 }] },
  });
  await clock.settle();
  assert.match(await run("client", "wget", "-qO-", "-T", "5", "http://web:8000"), /Welcome to nginx!.* \[0\]$/s);
  assert.match(await run("client", "wget", "-qO-", "-T", "5", "http://web.default.svc.cluster.local:8000"), /\[0\]$/);
  assert.match(await run("client", "wget", "-qO-", "-T", "5", "http://empty"), /refused.* \[1\]$/s);
  assert.match(await run("client", "wget", "-qO-", "-T", "5", "http://web:81"), /timed out.* \[1\]$/s);
  assert.match(await run("client", "wget", "-qO-", "-T", "5", "http://nobody"), /bad address.* \[1\]$/s);
  assert.match(await run("client", "nslookup", "kubernetes.default.svc.cluster.local"), /Address: 10\.96\.0\.1/);

  const created = await client.create<NetworkPolicy>(refs.networkPolicies, {
    metadata: { name: "deny", namespace: "default" },
    spec: { podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Ingress"] },
  });
  await clock.settle();
  assert.match(await run("client", "wget", "-qO-", "-T", "5", "http://web:8000"), /timed out.* \[1\]$/s);
  await client.delete(refs.networkPolicies, "default", created.metadata.name!);
  await clock.settle();
  assert.match(await run("client", "wget", "-qO-", "-T", "5", "http://web:8000"), /\[0\]$/);
  assert.deepEqual(cluster.reports, []);
});

Deno.test("names are gone when CoreDNS is broken, and back when it is mended", async () => {
  using cluster = await startCluster();
  const { client, clock, run, pod } = cluster;
  await pod("client", "busybox");
  await clock.settle();
  const lookUp = () => run("client", "nslookup", "kubernetes.default.svc.cluster.local");
  assert.match(await lookUp(), /Address: 10\.96\.0\.1/);
  const configMap = await client.get<ConfigMap>(refs.configMaps, "kube-system", "coredns");
  const Corefile = configMap.data!.Corefile.replace("kubernetes cluster.local", "kubernetes other.local");
  const changed = await client.update<ConfigMap>(refs.configMaps, { ...configMap, data: { Corefile } });
  await clock.settle();
  assert.match(await lookUp(), /\[1\]$/);
  await client.update<ConfigMap>(refs.configMaps, { ...changed, data: configMap.data! });
  await clock.settle();
  assert.match(await lookUp(), /Address: 10\.96\.0\.1/);
  const deployment = await client.get<Deployment>(refs.deployments, "kube-system", "coredns");
  await client.update<Deployment>(refs.deployments, { ...deployment, spec: { ...deployment.spec, replicas: 0 } });
  await clock.settle();
  assert.match(await lookUp(), /\[1\]$/);
});

for (
  const [what, loadBalancerRange, address] of [
    ["has an address where there is a pool", "172.30.200.0/24", "172.30.200.1"],
    ["waits for one where there is none", undefined, undefined],
  ] as const
) {
  Deno.test(`a load balancer ${what}`, async () => {
    using cluster = await startCluster({ loadBalancerRange });
    const { client, clock, run, pod } = cluster;
    await pod("client", "busybox");
    await pod("web", "nginx:1.27", { app: "web" });
    await client.create<Service>(refs.services, {
      metadata: { name: "web", namespace: "default" },
      spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80 }] },
    });
    await clock.settle();
    const { status, spec } = await client.get<Service>(refs.services, "default", "web");
    assert.equal(status.loadBalancer.ingress?.[0].ip, address);
    for (const reached of [address, `172.30.1.3:${spec.ports![0].nodePort}`]) {
      if (reached === undefined) continue;
      assert.match(await run("client", "wget", "-qO-", "-T", "5", `http://${reached}`), /nginx.* \[0\]$/s);
    }
    assert.deepEqual(cluster.reports, []);
  });
}
