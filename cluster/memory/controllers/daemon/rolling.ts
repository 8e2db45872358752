/** Rolling update of daemons: node by node, with pods missing or with pods too many. Source: `pkg/controller/daemon/update.go`. */
import type { DaemonSet, Node, Pod } from "../../kinds/schema/types.ts";
import { scaledValue } from "../int_or_percent.ts";
import { isAvailable } from "../pod_state.ts";
import type { Changes } from "./manage.ts";
import { daemonSpec, isUpdated, verdictFor } from "./nodes.ts";

export function surgeCount({ spec }: DaemonSet, nodes: number): number {
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  return type === "RollingUpdate" ? scaledValue(rollingUpdate?.maxSurge, nodes, true) : 0;
}

function unavailableCount({ spec }: DaemonSet, nodes: number): number {
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  return type === "RollingUpdate" ? scaledValue(rollingUpdate?.maxUnavailable, nodes, true) : 0;
}

export interface Rollout {
  readonly daemonSet: DaemonSet;
  readonly nodes: readonly Node[];
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>;
  readonly hash: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function planRollout(rollout: Rollout): Changes {
  const { daemonSet, nodes, podsByNode } = rollout;
  const wanted = nodes.filter((node) => verdictFor(daemonSpec(daemonSet), node).shouldRun);
  const all = new Map(podsByNode);
  for (const { metadata } of wanted) if (!all.has(metadata.name!)) all.set(metadata.name!, []);
  const surge = surgeCount(daemonSet, wanted.length);
  const unavailable = unavailableCount(daemonSet, wanted.length);
  if (surge > 0) return planSurge({ ...rollout, podsByNode: all }, surge, wanted);
  return planUnavailable({ ...rollout, podsByNode: all }, wanted.length > 0 && unavailable === 0 ? 1 : unavailable);
}

/** The new and the old pod of a node; undefined when there are more. */
function pair({ daemonSet, hash }: Rollout, pods: readonly Pod[]) {
  const alive = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const updated = alive.filter((pod) => isUpdated(pod, daemonSet, hash));
  const old = alive.filter((pod) => !isUpdated(pod, daemonSet, hash));
  return updated.length > 1 || old.length > 1 ? undefined : { updated: updated[0], old: old[0] };
}

const available = ({ daemonSet, now }: Rollout, pod: Pod) => isAvailable(pod, daemonSet.spec.minReadySeconds ?? 0, now);

function planUnavailable(rollout: Rollout, maxUnavailable: number): Changes {
  let unavailable = 0;
  const broken: string[] = [];
  const candidates: string[] = [];
  for (const pods of rollout.podsByNode.values()) {
    const found = pair(rollout, pods);
    if (found === undefined || (found.updated === undefined) === (found.old === undefined)) unavailable++;
    else if (found.updated !== undefined) unavailable += available(rollout, found.updated) ? 0 : 1;
    else if (!available(rollout, found.old!)) {
      // It is of no use as it is: replacing it costs nothing.
      broken.push(found.old!.metadata.name!);
      unavailable++;
    } else if (unavailable < maxUnavailable) candidates.push(found.old!.metadata.name!);
  }
  return { create: [], remove: [...broken, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))] };
}

function planSurge(rollout: Rollout, maxSurge: number, wanted: readonly Node[]): Changes {
  const runs = new Set(wanted.map(({ metadata }) => metadata.name!));
  const remove: string[] = [];
  const misplaced: string[] = [];
  const allowed: string[] = [];
  const candidates: string[] = [];
  let surge = 0;
  let availableCount = 0;
  for (const [node, pods] of rollout.podsByNode) {
    const found = pair(rollout, pods);
    if (found === undefined) {
      surge++;
      continue;
    }
    const { updated, old } = found;
    const counted = old ?? updated;
    if (counted !== undefined && available(rollout, counted)) availableCount++;
    if (old === undefined) continue;
    if (updated !== undefined) {
      if (available(rollout, updated)) remove.push(old.metadata.name!);
      else surge++;
    } else if (!available(rollout, old)) {
      if (runs.has(node)) allowed.push(node);
      else remove.push(old.metadata.name!);
    } else if (!runs.has(node)) misplaced.push(old.metadata.name!);
    else if (surge < maxSurge) candidates.push(node);
  }
  remove.push(...misplaced.slice(0, Math.max(0, availableCount - wanted.length)));
  return { create: [...allowed, ...candidates.slice(0, Math.max(0, maxSurge - surge))], remove };
}
