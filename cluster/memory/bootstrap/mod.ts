/**
 * A new cluster as kubeadm leaves it: nodes, namespaces, the control plane's pods, the network and DNS, all running.
 *
 * Everything goes through the API, before any controller starts; what the controllers find is as they would have made
 * it, so that they have nothing to do.
 */
import type { Client } from "../api/client.ts";
import * as refs from "../api/kind_refs.ts";
import { timestamp } from "../api/timestamps.ts";
import type { Clock } from "../clock.ts";
import type { Node } from "../kinds/schema/types.ts";
import { findImage, hexDigest, presentImages } from "../kubelet/images/registry.ts";
import type { NodeConfig } from "../kubelet/node_config.ts";
import { configMaps } from "./config_maps.ts";
import { ensure } from "./ensure.ts";
import { CONTROL_PLANE_NODE, createNode } from "./nodes.ts";
import { createRunningPod } from "./running_pods.ts";
import { createServices } from "./services.ts";
import { staticPods } from "./static_pods.ts";
import { createDaemonSet, createDeployment } from "./system_workloads.ts";
import { coreDns, flannel, kubeProxy } from "./workloads.ts";

export interface BootstrapOptions {
  /** An administrator. */
  readonly client: Client;
  readonly clock: Clock;
  /** The cluster's machines. With one called "controlplane" it has a control plane and system workloads of its own. */
  readonly nodes: readonly NodeConfig[];
  /** The certificate of the cluster's authority in PEM. */
  readonly rootCa: string;
}

const NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"];
const SERVICE_ACCOUNTS = [
  ["kube-system", "coredns"],
  ["kube-system", "kube-proxy"],
  ["kube-flannel", "flannel"],
] as const;

/** Fills a cluster; what is there already stays as it is. */
export async function bootstrapNodes({ client, clock, nodes, rootCa }: BootstrapOptions): Promise<void> {
  const controlPlane = nodes.find(({ name }) => name === CONTROL_PLANE_NODE);
  const namespaces = controlPlane === undefined ? NAMESPACES : [...NAMESPACES, "kube-flannel"];
  for (const name of namespaces) {
    const labels = name === "kube-flannel" ? { "pod-security.kubernetes.io/enforce": "privileged" } : undefined;
    await ensure(client, refs.namespaces, { metadata: { name, labels } });
    await ensure(client, refs.serviceAccounts, { metadata: { name: "default", namespace: name } });
    const authority = { metadata: { name: "kube-root-ca.crt", namespace: name }, data: { "ca.crt": rootCa } };
    await ensure(client, refs.configMaps, authority);
  }
  const images = presentImages.flatMap((name) => findImage(name) ?? []);
  const registered: { readonly config: NodeConfig; readonly node: Node }[] = [];
  for (const config of nodes) registered.push({ config, node: await createNode(client, config, clock.now(), images) });
  await createServices(client, controlPlane?.address);
  await createStorageClass(client);
  if (controlPlane === undefined) return;

  const since = timestamp(clock.now()).slice(0, "2026-01-31".length);
  for (const object of configMaps({ endpoint: `${controlPlane.address}:6443`, rootCa, since })) {
    await ensure(client, refs.configMaps, object);
  }
  for (const [namespace, name] of SERVICE_ACCOUNTS) {
    await ensure(client, refs.serviceAccounts, { metadata: { name, namespace } });
  }
  const { node: { metadata: { uid } } } = registered.find(({ config }) => config === controlPlane)!;
  const place = { node: controlPlane.name, hostIP: controlPlane.address };
  for (const pod of staticPods(place.node, place.hostIP, uid!, (text) => hexDigest(`${uid}${text}`, 32))) {
    const { namespace, name, annotations } = pod.metadata!;
    const seen = { ...annotations, "kubernetes.io/config.seen": timestamp(clock.now()) };
    if (await exists(client, namespace!, name!)) continue;
    await createRunningPod(client, clock, { ...pod, metadata: { ...pod.metadata, annotations: seen } }, place);
  }
  const context = { client, clock, nodes };
  await createDaemonSet(context, kubeProxy);
  await createDaemonSet(context, flannel);
  await createDeployment(context, coreDns);
}

const exists = (client: Client, namespace: string, name: string) =>
  client.get(refs.pods, namespace, name).then(() => true, () => false);

/** The class of claims that name none: volumes of the node's own disk, made when a pod needs them. */
async function createStorageClass(client: Client): Promise<void> {
  await ensure(client, refs.storageClasses, {
    metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "rancher.io/local-path",
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
  });
}
