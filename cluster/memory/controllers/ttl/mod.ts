/**
 * Tells kubelets how long they may keep what they read, the longer the larger the cluster.
 *
 * Source: `pkg/controller/ttl`.
 */
import { nodes as nodeKind } from "../../api/kind_refs.ts";
import type { Node } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, isNotFound, reconcileQueue } from "../controller.ts";

const ANNOTATION = "node.alpha.kubernetes.io/ttl";

/** Seconds, by the number of nodes: up from `largest`, and down only below `smallest`. */
const BOUNDARIES = [
  { smallest: 0, largest: 100, seconds: 0 },
  { smallest: 90, largest: 500, seconds: 15 },
  { smallest: 450, largest: 1000, seconds: 30 },
  { smallest: 900, largest: 2000, seconds: 60 },
  { smallest: 1800, largest: Infinity, seconds: 300 },
];

export function startTtlController(context: ControllerContext): Controller {
  const { client, informers } = context;
  const nodes = informers.for<Node>(nodeKind);
  let count = 0;
  let step = 0;

  const queue = reconcileQueue(context, async (name) => {
    const seconds = String(BOUNDARIES[step].seconds);
    const node = nodes.get(undefined, name);
    if (node === undefined || node.metadata.annotations?.[ANNOTATION] === seconds) return;
    try {
      const body = { metadata: { annotations: { [ANNOTATION]: seconds } } };
      await client.patch(nodeKind, undefined, name, { type: "strategic", body });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  });
  nodes.on({
    added({ metadata }) {
      count++;
      if (count > BOUNDARIES[step].largest) step++;
      queue.add(metadata.name!);
    },
    updated(node, old) {
      const ttl = node.metadata.annotations?.[ANNOTATION];
      if (ttl !== old.metadata.annotations?.[ANNOTATION] || ttl !== String(BOUNDARIES[step].seconds)) {
        queue.add(node.metadata.name!);
      }
    },
    deleted() {
      count--;
      if (count < BOUNDARIES[step].smallest) step--;
    },
  });
  return queue;
}
