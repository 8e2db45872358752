/**
 * The nodes of a new cluster: registered, healthy and with their leases, as they are some time after `kubeadm join`.
 */
import type { Client } from "../api/client.ts";
import { leases, nodes } from "../api/kind_refs.ts";
import type { Node } from "../kinds/schema/types.ts";
import { type FoundImage, hexDigest } from "../kubelet/images/registry.ts";
import { type NodeConfig, nodeObject } from "../kubelet/node_config.ts";
import { leaseObject } from "../kubelet/node_heartbeat.ts";
import { ensure } from "./ensure.ts";

const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

/** The first node that runs the control plane, tainted and labelled as kubeadm does. */
export const CONTROL_PLANE_NODE = "controlplane";
/** The address of the first node, {@linkcode nodeConfigs}. */
export const CONTROL_PLANE_ADDRESS = "172.30.1.2";

/**
 * Machines for nodes by their names: addresses from 172.30.1.2 on, pods' addresses from 10.244.0.0/24 on.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { nodeConfigs } from "./nodes.ts";
 *
 * const [controlPlane, worker] = nodeConfigs(["controlplane", "node01"]);
 * assert.equal(controlPlane.taints?.[0].effect, "NoSchedule");
 * assert.equal(worker.podCIDR, "10.244.1.0/24");
 * ```
 */
export function nodeConfigs(names: readonly string[]): readonly NodeConfig[] {
  return names.map((name, i) => ({
    name,
    address: `172.30.${1 + Math.floor((i + 2) / 250)}.${2 + i % 250}`,
    podCIDR: `10.${244 + Math.floor(i / 256)}.${i % 256}.0/24`,
    ...name !== CONTROL_PLANE_NODE ? {} : {
      labels: { [CONTROL_PLANE]: "", "node.kubernetes.io/exclude-from-external-load-balancers": "" },
      taints: [{ key: CONTROL_PLANE, effect: "NoSchedule" }],
    },
  }));
}

/** Registers a node and says that it is well. One that is there already is left as it is. */
export async function createNode(
  client: Client,
  config: NodeConfig,
  now: number,
  images: readonly FoundImage[],
): Promise<Node> {
  const node = nodeObject(config, now, hexDigest(config.name, 64), images);
  const { object, created } = await ensure(client, nodes, node);
  if (!created) return object;
  // A new node is tainted until it is ready, and these are.
  const ready = await client.update(nodes, { ...object, spec: node.spec! });
  await client.create(leases, leaseObject(config.name, object.metadata.uid!, now));
  return await client.updateStatus(nodes, { ...ready, status: node.status });
}
