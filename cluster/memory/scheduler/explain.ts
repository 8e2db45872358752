/**
 * Why a pod is, or would be, on the node it is on: for each node the filter that refuses it, or its scores.
 *
 * Pure: what the scheduler would decide on this snapshot, nothing is changed.
 */
import { filterNode } from "./algorithm.ts";
import { runPreFilter, runScores } from "./framework/framework.ts";
import type { Plugin, Snapshot } from "./framework/plugin.ts";
import { PodGroups } from "./framework/pod_groups.ts";
import { podInfo } from "./framework/pod_info.ts";
import type { Pod } from "../kinds/schema/types.ts";

export interface NodeExplanation {
  readonly node: string;
  /** The plugin that refuses the node, with its reasons. */
  readonly refused?: { readonly plugin: string; readonly reasons: readonly string[] };
  /** Weighted scores by plugin, for a node that would do. */
  readonly scores?: Readonly<Record<string, number>>;
  readonly total?: number;
}

/** @returns the nodes, the best first and the refused ones last */
export function explain(pod: Pod, snapshot: Snapshot, plugins: readonly Plugin[]): readonly NodeExplanation[] {
  // A pod that is kept out of the queue is tried on no node.
  for (const plugin of plugins) {
    const refusal = plugin.preEnqueue?.(pod);
    if (refusal === undefined) continue;
    return snapshot.nodes.map(({ name }) => ({
      node: name,
      refused: { plugin: plugin.name, reasons: refusal.reasons },
    }));
  }
  // A pod that has a node already is judged as if it had none.
  const { nodeName: _, ...spec } = pod.spec!;
  const info = podInfo({ ...pod, spec });
  const nodes = snapshot.nodes.map((node) => {
    if (!node.pods.has(info.key)) return node;
    const without = node.copy();
    without.removePod(info.key);
    return without;
  });
  const groups = new PodGroups();
  for (const node of nodes) for (const other of node.pods.values()) groups.change(other, node, 1);
  const view: Snapshot = {
    nodes,
    get: (name) => nodes.find((node) => node.name === name),
    nodesWithAffinity: nodes.filter(({ podsWithAffinity }) => podsWithAffinity.size > 0),
    nodesWithRequiredAntiAffinity: nodes.filter(({ podsWithRequiredAntiAffinity: pods }) => pods.size > 0),
    imageNodes: (image) => snapshot.imageNodes(image),
    namespaceLabels: snapshot.namespaceLabels,
    matching: (selector, namespace) => groups.matching(selector, namespace),
  };
  const pre = runPreFilter(plugins, info, view);
  if ("refusal" in pre) return nodes.map(({ name }) => ({ node: name, refused: pre.refusal }));
  const feasible = nodes.filter((node) => pre.nodes?.has(node.name) ?? true)
    .filter((node) => filterNode(pre.state, info, node, view, undefined) === undefined);
  const scored = runScores(plugins, info, feasible, view, pre.state, true)
    .sort((a, b) => b.total - a.total)
    .map(({ node, byPlugin, total }) => ({ node: node.name, scores: byPlugin, total }));
  const refused = nodes.filter((node) => !feasible.includes(node)).map((node) => {
    const { plugin, reasons } = pre.nodes?.has(node.name) === false
      ? {
        plugin: pre.narrowedBy.join(","),
        reasons: [`node(s) didn't satisfy plugin(s) [${pre.narrowedBy.join(" ")}]`],
      }
      : filterNode(pre.state, info, node, view, undefined)!;
    return { node: node.name, refused: { plugin, reasons } };
  });
  return [...scored, ...refused];
}
