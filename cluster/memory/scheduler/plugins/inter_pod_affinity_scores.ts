/**
 * How much a pod and the pods near a node like each other: the preferred terms of both sides, and the required affinity
 * of the others with a weight of one.
 *
 * Source: `pkg/scheduler/framework/plugins/interpodaffinity/scoring.go`.
 */
import type { NodeInfo } from "../framework/node_info.ts";
import { MAX_NODE_SCORE, type NodeScore, type Plugin, type Snapshot } from "../framework/plugin.ts";
import { type AffinityTerm, affinityTermMatches, type PodInfo } from "../framework/pod_info.ts";

/** Weights by topology key and value. */
export type InterPodAffinityScores = Map<string, Map<string, number>>;

const HARD_AFFINITY_WEIGHT = 1;

function weigh(pod: PodInfo, nodes: Iterable<NodeInfo>, all: boolean, snapshot: Snapshot): InterPodAffinityScores {
  const scores: InterPodAffinityScores = new Map();
  const { namespaceLabels } = snapshot;
  for (const node of nodes) {
    const labels = node.node.metadata.labels ?? {};
    const count = (term: AffinityTerm, of: PodInfo, weight: number) => {
      const value = labels[term.topologyKey];
      if (value === undefined || !affinityTermMatches(term, of.pod, namespaceLabels)) return;
      let values = scores.get(term.topologyKey);
      if (values === undefined) scores.set(term.topologyKey, values = new Map());
      values.set(value, (values.get(value) ?? 0) + weight);
    };
    for (const other of (all ? node.pods : node.podsWithAffinity).values()) {
      for (const { weight, term } of pod.preferredAffinity) count(term, other, weight);
      for (const { weight, term } of pod.preferredAntiAffinity) count(term, other, -weight);
      for (const term of other.requiredAffinity) count(term, pod, HARD_AFFINITY_WEIGHT);
      for (const { weight, term } of other.preferredAffinity) count(term, pod, weight);
      for (const { weight, term } of other.preferredAntiAffinity) count(term, pod, -weight);
    }
  }
  return scores;
}

export const interPodAffinityScores: Pick<
  Plugin<never, InterPodAffinityScores>,
  "preScore" | "score" | "normalize"
> = {
  preScore(pod, _nodes, snapshot) {
    const own = pod.preferredAffinity.length + pod.preferredAntiAffinity.length > 0;
    const scores = weigh(pod, own ? snapshot.nodes : snapshot.nodesWithAffinity, own, snapshot);
    return scores.size === 0 ? "skip" : scores;
  },
  score(_pod, { node }, scores) {
    let sum = 0;
    for (const [key, values] of scores) {
      const value = node.metadata.labels?.[key];
      if (value !== undefined) sum += values.get(value) ?? 0;
    }
    return sum;
  },
  normalize(scores: NodeScore[]) {
    let [least, most] = [Infinity, -Infinity];
    for (const { score } of scores) {
      least = Math.min(least, score);
      most = Math.max(most, score);
    }
    for (const entry of scores) {
      entry.score = most > least ? Math.trunc(MAX_NODE_SCORE * ((entry.score - least) / (most - least))) : 0;
    }
  },
};
