/**
 * Pods by their namespace and labels, and how many of each group are on each node: what a selector counts is the sum of
 * a few groups, however many pods there are.
 */
import { type Labels, type Selector, selectorMatches } from "../../kinds/label_selector.ts";
import type { NodeInfo } from "./node_info.ts";
import type { PodInfo } from "./pod_info.ts";

interface Group {
  readonly labels: Labels;
  readonly nodes: Map<NodeInfo, number>;
}

/** How many pods are on a node. */
export type CountOn = (node: NodeInfo) => number;

export class PodGroups {
  readonly #namespaces = new Map<string, Map<string, Group>>();

  /** Counts a pod on a node, or (-1) no longer. A pod that is being deleted counts no more. */
  change({ pod, namespace }: PodInfo, node: NodeInfo, times: 1 | -1): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    const { labels = {} } = pod.metadata;
    let groups = this.#namespaces.get(namespace);
    if (groups === undefined) this.#namespaces.set(namespace, groups = new Map());
    const key = JSON.stringify(labels);
    let group = groups.get(key);
    if (group === undefined) groups.set(key, group = { labels, nodes: new Map() });
    const count = (group.nodes.get(node) ?? 0) + times;
    if (count > 0) group.nodes.set(node, count);
    else group.nodes.delete(node);
    if (group.nodes.size === 0) groups.delete(key);
  }

  /** Counts the pods of a namespace that a selector selects; one that selects everything counts nothing. */
  matching(selector: Selector, namespace: string): CountOn {
    const found: Map<NodeInfo, number>[] = [];
    if (selector.length > 0) {
      for (const { labels, nodes } of this.#namespaces.get(namespace)?.values() ?? []) {
        if (selectorMatches(selector, labels)) found.push(nodes);
      }
    }
    return (node) => {
      let count = 0;
      for (const nodes of found) count += nodes.get(node) ?? 0;
      return count;
    };
  }
}
