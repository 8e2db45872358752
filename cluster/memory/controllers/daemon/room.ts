/** What the parts of the DaemonSet controller share, and the pods that are a DaemonSet's. */
import type { EventRecorder } from "../../api/event_recorder.ts";
import type { Informer } from "../../api/informer.ts";
import { daemonSets as daemonSetKind, pods as podKind } from "../../api/kind_refs.ts";
import type { ControllerRevision, DaemonSet, Node, Pod } from "../../kinds/schema/types.ts";
import type { Backoff } from "../backoff.ts";
import type { ControllerContext } from "../controller.ts";
import { claim, controlledBy, orphansIn } from "../controller_ref.ts";
import type { Expectations } from "../expectations.ts";
import { isTerminal } from "../pod_state.ts";
import { matches } from "../selectors.ts";
import { targetNode } from "./nodes.ts";

export interface Room {
  readonly context: ControllerContext;
  readonly daemonSets: Informer<DaemonSet>;
  readonly revisions: Informer<ControllerRevision>;
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly recorder: EventRecorder;
  readonly expectations: Expectations;
  /** Of failed pods, by DaemonSet and node. */
  readonly failed: Backoff;
  readonly requeueAfter: (daemonSet: DaemonSet, ms: number) => void;
}

/** The DaemonSet's pods, orphans that it adopts among them. */
export async function daemonPods({ context, pods }: Room, daemonSet: DaemonSet): Promise<Pod[]> {
  const { selector } = daemonSet.spec;
  const request = {
    client: context.client,
    kind: podKind,
    owner: daemonSet,
    ownerKind: daemonSetKind,
    matches: (pod: Pod) => matches(selector, pod.metadata.labels),
  };
  const candidates = [...controlledBy(pods, daemonSet, "DaemonSet"), ...orphansIn(pods, daemonSet.metadata.namespace!)];
  return await claim(request, candidates);
}

/** Pods by the node that they are on or meant for; those at their end and being deleted do not count. */
export function byNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const result = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (isTerminal(pod) && pod.metadata.deletionTimestamp !== undefined) continue;
    const node = targetNode(pod);
    if (node === undefined) continue;
    const there = result.get(node);
    if (there === undefined) result.set(node, [pod]);
    else there.push(pod);
  }
  return result;
}

/** Those that have been bound first, then the oldest. */
export function byAge(a: Pod, b: Pod): number {
  const bound = Number(!a.spec.nodeName) - Number(!b.spec.nodeName);
  if (bound !== 0) return bound;
  const [x, y] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
  if (x !== y) return x < y ? -1 : 1;
  return a.metadata.name! < b.metadata.name! ? -1 : 1;
}
