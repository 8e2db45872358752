/**
 * Pods that want to be near, or not near, pods with certain labels.
 *
 * Counts pods by topology ("zone=a"): those that the pod's own terms speak of, and those whose anti-affinity speaks of
 * the pod. A filter is then a look-up.
 *
 * Source: `pkg/scheduler/framework/plugins/interpodaffinity/filtering.go`.
 */
import type { Pod } from "../../kinds/schema/types.ts";
import type { NodeInfo } from "../framework/node_info.ts";
import { definePlugin, type Snapshot, unresolvable, unschedulable } from "../framework/plugin.ts";
import { type AffinityTerm, affinityTermMatches, type PodInfo } from "../framework/pod_info.ts";
import { type InterPodAffinityScores, interPodAffinityScores } from "./inter_pod_affinity_scores.ts";

const AFFINITY = unresolvable("node(s) didn't match pod affinity rules");
const ANTI_AFFINITY = unschedulable("node(s) didn't match pod anti-affinity rules");
const EXISTING_ANTI_AFFINITY = unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");

/** How many pods match, by "key=value" of their node's labels. */
type TopologyCounts = Map<string, number>;

interface State {
  readonly affinity: TopologyCounts;
  readonly antiAffinity: TopologyCounts;
  readonly existingAntiAffinity: TopologyCounts;
  readonly matchesItself: boolean;
}

const pair = (key: string, value: string) => `${key}=${value}`;

function count(counts: TopologyCounts, { node }: NodeInfo, term: AffinityTerm, times: number): void {
  const value = node.metadata.labels?.[term.topologyKey];
  if (value === undefined) return;
  const key = pair(term.topologyKey, value);
  const now = (counts.get(key) ?? 0) + times;
  if (now === 0) counts.delete(key);
  else counts.set(key, now);
}

const matchesAll = (terms: readonly AffinityTerm[], pod: Pod, { namespaceLabels }: Snapshot) =>
  terms.length > 0 && terms.every((term) => affinityTermMatches(term, pod, namespaceLabels));

/** Counts (+1) or uncounts (-1) `other` on `node`. */
function change(state: State, pod: PodInfo, other: PodInfo, node: NodeInfo, times: 1 | -1, snapshot: Snapshot): void {
  const { namespaceLabels } = snapshot;
  for (const term of other.requiredAntiAffinity) {
    if (affinityTermMatches(term, pod.pod, namespaceLabels)) count(state.existingAntiAffinity, node, term, times);
  }
  if (matchesAll(pod.requiredAffinity, other.pod, snapshot)) {
    for (const term of pod.requiredAffinity) count(state.affinity, node, term, times);
  }
  for (const term of pod.requiredAntiAffinity) {
    if (affinityTermMatches(term, other.pod, namespaceLabels)) count(state.antiAffinity, node, term, times);
  }
}

function satisfiesAffinity({ affinity, matchesItself }: State, pod: PodInfo, { node }: NodeInfo): boolean {
  let near = true;
  for (const { topologyKey } of pod.requiredAffinity) {
    const value = node.metadata.labels?.[topologyKey];
    if (value === undefined) return false;
    if ((affinity.get(pair(topologyKey, value)) ?? 0) <= 0) near = false;
  }
  // The first of a group of pods that want to be together has nobody to be near to.
  return near || (affinity.size === 0 && matchesItself);
}

const isNear = (counts: TopologyCounts, { node }: NodeInfo, terms: readonly AffinityTerm[]) =>
  terms.some(({ topologyKey }) => {
    const value = node.metadata.labels?.[topologyKey];
    return value !== undefined && (counts.get(pair(topologyKey, value)) ?? 0) > 0;
  });

function isShunned({ existingAntiAffinity }: State, { node }: NodeInfo): boolean {
  if (existingAntiAffinity.size === 0) return false;
  const labels = node.metadata.labels ?? {};
  for (const key in labels) if ((existingAntiAffinity.get(pair(key, labels[key])) ?? 0) > 0) return true;
  return false;
}

export const interPodAffinity = definePlugin<State, InterPodAffinityScores>({
  name: "InterPodAffinity",
  weight: 2,
  preFilter(pod, snapshot) {
    const state: State = {
      affinity: new Map(),
      antiAffinity: new Map(),
      existingAntiAffinity: new Map(),
      matchesItself: matchesAll(pod.requiredAffinity, pod.pod, snapshot),
    };
    const own = pod.requiredAffinity.length + pod.requiredAntiAffinity.length > 0;
    for (const node of own ? snapshot.nodes : snapshot.nodesWithRequiredAntiAffinity) {
      const others = own ? node.pods : node.podsWithRequiredAntiAffinity;
      for (const other of others.values()) change(state, pod, other, node, 1, snapshot);
    }
    return !own && state.existingAntiAffinity.size === 0 ? "skip" : { state };
  },
  filter(pod, node, state) {
    if (!satisfiesAffinity(state, pod, node)) return AFFINITY;
    if (isNear(state.antiAffinity, node, pod.requiredAntiAffinity)) return ANTI_AFFINITY;
    return isShunned(state, node) ? EXISTING_ANTI_AFFINITY : undefined;
  },
  copyState: ({ affinity, antiAffinity, existingAntiAffinity, matchesItself }) => ({
    affinity: new Map(affinity),
    antiAffinity: new Map(antiAffinity),
    existingAntiAffinity: new Map(existingAntiAffinity),
    matchesItself,
  }),
  changePod: change,
  ...interPodAffinityScores,
  mayHelp: ({ resource, action }) => resource === "Pod" || (resource === "Node" && action !== "delete"),
});
