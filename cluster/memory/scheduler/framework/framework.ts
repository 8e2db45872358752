/**
 * Runs a profile's plugins at each extension point.
 *
 * Source: `pkg/scheduler/framework/runtime/framework.go`.
 */
import type { NodeInfo } from "./node_info.ts";
import {
  type ClusterEvent,
  MAX_NODE_SCORE,
  type NodeScore,
  type Plugin,
  type Refusal,
  type Snapshot,
} from "./plugin.ts";
import type { PodInfo } from "./pod_info.ts";

/** What the plugins of one attempt worked out, by plugin. Plugins that have nothing to check are not in it. */
export type CycleState = ReadonlyMap<Plugin, unknown>;

export interface PluginRefusal extends Refusal {
  readonly plugin: string;
}

export type PreFilterOutcome =
  | { readonly refusal: PluginRefusal }
  | { readonly state: CycleState; readonly nodes?: ReadonlySet<string>; readonly narrowedBy: readonly string[] };

export function runPreFilter(plugins: readonly Plugin[], pod: PodInfo, snapshot: Snapshot): PreFilterOutcome {
  const state = new Map<Plugin, unknown>();
  const narrowedBy: string[] = [];
  let nodes: ReadonlySet<string> | undefined;
  for (const plugin of plugins) {
    if (plugin.preFilter === undefined) {
      if (plugin.filter !== undefined) state.set(plugin, undefined);
      continue;
    }
    const result = plugin.preFilter(pod, snapshot);
    if (result === "skip") continue;
    if ("refusal" in result) return { refusal: { ...result.refusal, plugin: plugin.name } };
    state.set(plugin, result.state);
    if (result.nodes === undefined) continue;
    narrowedBy.push(plugin.name);
    const own = result.nodes;
    nodes = nodes === undefined ? own : new Set([...nodes].filter((name) => own.has(name)));
  }
  return { state, nodes, narrowedBy };
}

/** The first refusal of a node. */
export function runFilters(state: CycleState, pod: PodInfo, node: NodeInfo): PluginRefusal | undefined {
  for (const [plugin, own] of state) {
    const refusal = plugin.filter?.(pod, node, own);
    if (refusal !== undefined) return { ...refusal, plugin: plugin.name };
  }
  return undefined;
}

/** A state for which pods can be moved about. */
export function copyCycleState(state: CycleState): CycleState {
  return new Map([...state].map(([plugin, own]) => [plugin, plugin.copyState?.(own) ?? own]));
}

/** Tells the plugins that `other` came to or left `node`. */
export function changePod(
  state: CycleState,
  pod: PodInfo,
  other: PodInfo,
  node: NodeInfo,
  times: 1 | -1,
  snapshot: Snapshot,
): void {
  for (const [plugin, own] of state) plugin.changePod?.(own, pod, other, node, times, snapshot);
}

/** The weighted scores of a node by plugin, and their sum. */
export interface TotalScore {
  readonly node: NodeInfo;
  readonly byPlugin: Readonly<Record<string, number>>;
  readonly total: number;
}

/**
 * Scores the nodes that are left.
 * @param detailed whether the scores by plugin are wanted, for an explanation
 */
export function runScores(
  plugins: readonly Plugin[],
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  snapshot: Snapshot,
  state: CycleState,
  detailed = false,
): TotalScore[] {
  const totals = nodes.map((node) => ({ node, byPlugin: {} as Record<string, number>, total: 0 }));
  for (const plugin of plugins) {
    if (plugin.score === undefined) continue;
    const scoreState = plugin.preScore?.(pod, nodes, snapshot, state.get(plugin));
    if (scoreState === "skip") continue;
    const scores: NodeScore[] = nodes.map((node) => ({ node, score: plugin.score!(pod, node, scoreState, snapshot) }));
    plugin.normalize?.(scores, scoreState);
    const weight = plugin.weight ?? 1;
    scores.forEach(({ score }, i) => {
      if (score < 0 || score > MAX_NODE_SCORE) {
        throw new Error(`plugin ${plugin.name} returns an invalid score ${score}`);
      }
      totals[i].total += score * weight;
      if (detailed) totals[i].byPlugin[plugin.name] = score * weight;
    });
  }
  return totals;
}

/** The names of the plugins whose refusal a change may have made void. */
export function mayHelp(plugins: readonly Plugin[], names: ReadonlySet<string>, event: ClusterEvent, pod: PodInfo) {
  return plugins.some((plugin) => names.has(plugin.name) && plugin.mayHelp?.(event, pod) === true);
}
