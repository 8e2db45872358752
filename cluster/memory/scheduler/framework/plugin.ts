/**
 * What a scheduling plugin may do, and what the framework gives it: Kubernetes' extension points as plain functions.
 *
 * A pod goes through preEnqueue once, then in each attempt through preFilter, filter for each node, and preScore, score
 * and normalize for the nodes that are left. What preFilter and preScore work out is handed to the calls that follow.
 *
 * Source: `pkg/scheduler/framework/interface.go`, https://kubernetes.io/docs/concepts/scheduling-eviction/scheduling-framework/
 */
import type { KubeObject } from "../../kinds/object.ts";
import type { Pod } from "../../kinds/schema/types.ts";
import type { Selector } from "../../kinds/label_selector.ts";
import type { NodeInfo } from "./node_info.ts";
import type { CountOn } from "./pod_groups.ts";
import type { NamespaceLabels, PodInfo } from "./pod_info.ts";

/** Why a pod cannot be where it was tried. */
export interface Refusal {
  /**
   * Whether taking pods away could help: "Unschedulable" if it could, "UnschedulableAndUnresolvable" if it could not.
   * An "Error" says that the attempt itself went wrong.
   */
  readonly code: "Unschedulable" | "UnschedulableAndUnresolvable" | "Error";
  readonly reasons: readonly string[];
}

export const unschedulable = (...reasons: string[]): Refusal => ({ code: "Unschedulable", reasons });
export const unresolvable = (...reasons: string[]): Refusal => ({ code: "UnschedulableAndUnresolvable", reasons });

/** All nodes with their pods, as they are during an attempt. */
export interface Snapshot {
  readonly nodes: readonly NodeInfo[];
  get(name: string): NodeInfo | undefined;
  /** Nodes with at least one pod that has affinity of any kind, and those with required anti-affinity. */
  readonly nodesWithAffinity: Iterable<NodeInfo>;
  readonly nodesWithRequiredAntiAffinity: Iterable<NodeInfo>;
  /** On how many nodes an image is. */
  imageNodes(image: string): number;
  readonly namespaceLabels: NamespaceLabels;
  /** Counts the pods of a namespace that a selector selects, node by node. */
  matching(selector: Selector, namespace: string): CountOn;
}

/** What preFilter says: nothing to check, no node will do, or what the filter needs (and the only nodes in question). */
export type PreFilterResult<State> =
  | "skip"
  | { readonly refusal: Refusal }
  | { readonly state: State; readonly nodes?: ReadonlySet<string> };

export interface NodeScore {
  readonly node: NodeInfo;
  score: number;
}

/** A change in the cluster that may make room for pods that wait. */
export interface ClusterEvent {
  readonly resource:
    | "Pod"
    | "Node"
    | "PersistentVolumeClaim"
    | "PersistentVolume"
    | "StorageClass"
    | "CSINode"
    | "VolumeAttachment"
    | "ResourceClaim"
    | "ResourceSlice"
    | "DeviceClass";
  readonly action: "add" | "update" | "delete";
  readonly object: KubeObject;
  readonly previous?: KubeObject;
}

export interface Plugin<State = unknown, ScoreState = unknown> {
  readonly name: string;
  /** What the plugin's scores are multiplied by; 1 unless said. */
  readonly weight?: number;
  /** Keeps a pod out of the queue. */
  preEnqueue?(pod: Pod): Refusal | undefined;
  preFilter?(pod: PodInfo, snapshot: Snapshot): PreFilterResult<State>;
  filter?(pod: PodInfo, node: NodeInfo, state: State): Refusal | undefined;
  /** What the plugin can do for a pod that fits nowhere, before others have to go: what it says, and what it does. */
  postFilter?(pod: PodInfo, state: State): { readonly message: string; readonly work?: Promise<unknown> };
  /** A copy of `state` for which preemption tries to take pods away. Needed with `changePod`. */
  copyState?(state: State): State;
  /** `other` came to (+1) or left (-1) `node`: changes what preFilter worked out. */
  changePod?(state: State, pod: PodInfo, other: PodInfo, node: NodeInfo, times: 1 | -1, snapshot: Snapshot): void;
  preScore?(
    pod: PodInfo,
    nodes: readonly NodeInfo[],
    snapshot: Snapshot,
    state: State | undefined,
  ): "skip" | ScoreState;
  /** Any number where `normalize` makes 0 to 100 of it, else 0 to 100. */
  score?(pod: PodInfo, node: NodeInfo, state: ScoreState, snapshot: Snapshot): number;
  normalize?(scores: NodeScore[], state: ScoreState): void;
  /** Takes what the pod needs on the node it got, before the pod is bound; undone when binding fails. */
  reserve?(pod: PodInfo, node: NodeInfo, state: State): void;
  unreserve?(pod: PodInfo, node: NodeInfo, state: State): void;
  /** Whether there is something to prepare, which may take a while. */
  preBindPreFlight?(pod: PodInfo, node: NodeInfo, state: State): boolean;
  /** Prepares what must be there before the pod is bound (volumes). */
  preBind?(pod: PodInfo, node: NodeInfo, state: State): Promise<void>;
  /** Whether a change may help a pod that this plugin refused. */
  mayHelp?(event: ClusterEvent, pod: PodInfo): boolean;
}

/** A plugin whose states are checked where it is declared, for the lists that hold all plugins. */
export function definePlugin<State = unknown, ScoreState = unknown>(plugin: Plugin<State, ScoreState>): Plugin {
  // The framework only ever hands a plugin the states that it made itself.
  return plugin as Plugin;
}

export const MAX_NODE_SCORE = 100;

/** Scores from 0 to 100 by the largest; reversed, the largest becomes 0. */
export function normalizeScores(scores: NodeScore[], reverse: boolean): void {
  let most = 0;
  for (const { score } of scores) if (score > most) most = score;
  for (const entry of scores) {
    const share = most === 0 ? 0 : Math.floor(MAX_NODE_SCORE * entry.score / most);
    entry.score = reverse ? MAX_NODE_SCORE - share : share;
  }
}
