/**
 * Gives each new node a range for its pods' addresses.
 *
 * Source: `pkg/controller/nodeipam/ipam/range_allocator.go`.
 */
import { nodes as nodeKind } from "../../api/kind_refs.ts";
import type { Node } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, isNotFound, reconcileQueue, recorderOf } from "../controller.ts";

/** 10.244.0.0/16, a /24 for each node. */
const RANGES = 256;
const range = (index: number) => `10.244.${index}.0/24`;

export function startNodeIpam(context: ControllerContext): Controller {
  const { client, informers } = context;
  const nodes = informers.for<Node>(nodeKind);
  const recorder = recorderOf(context, "cidrAllocator");
  /** Whose a range is about to be: the node does not show it yet. */
  const given = new Map<string, string>();
  /** Ranges are given in turn: one that is free again is not somebody else's at once. */
  let next = 0;

  const freeRange = (): string | undefined => {
    const taken = new Set([...given.values(), ...nodes.list().flatMap(({ spec }) => spec?.podCIDRs ?? [])]);
    for (let i = 0; i < RANGES; i++) {
      const index = (next + i) % RANGES;
      if (taken.has(range(index))) continue;
      next = (index + 1) % RANGES;
      return range(index);
    }
    return undefined;
  };

  const queue = reconcileQueue(context, async (name) => {
    const node = nodes.get(undefined, name);
    if (node === undefined || node.spec?.podCIDR) return void given.delete(name);
    const podCIDR = given.get(name) ?? freeRange();
    if (podCIDR === undefined) {
      const message = `Node ${name} status is now: CIDRNotAvailable`;
      const { uid } = node.metadata;
      recorder.event({ apiVersion: "v1", kind: "Node", name, uid }, "Normal", "CIDRNotAvailable", message);
      throw new Error(`failed to allocate cidr from cluster cidr: there are no free ranges for node ${name}`);
    }
    given.set(name, podCIDR);
    try {
      const body = { spec: { podCIDR, podCIDRs: [podCIDR] } };
      await client.patch(nodeKind, undefined, name, { type: "strategic", body });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  });
  const add = ({ metadata, spec }: Node) => {
    if (!spec?.podCIDR || given.has(metadata.name!)) queue.add(metadata.name!);
  };
  nodes.on({ added: add, updated: (node) => add(node), deleted: ({ metadata }) => void given.delete(metadata.name!) });
  return queue;
}
