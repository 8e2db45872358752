/**
 * Likes nodes whose CPU and memory a pod would use more evenly than they are used now.
 *
 * Source: `pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go`.
 */
import type { NodeInfo } from "../framework/node_info.ts";
import { definePlugin, MAX_NODE_SCORE } from "../framework/plugin.ts";

const RESOURCES = ["cpu", "memory"] as const;

/** 100 when the same share of each is used, less the further the shares are apart. */
function balance(used: (name: string) => number, { allocatable }: NodeInfo): number {
  const shares = RESOURCES.filter((name) => (allocatable[name] ?? 0) > 0)
    .map((name) => Math.min(1, used(name) / allocatable[name]));
  const deviation = shares.length < 2 ? 0 : Math.abs((shares[0] - shares[1]) / 2);
  return Math.floor((1 - deviation) * MAX_NODE_SCORE);
}

export const nodeResourcesBalancedAllocation = definePlugin({
  name: "NodeResourcesBalancedAllocation",
  weight: 1,
  // A pod that asks for nothing would make all such pods go to the same node.
  preScore: ({ requests }) => RESOURCES.every((name) => !requests[name]) ? "skip" : undefined,
  score({ requests }, node) {
    const without = balance((name) => node.requested[name] ?? 0, node);
    const withPod = balance((name) => (node.requested[name] ?? 0) + (requests[name] ?? 0), node);
    return MAX_NODE_SCORE / 2 + Math.trunc((MAX_NODE_SCORE / 2 + withPod - without) / 2);
  },
});
