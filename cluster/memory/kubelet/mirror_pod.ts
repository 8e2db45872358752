/**
 * Static pods: those that a kubelet runs by itself, from a manifest on its node. The API shows a mirror of each; deleting
 * the mirror changes nothing on the node, and the kubelet puts it back.
 *
 * Source: `pkg/kubelet/pod/mirror_client.go`, `pkg/kubelet/config/common.go`.
 */
import { nodes, pods } from "../api/kind_refs.ts";
import { StatusError } from "../api/status.ts";
import { timestamp } from "../api/timestamps.ts";
import type { Partially } from "../kinds/object.ts";
import type { Pod } from "../kinds/schema/types.ts";
import { hexDigest } from "./images/registry.ts";
import type { NodeContext } from "./node_context.ts";

const HASH = "kubernetes.io/config.hash";
const MIRROR = "kubernetes.io/config.mirror";
const SEEN = "kubernetes.io/config.seen";
const SOURCE = "kubernetes.io/config.source";

/** Whether a pod of the API shows one that a node has from a manifest of its own. */
export const isMirror = ({ metadata }: Pod): boolean => metadata.annotations?.[MIRROR] !== undefined;

/** Whether two mirrors show the same static pod. */
export const sameStaticPod = (a: Pod, b: Pod): boolean =>
  a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace &&
  a.metadata.annotations?.[MIRROR] === b.metadata.annotations?.[MIRROR];

/** The mirror of a manifest on a node, named after both. */
export async function createMirror({ client, clock, name }: NodeContext, manifest: Partially<Pod>): Promise<Pod> {
  const { metadata: { uid } } = await client.get(nodes, undefined, name);
  const hash = hexDigest(`${name}${JSON.stringify(manifest)}`, 32);
  const annotations = { [HASH]: hash, [MIRROR]: hash, [SEEN]: timestamp(clock.now()), [SOURCE]: "file" };
  const owner = { apiVersion: "v1", kind: "Node", name, uid, controller: true };
  const pod: Partially<Pod> = {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      name: `${manifest.metadata?.name}-${name}`,
      namespace: manifest.metadata?.namespace ?? "default",
      annotations: { ...manifest.metadata?.annotations, ...annotations },
      ownerReferences: [owner],
    },
    spec: {
      ...manifest.spec,
      nodeName: name,
      tolerations: [...manifest.spec?.tolerations ?? [], { effect: "NoExecute", operator: "Exists" }],
    },
  };
  return await client.create<Pod>(pods, pod);
}

/** Removes a mirror that somebody wants deleted: its pod goes on. */
export async function releaseMirror({ client }: NodeContext, { metadata }: Pod): Promise<void> {
  const { namespace, name, uid } = metadata;
  try {
    await client.delete(pods, namespace, name!, { gracePeriodSeconds: 0, preconditions: { uid } });
  } catch (error) {
    if (!(error instanceof StatusError && error.code === 404)) throw error;
  }
}

/** Puts a mirror back that is gone. */
export async function restoreMirror({ client }: NodeContext, { metadata, spec }: Pod): Promise<void> {
  const { name, namespace, labels, annotations, ownerReferences } = metadata;
  const pod: Partially<Pod> = { metadata: { name, namespace, labels, annotations, ownerReferences }, spec };
  await client.create<Pod>(pods, pod);
}
