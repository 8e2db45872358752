/**
 * Spreads pods evenly over zones, nodes or any other topology.
 *
 * Source: `pkg/scheduler/framework/plugins/podtopologyspread/filtering.go`.
 */
import { selectorMatches } from "../../kinds/label_selector.ts";
import type { NodeInfo } from "../framework/node_info.ts";
import { definePlugin, type Snapshot, unresolvable, unschedulable } from "../framework/plugin.ts";
import type { PodInfo } from "../framework/pod_info.ts";
import { type DefaultSelector, podTopologySpreadScores, type SpreadScores } from "./pod_topology_spread_scores.ts";
import { type Constraint, constraintsOf, countsNode, hasAllTopologies } from "./topology_spread_constraint.ts";

const SKEWED = unschedulable("node(s) didn't match pod topology spread constraints");
const NO_LABEL = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)");

interface State {
  readonly constraints: readonly Constraint[];
  /** For each constraint, the matching pods by the topology's values. */
  readonly counts: readonly Map<string, number>[];
}

function countAll({ pod, namespace }: PodInfo, constraints: readonly Constraint[], snapshot: Snapshot): State {
  const counts = constraints.map(() => new Map<string, number>());
  const countOn = constraints.map(({ selector }) => snapshot.matching(selector, namespace));
  for (const info of snapshot.nodes) {
    const { node } = info;
    if (!hasAllTopologies(node, constraints)) continue;
    constraints.forEach((constraint, i) => {
      if (!countsNode(constraint, pod, node)) return;
      const value = node.metadata.labels![constraint.topologyKey];
      counts[i].set(value, (counts[i].get(value) ?? 0) + countOn[i](info));
    });
  }
  return { constraints, counts };
}

/** The fewest pods of any domain; none while there are fewer domains than asked for. */
function least(counts: ReadonlyMap<string, number>, { minDomains }: Constraint): number {
  if (counts.size < minDomains) return 0;
  let fewest = Infinity;
  for (const count of counts.values()) fewest = Math.min(fewest, count);
  return fewest;
}

function change(state: State, { pod, namespace }: PodInfo, other: PodInfo, { node }: NodeInfo, times: number): void {
  if (other.namespace !== namespace || !hasAllTopologies(node, state.constraints)) return;
  state.constraints.forEach((constraint, i) => {
    if (!selectorMatches(constraint.selector, other.pod.metadata.labels) || !countsNode(constraint, pod, node)) return;
    const value = node.metadata.labels![constraint.topologyKey];
    state.counts[i].set(value, (state.counts[i].get(value) ?? 0) + times);
  });
}

/** @param defaultSelector what counts as "the same kind of pod" where a pod has no constraints of its own */
export const podTopologySpread = (defaultSelector: DefaultSelector) =>
  definePlugin<State, SpreadScores>({
    name: "PodTopologySpread",
    weight: 2,
    preFilter(pod, snapshot) {
      const constraints = constraintsOf(pod.pod, "DoNotSchedule");
      return constraints.length === 0 ? "skip" : { state: countAll(pod, constraints, snapshot) };
    },
    filter({ pod }, { node }, { constraints, counts }) {
      for (const [i, constraint] of constraints.entries()) {
        const value = node.metadata.labels?.[constraint.topologyKey];
        if (value === undefined) return NO_LABEL;
        const self = selectorMatches(constraint.selector, pod.metadata.labels) ? 1 : 0;
        const skew = (counts[i].get(value) ?? 0) + self - least(counts[i], constraint);
        if (skew > constraint.maxSkew) return SKEWED;
      }
      return undefined;
    },
    copyState: ({ constraints, counts }) => ({ constraints, counts: counts.map((map) => new Map(map)) }),
    changePod: change,
    ...podTopologySpreadScores(defaultSelector),
    mayHelp: ({ resource, object }, { namespace }) =>
      resource === "Node" || (resource === "Pod" && object.metadata.namespace === namespace),
  });
