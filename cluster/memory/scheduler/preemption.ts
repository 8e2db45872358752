/**
 * Making room for a pod by taking away less important ones: on each node that could take the pod without them, the
 * fewest are chosen; then the node where that hurts least.
 *
 * Pure: says what should go, and does nothing.
 *
 * Source: `pkg/scheduler/framework/preemption/preemption.go`, `plugins/defaultpreemption`.
 */
import { instant } from "../api/timestamps.ts";
import { selectorMatches, selectorOf } from "../kinds/label_selector.ts";
import type { Pod, PodDisruptionBudget } from "../kinds/schema/types.ts";
import { filterNode } from "./algorithm.ts";
import { type Diagnosis, fitError, type NodeRefusal } from "./fit_error.ts";
import { changePod, copyCycleState, type CycleState } from "./framework/framework.ts";
import type { NodeInfo } from "./framework/node_info.ts";
import { type Snapshot, unresolvable } from "./framework/plugin.ts";
import type { PodInfo } from "./framework/pod_info.ts";
import type { Nominator } from "./nominator.ts";

export interface Candidate {
  readonly node: string;
  /** Those to take away, the most important first. */
  readonly victims: readonly PodInfo[];
  /** How many of them a disruption budget would rather keep. */
  readonly violations: number;
}

export interface PreemptionOptions {
  readonly state: CycleState;
  readonly diagnosis: Diagnosis;
  readonly snapshot: Snapshot;
  readonly nominator: Nominator;
  readonly budgets: readonly PodDisruptionBudget[];
  readonly random: () => number;
}

export type Preemption = { readonly candidate: Candidate } | { readonly message: string };

/** Nodes tried at least, and at most this share of all. */
const FEWEST_CANDIDATES = 100;
const CANDIDATE_SHARE = 0.1;

/** @returns what to take away for `pod`, or why that would not help */
export function preempt(pod: PodInfo, options: PreemptionOptions): Preemption {
  const { snapshot, diagnosis } = options;
  const obstacle = notEligible(pod, options);
  if (obstacle !== undefined) return { message: obstacle };
  const potential = snapshot.nodes.filter(({ name }) =>
    (diagnosis.nodes.get(name) ?? diagnosis.others)?.code === "Unschedulable"
  );
  const { candidates, refused } = dryRun(pod, potential, options);
  if (candidates.length > 0) return { candidate: leastHarmful(candidates) };
  const others = unresolvable("Preemption is not helpful for scheduling");
  return { message: fitError(snapshot.nodes.length, { nodes: refused, others }) };
}

function notEligible(pod: PodInfo, { snapshot, diagnosis }: PreemptionOptions): string | undefined {
  const { spec, status } = pod.pod;
  if (spec!.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  const nominated = status?.nominatedNodeName;
  if (!nominated || diagnosis.nodes.get(nominated)?.code === "UnschedulableAndUnresolvable") return undefined;
  for (const other of snapshot.get(nominated)?.pods.values() ?? []) {
    if (other.priority < pod.priority && isBeingPreempted(other.pod)) {
      return "not eligible due to a terminating pod on the nominated node.";
    }
  }
  return undefined;
}

const isBeingPreempted = ({ metadata, status }: Pod) =>
  metadata.deletionTimestamp !== undefined &&
  status?.conditions?.some(({ type, status, reason }) =>
      type === "DisruptionTarget" && status === "True" && reason === "PreemptionByScheduler"
    ) === true;

function dryRun(pod: PodInfo, nodes: readonly NodeInfo[], options: PreemptionOptions) {
  const wanted = Math.min(nodes.length, Math.max(FEWEST_CANDIDATES, Math.trunc(nodes.length * CANDIDATE_SHARE)));
  const start = Math.floor(options.random() * nodes.length);
  const candidates: Candidate[] = [];
  const refused = new Map<string, NodeRefusal>();
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(start + i) % nodes.length];
    const found = selectVictims(pod, node.copy(), options);
    if ("reasons" in found) refused.set(node.name, found);
    else candidates.push(found);
    if (candidates.length >= wanted && candidates.some(({ violations }) => violations === 0)) break;
  }
  return { candidates, refused };
}

/** @param node a copy to move pods about on */
function selectVictims(
  pod: PodInfo,
  node: NodeInfo,
  { state: original, snapshot, nominator, budgets }: PreemptionOptions,
): Candidate | NodeRefusal {
  const state = copyCycleState(original);
  const potential = [...node.pods.values()].filter(({ priority }) => priority < pod.priority);
  if (potential.length === 0) {
    return { ...unresolvable("No preemption victims found for incoming pod"), plugin: "DefaultPreemption" };
  }
  const takeAway = (other: PodInfo) => {
    node.removePod(other.key);
    changePod(state, pod, other, node, -1, snapshot);
  };
  potential.forEach(takeAway);
  const refusal = filterNode(state, pod, node, snapshot, nominator);
  if (refusal !== undefined) return refusal;
  potential.sort(moreImportant);
  const { violating, others } = byBudget(potential, budgets);
  const victims: PodInfo[] = [];
  const spare = (other: PodInfo) => {
    node.addPod(other);
    changePod(state, pod, other, node, 1, snapshot);
    if (filterNode(state, pod, node, snapshot, nominator) === undefined) return true;
    takeAway(other);
    victims.push(other);
    return false;
  };
  const violations = violating.filter((other) => !spare(other)).length;
  others.forEach(spare);
  return { node: node.name, victims: victims.sort(moreImportant), violations };
}

const startOf = ({ pod }: PodInfo) => instant(pod.status?.startTime) ?? Infinity;

/** Higher priority, or running for longer. */
const moreImportant = (a: PodInfo, b: PodInfo) => b.priority - a.priority || compare(startOf(a), startOf(b));
const compare = (a: number, b: number) => a < b ? -1 : a > b ? 1 : 0;

/** Pods whose loss would take more from a budget than it allows, and the others. */
function byBudget(pods: readonly PodInfo[], budgets: readonly PodDisruptionBudget[]) {
  const allowed = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0);
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const info of pods) {
    const { labels = {}, name } = info.pod.metadata;
    let violated = false;
    budgets.forEach(({ metadata, spec, status }, i) => {
      if (metadata.namespace !== info.namespace || Object.keys(labels).length === 0) return;
      const selector = selectorOf(spec?.selector);
      if (selector === undefined || selector.length === 0 || !selectorMatches(selector, labels)) return;
      if (status?.disruptedPods?.[name!] !== undefined) return;
      if (--allowed[i] < 0) violated = true;
    });
    (violated ? violating : others).push(info);
  }
  return { violating, others };
}

/** The node whose victims matter least: by budgets, priorities, their number, and how lately they were started. */
function leastHarmful(candidates: readonly Candidate[]): Candidate {
  const harms: ((candidate: Candidate) => number)[] = [
    ({ violations }) => violations,
    ({ victims }) => victims[0].priority,
    ({ victims }) => victims.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
    ({ victims }) => victims.length,
    ({ victims }) =>
      -Math.min(...victims.filter(({ priority }) => priority === victims[0].priority).map((pod) => startOf(pod))),
    // Starts are told to the second: of two in the same one, the younger is the one that was written last.
    ({ victims }) => -Number(victims[0].pod.metadata.resourceVersion ?? 0),
  ];
  let left = candidates;
  for (const harm of harms) {
    const least = Math.min(...left.map(harm));
    left = left.filter((candidate) => harm(candidate) === least);
  }
  return left[0];
}
