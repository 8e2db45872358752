/**
 * The decision for one pod: which nodes would do, and which of them is best.
 *
 * Reads a snapshot and changes nothing; chance, which is passed in, decides between equals. In a large cluster only
 * some of the nodes are looked at, each attempt beginning where the last one stopped.
 *
 * Source: `pkg/scheduler/schedule_one.go`.
 */
import type { Diagnosis, NodeRefusal } from "./fit_error.ts";
import {
  changePod,
  copyCycleState,
  type CycleState,
  type PreFilterOutcome,
  runFilters,
  runPreFilter,
  runScores,
  type TotalScore,
} from "./framework/framework.ts";
import type { NodeInfo } from "./framework/node_info.ts";
import { type Plugin, type Snapshot, unresolvable } from "./framework/plugin.ts";
import type { PodInfo } from "./framework/pod_info.ts";
import type { Nominator } from "./nominator.ts";

const FEWEST_NODES = 100;
const FEWEST_PERCENT = 5;

/**
 * How many nodes that will do are enough: half of a small cluster's, less and less of a large one's.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { numFeasibleNodesToFind } from "./algorithm.ts";
 *
 * assert.equal(numFeasibleNodesToFind(50), 50);
 * assert.equal(numFeasibleNodesToFind(1000), 420);
 * assert.equal(numFeasibleNodesToFind(6000), 300);
 * ```
 */
export function numFeasibleNodesToFind(nodes: number, percentage?: number): number {
  if (nodes < FEWEST_NODES) return nodes;
  const percent = percentage || Math.max(FEWEST_PERCENT, 50 - Math.trunc(nodes / 125));
  return Math.max(FEWEST_NODES, Math.trunc(nodes * percent / 100));
}

export interface AlgorithmOptions {
  readonly plugins: readonly Plugin[];
  readonly snapshot: Snapshot;
  readonly nominator?: Nominator;
  /** The node to begin with, by its place in the list. */
  readonly start?: number;
  /** Chooses among the best nodes where several are as good: a number in [0, 1). The first of them unless given. */
  readonly random?: () => number;
}

/** A node for the pod. */
export interface Placement {
  readonly node: NodeInfo;
  readonly state: CycleState;
  /** How many nodes were looked at. */
  readonly processed: number;
}

/** No node for the pod, and why; there is no state when no node was looked at. */
export interface Misfit {
  readonly diagnosis: Diagnosis;
  readonly state: CycleState | undefined;
  readonly processed: number;
}

export type Decision = Placement | Misfit;

/** @returns the node for a pod, or why there is none */
export function schedulePod(pod: PodInfo, options: AlgorithmOptions): Decision {
  const { plugins, snapshot, nominator } = options;
  const pre = runPreFilter(plugins, pod, snapshot);
  if ("refusal" in pre) {
    const { refusal } = pre;
    const { plugin: preFilterPlugin, reasons } = refusal;
    const diagnosis = { nodes: new Map(), others: refusal, preFilter: reasons.join(", "), preFilterPlugin };
    return { diagnosis, state: undefined, processed: 0 };
  }
  const nominated = snapshot.get(pod.pod.status?.nominatedNodeName ?? "");
  if (nominated !== undefined && filterNode(pre.state, pod, nominated, snapshot, nominator) === undefined) {
    return { node: nominated, state: pre.state, processed: 1 };
  }
  const { feasible, refused, others } = findFeasible(pod, pre, options);
  const processed = feasible.length + refused.size;
  if (feasible.length === 0) return { diagnosis: { nodes: refused, others }, state: pre.state, processed };
  return { node: best(pod, feasible, pre.state, options), state: pre.state, processed };
}

function findFeasible(
  pod: PodInfo,
  pre: Extract<PreFilterOutcome, { readonly state: CycleState }>,
  { snapshot, nominator, start = 0 }: AlgorithmOptions,
) {
  const { nodes, others } = candidates(snapshot, pre);
  const enough = numFeasibleNodesToFind(nodes.length);
  const feasible: NodeInfo[] = [];
  const refused = new Map<string, NodeRefusal>();
  for (let i = 0; i < nodes.length && feasible.length < enough; i++) {
    const node = nodes[(start + i) % nodes.length];
    const refusal = filterNode(pre.state, pod, node, snapshot, nominator);
    if (refusal === undefined) feasible.push(node);
    else refused.set(node.name, refusal);
  }
  return { feasible, refused, others };
}

/** All nodes, or those alone that a plugin named beforehand; and what is said of the others. */
function candidates(
  snapshot: Snapshot,
  { nodes, narrowedBy }: Extract<PreFilterOutcome, { readonly state: CycleState }>,
) {
  if (nodes === undefined) return { nodes: snapshot.nodes };
  const known = [...nodes].flatMap((name) => snapshot.get(name) ?? []);
  return { nodes: known, others: unresolvable(`node(s) didn't satisfy plugin(s) [${narrowedBy.join(" ")}]`) };
}

/**
 * Filters a node twice where pods are nominated to it: once as if they were there, and once without them, for the pod
 * may need them to be absent (room) or present (affinity).
 */
export function filterNode(
  state: CycleState,
  pod: PodInfo,
  node: NodeInfo,
  snapshot: Snapshot,
  nominator: Nominator | undefined,
): NodeRefusal | undefined {
  const others: PodInfo[] = [];
  for (const other of nominator?.on(node.name) ?? []) {
    if (other.key !== pod.key && other.priority >= pod.priority) others.push(other);
  }
  if (others.length > 0) {
    const [full, fullState] = [node.copy(), copyCycleState(state)];
    for (const other of others) {
      full.addPod(other);
      changePod(fullState, pod, other, full, 1, snapshot);
    }
    const refusal = runFilters(fullState, pod, full);
    if (refusal !== undefined) return refusal;
  }
  return runFilters(state, pod, node);
}

function best(pod: PodInfo, nodes: readonly NodeInfo[], state: CycleState, options: AlgorithmOptions): NodeInfo {
  if (nodes.length === 1) return nodes[0];
  const scores = runScores(options.plugins, pod, nodes, options.snapshot, state);
  return selectHost(scores, options.random ?? (() => 1));
}

/** The node with the highest score; of several such, each is as likely as the others. */
function selectHost(scores: readonly TotalScore[], random: () => number): NodeInfo {
  let best = scores[0];
  let equals = 1;
  for (const score of scores.slice(1)) {
    if (score.total < best.total) continue;
    equals = score.total > best.total ? 1 : equals + 1;
    // The n-th of them takes the place with a chance of 1 in n.
    if (equals === 1 || random() < 1 / equals) best = score;
  }
  return best.node;
}
