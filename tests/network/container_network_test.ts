/** Containers on the network: the whole control plane, and what a program in a container is told. */
import assert from "node:assert/strict";
import { assembleApi } from "../../cluster/memory/api/assemble.ts";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../cluster/memory/api/mod.ts";
import { bootstrap } from "../../cluster/memory/bootstrap.ts";
import { virtualClock } from "../../cluster/memory/clock.ts";
import { startComponents } from "../../cluster/memory/components.ts";
import type { ConfigMap, Deployment, NetworkPolicy, Pod, Service } from "../../cluster/memory/kinds/schema/types.ts";

async function startCluster(options: { readonly loadBalancerRange?: string } = {}) {
  const clock = virtualClock();
  const api = assembleApi({ clock });
  await bootstrap(api);
  const reports: unknown[] = [];
  const running = await startComponents(api, {
    components: ["controllers", "scheduler", "kubelets"],
    ...options,
    nodes: ["controlplane", "node01", "node02"],
    report: (where, error) => void reports.push(`${where}: ${error}`),
    controllers: {
      rootCa: "CA",
      resources: () => api.kinds.kinds(),
      apiServer: { address: "172.30.1.2", port: 6443, clusterIP: "10.96.0.1" },
    },
  });
  const client = api.client(administrator);
  await clock.settle();
  return {
    client,
    clock,
    reports,
    [Symbol.dispose]: () => running.stop(),
    /** What a command in a pod's first container prints, and its exit code. */
    async run(name: string, ...command: string[]): Promise<string> {
      const pod = await client.get<Pod>(refs.pods, "default", name);
      const worker = running.kubelets!.kubelet(pod.spec!.nodeName!)!.workerOf(pod.metadata.uid!)!;
      let text = "";
      let code: number | undefined;
      const write = (part: string) => void (text += part);
      worker.runtime.containers[0].process!.exec(command, { stdout: write, stderr: write }).onExit((status) =>
        code = status.code
      );
      for (let i = 0; i < 300 && code === undefined; i++) await clock.advance(1000);
      return `${text.trim()} [${code}]`;
    },
    async pod(name: string, image: string, labels: Readonly<Record<string, string>> = {}): Promise<void> {
      const command = image === "busybox" ? { command: ["sleep", "1d"] } : {};
      await client.create<Pod>(refs.pods, {
        metadata: { name, namespace: "default", labels },
        spec: { containers: [{ name: "app", image, ...command }] },
      });
    },
  };
}

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
  assert.match(await run("client", "nslookup", "kubernetes.default"), /Address: 10\.96\.0\.1/);

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
