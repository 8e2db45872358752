/** One pod on each node where it belongs, and none elsewhere. Source: `pkg/controller/daemon/daemon_controller.go` (manage). */
import { daemonSets as daemonSetKind } from "../../api/kind_refs.ts";
import { isTerminalPhase } from "../../kinds/core/pod/phase.ts";
import type { DaemonSet, Node, Pod } from "../../kinds/schema/types.ts";
import { aggregate, isNamespaceTerminating, isNotFound, keyOfObject } from "../controller.ts";
import { newControllerRef } from "../controller_ref.ts";
import { createPod, deletePod, podFromTemplate, slowStartBatch } from "../pod_control.ts";
import { isAvailable, isReady } from "../pod_state.ts";
import { daemonSpec, REVISION_HASH, templateFor, verdictFor } from "./nodes.ts";
import { byAge, type Room } from "./room.ts";
import { surgeCount } from "./rolling.ts";

/** The most pods that one reconciliation creates or deletes. */
const BURST = 250;

export interface Changes {
  /** Nodes that need a pod. */
  readonly create: string[];
  /** Names of pods that are too many. */
  readonly remove: string[];
}

export function planPods(
  room: Room,
  daemonSet: DaemonSet,
  nodes: readonly Node[],
  podsByNode: ReadonlyMap<string, readonly Pod[]>,
  hash: string,
): Changes {
  const changes: Changes = { create: [], remove: [] };
  for (const node of nodes) planNode(room, daemonSet, node, podsByNode.get(node.metadata.name!), hash, changes);
  const known = new Set(nodes.map(({ metadata }) => metadata.name!));
  for (const [node, pods] of podsByNode) {
    // Meant for a node that has gone: nobody will ever run it.
    if (!known.has(node)) changes.remove.push(...pods.filter(({ spec }) => !spec.nodeName).map(nameOf));
  }
  return changes;
}

const nameOf = ({ metadata }: Pod) => metadata.name!;

function planNode(
  room: Room,
  daemonSet: DaemonSet,
  node: Node,
  pods: readonly Pod[] | undefined,
  hash: string,
  { create, remove }: Changes,
): void {
  const name = node.metadata.name!;
  const { shouldRun, shouldContinue } = verdictFor(daemonSpec(daemonSet), node);
  if (shouldRun && pods === undefined) return void create.push(name);
  const alive = (pods ?? []).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (!shouldContinue) return void remove.push(...alive.map(nameOf));
  const running = alive.filter((pod) => !isFinished(room, daemonSet, pod, name, remove)).sort(byAge);
  if (surgeCount(daemonSet, 1) === 0) return void remove.push(...running.slice(1).map(nameOf));
  if (running.length === 0 && shouldRun) create.push(name);
  if (running.length > 1) replaceOld(room, daemonSet, running, hash, remove);
}

/** Whether a daemon has ended, which it should not. It is removed, so that another begins. */
function isFinished(room: Room, daemonSet: DaemonSet, pod: Pod, node: string, remove: string[]): boolean {
  const { phase } = pod.status ?? {};
  if (!isTerminalPhase(phase)) return false;
  const { failed, recorder, requeueAfter } = room;
  const subject =
    `Found ${phase.toLowerCase()} daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${node}`;
  if (phase === "Succeeded") {
    recorder.event(daemonSet, "Normal", "SucceededDaemonPod", `${subject}, will try to delete it`);
  } else {
    const key = `${daemonSet.metadata.uid}/${daemonSet.status?.observedGeneration ?? 0}/${node}`;
    if (failed.isWaiting(key)) {
      requeueAfter(daemonSet, failed.get(key));
      return true;
    }
    failed.next(key);
    recorder.event(daemonSet, "Warning", "FailedDaemonPod", `${subject}, will try to kill it`);
  }
  remove.push(pod.metadata.name!);
  return true;
}

/** With a surge there may be an old and a new pod; the old one goes when the new one is available. */
function replaceOld(room: Room, daemonSet: DaemonSet, running: readonly Pod[], hash: string, remove: string[]): void {
  const isNew = (pod: Pod) => pod.metadata.labels?.[REVISION_HASH] === hash;
  const [newest, old] = [running.find(isNew), running.find((pod) => !isNew(pod))];
  remove.push(...running.filter((pod) => pod !== newest && pod !== old).map(nameOf));
  if (newest === undefined || old === undefined) return;
  const { minReadySeconds = 0 } = daemonSet.spec;
  if (!isReady(old) || isAvailable(newest, minReadySeconds, room.context.clock.now())) remove.push(nameOf(old));
}

/** Creates and deletes pods. @throws what failed, after all were tried */
export async function syncNodes(room: Room, daemonSet: DaemonSet, changes: Changes, hash: string): Promise<void> {
  const { context: { client }, recorder, expectations } = room;
  const key = keyOfObject(daemonSet);
  const create = changes.create.slice(0, BURST);
  const remove = changes.remove.slice(0, BURST);
  const podKey = (name: string) => `${daemonSet.metadata.namespace}/${name}`;
  expectations.forget(key);
  expectations.raise(key, create.length, remove.map(podKey));
  const reference = newControllerRef(daemonSet, daemonSetKind);
  const errors: unknown[] = [];
  const { successes, error } = await slowStartBatch(create.length, async (index) => {
    const template = templateFor(daemonSet, hash, create[index]);
    try {
      await createPod({ client, recorder }, daemonSet, podFromTemplate(template, daemonSet, reference));
    } catch (error) {
      if (!isNamespaceTerminating(error)) throw error;
    }
  });
  for (let i = successes; i < create.length; i++) expectations.creationObserved(key);
  if (error !== undefined) errors.push(error);
  for (const name of remove) {
    try {
      await deletePod({ client, recorder }, daemonSet, name);
    } catch (error) {
      expectations.deletionObserved(key, podKey(name));
      if (!isNotFound(error)) errors.push(error);
    }
  }
  if (errors.length > 0) throw aggregate(errors);
}
