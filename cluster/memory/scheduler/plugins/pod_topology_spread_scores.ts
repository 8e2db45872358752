/**
 * Likes nodes in topologies with fewer pods of the same kind: by the pod's own soft constraints, or by Kubernetes'
 * defaults (nodes with a skew of 3, zones with one of 5).
 *
 * Source: `pkg/scheduler/framework/plugins/podtopologyspread/scoring.go`.
 */
import type { Selector } from "../../kinds/label_selector.ts";
import type { Pod } from "../../kinds/schema/types.ts";
import type { NodeInfo } from "../framework/node_info.ts";
import { MAX_NODE_SCORE, type NodeScore, type Plugin, type Snapshot } from "../framework/plugin.ts";
import type { CountOn } from "../framework/pod_groups.ts";
import type { PodInfo } from "../framework/pod_info.ts";
import { type Constraint, constraintsOf, countsNode, hasAllTopologies } from "./topology_spread_constraint.ts";

/** The selector of the services and the controller that a pod belongs to; empty when it belongs to none. */
export type DefaultSelector = (pod: Pod) => Selector;

const HOSTNAME = "kubernetes.io/hostname";
const SYSTEM_DEFAULTS = [
  { topologyKey: HOSTNAME, maxSkew: 3 },
  { topologyKey: "topology.kubernetes.io/zone", maxSkew: 5 },
];

export interface SpreadScores {
  readonly constraints: readonly Constraint[];
  /** Nodes that lack a topology, which score nothing. */
  readonly ignored: ReadonlySet<NodeInfo>;
  /** For each constraint, the matching pods by the topology's values; nodes themselves are counted when scored. */
  readonly counts: readonly ReadonlyMap<string, number>[];
  /** For each constraint, the matching pods of a node. */
  readonly countOn: readonly CountOn[];
  /** For each constraint, how much a pod counts: more where there are more domains to choose from. */
  readonly weights: readonly number[];
}

function softConstraints(pod: Pod, defaultSelector: DefaultSelector): { own: boolean; constraints: Constraint[] } {
  if (pod.spec!.topologySpreadConstraints?.length) {
    return { own: true, constraints: constraintsOf(pod, "ScheduleAnyway") };
  }
  const selector = defaultSelector(pod);
  if (selector.length === 0) return { own: false, constraints: [] };
  const common = { selector, minDomains: 1, honorsAffinity: true, honorsTaints: false };
  return { own: false, constraints: SYSTEM_DEFAULTS.map((constraint) => ({ ...constraint, ...common })) };
}

function countDomains(
  { pod, namespace }: PodInfo,
  nodes: readonly NodeInfo[],
  { constraints, own }: { constraints: readonly Constraint[]; own: boolean },
  snapshot: Snapshot,
): SpreadScores {
  const ignored = new Set(own ? nodes.filter(({ node }) => !hasAllTopologies(node, constraints)) : []);
  const candidates = nodes.filter((node) => !ignored.has(node));
  const countOn = constraints.map(({ selector }) => snapshot.matching(selector, namespace));
  const counts = constraints.map(({ topologyKey, ...constraint }, i) => {
    const domains = new Map<string, number>();
    if (topologyKey === HOSTNAME) return domains;
    for (const { node } of candidates) {
      const value = node.metadata.labels?.[topologyKey];
      if (value !== undefined) domains.set(value, 0);
    }
    if (domains.size === 0) return domains;
    for (const info of snapshot.nodes) {
      const { node } = info;
      if (own && !hasAllTopologies(node, constraints)) continue;
      const value = node.metadata.labels?.[topologyKey];
      if (value === undefined || !domains.has(value)) continue;
      if (!countsNode({ topologyKey, ...constraint }, pod, node)) continue;
      domains.set(value, domains.get(value)! + countOn[i](info));
    }
    return domains;
  });
  const weights = constraints.map(({ topologyKey }, i) =>
    Math.log((topologyKey === HOSTNAME ? candidates.length : Math.max(1, counts[i].size)) + 2)
  );
  return { constraints, ignored, counts, countOn, weights };
}

export const podTopologySpreadScores = (
  defaultSelector: DefaultSelector,
): Pick<Plugin<never, SpreadScores>, "preScore" | "score" | "normalize"> => ({
  preScore(pod, nodes, snapshot) {
    const soft = softConstraints(pod.pod, defaultSelector);
    return soft.constraints.length === 0 ? "skip" : countDomains(pod, nodes, soft, snapshot);
  },
  score(_pod, info, { constraints, ignored, counts, countOn, weights }) {
    if (ignored.has(info)) return 0;
    let score = 0;
    constraints.forEach(({ topologyKey, maxSkew }, i) => {
      const value = info.node.metadata.labels?.[topologyKey];
      if (value === undefined) return;
      const count = topologyKey === HOSTNAME ? countOn[i](info) : counts[i].get(value) ?? 0;
      score += count * weights[i] + (maxSkew - 1);
    });
    return Math.round(score);
  },
  normalize(scores: NodeScore[], { ignored }) {
    const counted = scores.filter(({ node }) => !ignored.has(node)).map(({ score }) => score);
    const [least, most] = [Math.min(...counted), Math.max(0, ...counted)];
    for (const entry of scores) {
      if (ignored.has(entry.node)) entry.score = 0;
      else if (most === 0) entry.score = MAX_NODE_SCORE;
      else entry.score = Math.floor(MAX_NODE_SCORE * (most + least - entry.score) / most);
    }
  },
});
