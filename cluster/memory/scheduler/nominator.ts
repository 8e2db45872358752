/**
 * Pods that will get a node once the pods preempted for them are gone. Until then others of lower priority must leave
 * them the room.
 *
 * Source: `pkg/scheduler/backend/queue/nominator.go`.
 */
import type { PodInfo } from "./framework/pod_info.ts";

export class Nominator {
  readonly #nodes = new Map<string, Map<string, PodInfo>>();
  readonly #places = new Map<string, string>();

  set(pod: PodInfo, node: string): void {
    this.remove(pod.key);
    this.#places.set(pod.key, node);
    let pods = this.#nodes.get(node);
    if (pods === undefined) this.#nodes.set(node, pods = new Map());
    pods.set(pod.key, pod);
  }

  remove(key: string): void {
    const node = this.#places.get(key);
    if (node === undefined) return;
    this.#places.delete(key);
    const pods = this.#nodes.get(node)!;
    pods.delete(key);
    if (pods.size === 0) this.#nodes.delete(node);
  }

  nodeOf(key: string): string | undefined {
    return this.#places.get(key);
  }

  /** The pods nominated to a node. */
  on(node: string): Iterable<PodInfo> {
    return this.#nodes.get(node)?.values() ?? [];
  }
}
