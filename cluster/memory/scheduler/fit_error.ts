/**
 * Why a pod fits no node, in the words of the event and of the condition.
 *
 * Source: `pkg/scheduler/framework/types.go` (FitError).
 */
import type { Refusal } from "./framework/plugin.ts";

export interface NodeRefusal extends Refusal {
  /** The plugin that refused the node. */
  readonly plugin: string;
}

export interface Diagnosis {
  /** Why each node was refused, by name. */
  readonly nodes: ReadonlyMap<string, NodeRefusal>;
  /** What is said of the nodes that were not looked at one by one. */
  readonly others?: Refusal;
  /** What kept the pod off all nodes before any was looked at, and which plugin said so. */
  readonly preFilter?: string;
  readonly preFilterPlugin?: string;
  /** What came of making room. */
  readonly postFilter?: string;
}

/**
 * @param total how many nodes there are
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fitError } from "./fit_error.ts";
 *
 * const refused = { code: "Unschedulable", plugin: "NodeResourcesFit", reasons: ["Insufficient cpu"] } as const;
 * const nodes = new Map([["node01", refused], ["node02", refused]]);
 * assert.equal(fitError(2, { nodes }), "0/2 nodes are available: 2 Insufficient cpu.");
 * ```
 */
export function fitError(total: number, { nodes, others, preFilter, postFilter }: Diagnosis): string {
  let message = `0/${total} nodes are available:`;
  if (preFilter) message += ` ${preFilter}.`;
  else {
    const counts = new Map<string, number>();
    const count = (reasons: readonly string[], times: number) => {
      for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + times);
    };
    for (const { reasons } of nodes.values()) count(reasons, 1);
    if (nodes.size < total) count(others?.reasons ?? [], total - nodes.size);
    const texts = [...counts].map(([reason, times]) => `${times} ${reason}`).sort();
    if (texts.length > 0) message += ` ${texts.join(", ")}.`;
  }
  return postFilter ? `${message} ${postFilter}` : message;
}
