/** A new cluster is as kubeadm leaves it, and its controllers, scheduler and kubelets have nothing to do. */
import assert from "node:assert/strict";
import { assembleApi } from "../../cluster/memory/api/assemble.ts";
import { ServiceAccountTokens } from "../../cluster/memory/api/authn/service_account_tokens.ts";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../cluster/memory/api/mod.ts";
import { generateSigningKey } from "../../cluster/memory/api/tls/certificates.ts";
import { bootstrap } from "../../cluster/memory/bootstrap.ts";
import { virtualClock } from "../../cluster/memory/clock.ts";
import { type Components, startComponents } from "../../cluster/memory/components.ts";
import type { ConfigMap, Deployment, Event, Node, Pod, ReplicaSet } from "../../cluster/memory/kinds/schema/types.ts";

const key = await generateSigningKey();

async function newCluster(nodes: readonly string[], run: (cluster: Cluster) => Promise<void>): Promise<void> {
  const clock = virtualClock();
  const api = assembleApi({ clock, tokens: (store) => new ServiceAccountTokens(key, clock, store) });
  const reports: string[] = [];
  await bootstrap(api);
  const components = await startComponents(api, {
    components: ["api", "controllers", "scheduler", "kubelets"],
    nodes,
    controllers: { rootCa: "certificate", resources: () => api.kinds.kinds() },
    report: (where, error) => void reports.push(`${where}: ${error instanceof Error ? error.stack : error}`),
  });
  try {
    await run({ clock, api, client: api.client(administrator), components });
  } finally {
    components.stop();
  }
  assert.deepEqual(reports, []);
}

interface Cluster {
  readonly clock: ReturnType<typeof virtualClock>;
  readonly api: ReturnType<typeof assembleApi>;
  readonly client: ReturnType<ReturnType<typeof assembleApi>["client"]>;
  readonly components: Components;
}

const nameOf = ({ metadata: { name } }: { readonly metadata: { readonly name?: string } }) =>
  name!.endsWith("-controlplane") ? name! : name!.replace(/-[0-9a-z]{5}$/, "-*").replace(/-[0-9a-z]{8,10}-/, "-*-");
const isReady = ({ status }: Pod) => status?.conditions?.find(({ type }) => type === "Ready")?.status === "True";

Deno.test("bootstrap: all that a learner expects to see runs at once", () =>
  newCluster(["controlplane", "node01", "node02"], async ({ client }) => {
    const { items } = await client.list<Pod>(refs.pods);
    const seen = items.filter(isReady).map((pod) => `${pod.metadata.namespace}/${nameOf(pod)} ${pod.spec!.nodeName}`);
    const everywhere = (name: string) => ["controlplane", "node01", "node02"].map((node) => `${name} ${node}`);
    assert.deepEqual(seen.sort(), [
      ...everywhere("kube-flannel/kube-flannel-ds-*"),
      "kube-system/coredns-*-* controlplane",
      "kube-system/coredns-*-* controlplane",
      "kube-system/etcd-controlplane controlplane",
      "kube-system/kube-apiserver-controlplane controlplane",
      "kube-system/kube-controller-manager-controlplane controlplane",
      ...everywhere("kube-system/kube-proxy-*"),
      "kube-system/kube-scheduler-controlplane controlplane",
    ]);
    const nodes = (await client.list<Node>(refs.nodes)).items;
    assert.deepEqual(nodes.map(({ metadata, spec }) => [metadata.name, spec?.podCIDR, spec?.taints?.[0].key]), [
      ["controlplane", "10.244.0.0/24", "node-role.kubernetes.io/control-plane"],
      ["node01", "10.244.1.0/24", undefined],
      ["node02", "10.244.2.0/24", undefined],
    ]);
    const address = async (namespace: string, name: string) =>
      (await client.get(refs.services, namespace, name)).spec?.clusterIP;
    assert.equal(await address("default", "kubernetes"), "10.96.0.1");
    assert.equal(await address("kube-system", "kube-dns"), "10.96.0.10");
  }));

Deno.test("bootstrap: system pods are those that kubeadm v1.36 writes", () =>
  newCluster(["controlplane"], async ({ client }) => {
    // The hash is made of the whole template: a cluster of kubeadm's has the same.
    const { items: sets } = await client.list<ReplicaSet>(refs.replicaSets, { namespace: "kube-system" });
    assert.deepEqual(sets.map(({ metadata: { name } }) => name), ["coredns-589f44dc88"]);
    const containerOf = async (component: string) =>
      (await client.get<Pod>(refs.pods, "kube-system", `${component}-controlplane`)).spec!.containers[0];
    for (const [component, port] of [["etcd", 2381], ["kube-scheduler", 10259]] as const) {
      const { ports, livenessProbe } = await containerOf(component);
      assert.deepEqual(ports, [{ containerPort: port, hostPort: port, name: "probe-port", protocol: "TCP" }]);
      assert.equal(livenessProbe?.httpGet?.port, "probe-port");
    }
    assert.equal((await containerOf("kube-controller-manager")).readinessProbe, undefined);
  }));

Deno.test("bootstrap: kube-system has the ConfigMaps of kubeadm and of the API server", () =>
  newCluster(["controlplane"], async ({ client }) => {
    const { items } = await client.list<ConfigMap>(refs.configMaps, { namespace: "kube-system" });
    assert.deepEqual(items.map(({ metadata: { name } }) => name), [
      "coredns",
      "extension-apiserver-authentication",
      "kube-apiserver-legacy-service-account-token-tracking",
      "kube-proxy",
      "kube-root-ca.crt",
      "kubeadm-config",
      "kubelet-config",
    ]);
    assert.deepEqual(items[2].data, { since: "2026-01-01" });
  }));

Deno.test("bootstrap: nobody has anything to do", () =>
  newCluster(["controlplane", "node01"], async ({ clock, client }) => {
    const pods = async () => (await client.list<Pod>(refs.pods)).items.map(({ metadata }) => metadata.uid).sort();
    const before = await pods();
    assert.equal(await clock.settle(), true);
    await clock.advance(5 * 60_000);
    assert.deepEqual(await pods(), before);
    const sets = (await client.list<ReplicaSet>(refs.replicaSets)).items;
    assert.equal(sets.length, 1);
    const deployment = await client.get<Deployment>(refs.deployments, "kube-system", "coredns");
    assert.equal(deployment.status?.readyReplicas, 2);
    const { items } = await client.list<Event>(refs.events);
    assert.deepEqual(items.filter(({ type }) => type === "Warning").map(({ message }) => message), []);
    const restarts = (await client.list<Pod>(refs.pods)).items
      .flatMap(({ status }) => status?.containerStatuses ?? []).map(({ restartCount }) => restartCount);
    assert.ok(restarts.every((count) => count === 0));
  }));

Deno.test("bootstrap: a system pod that is deleted is replaced", () =>
  newCluster(["controlplane", "node01"], async ({ clock, client }) => {
    const dns = async () =>
      (await client.list<Pod>(refs.pods, { namespace: "kube-system", labelSelector: "k8s-app=kube-dns" })).items;
    const [first] = await dns();
    await client.delete(refs.pods, "kube-system", first.metadata.name!);
    await clock.settle();
    const now = await dns();
    assert.equal(now.filter(isReady).length, 2);
    assert.equal(now.some(({ metadata }) => metadata.uid === first.metadata.uid), false);
  }));

Deno.test("bootstrap: nodes without a control plane have no system pods", () =>
  newCluster(["node01", "node02"], async ({ clock, client }) => {
    await clock.settle();
    assert.deepEqual((await client.list(refs.pods)).items, []);
  }));
