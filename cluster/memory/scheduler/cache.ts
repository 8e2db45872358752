/**
 * What the scheduler knows of nodes and of the pods on them, those included that it has just given a node and whose
 * binding is not seen yet. Each event costs as much as the pod or node that it is about.
 *
 * A scheduling attempt runs in one go, so the cache itself is the snapshot that the attempt works on.
 *
 * Source: `pkg/scheduler/backend/cache`.
 */
import { keyOf } from "../api/informer.ts";
import { isTerminal } from "../kinds/core/pod/phase.ts";
import type { Selector } from "../kinds/label_selector.ts";
import type { Node, Pod } from "../kinds/schema/types.ts";
import { NodeInfo } from "./framework/node_info.ts";
import type { Snapshot } from "./framework/plugin.ts";
import { type CountOn, PodGroups } from "./framework/pod_groups.ts";
import { type NamespaceLabels, type PodInfo, podInfo } from "./framework/pod_info.ts";

export class SchedulerCache implements Snapshot {
  readonly #nodes = new Map<string, NodeInfo>();
  /** Pods of nodes that are not known (any more). */
  readonly #homeless = new Map<string, Map<string, PodInfo>>();
  /** Where each pod is, by its key. */
  readonly #places = new Map<string, { readonly node: string; readonly uid: string | undefined }>();
  readonly #assumed = new Set<string>();
  readonly nodesWithAffinity = new Set<NodeInfo>();
  readonly nodesWithRequiredAntiAffinity = new Set<NodeInfo>();
  readonly #images = new Map<string, number>();
  readonly #groups = new PodGroups();
  #list: readonly NodeInfo[] | undefined;

  constructor(readonly namespaceLabels: NamespaceLabels) {}

  get nodes(): readonly NodeInfo[] {
    return this.#list ??= [...this.#nodes.values()];
  }

  get(name: string): NodeInfo | undefined {
    return this.#nodes.get(name);
  }

  imageNodes(image: string): number {
    return this.#images.get(image) ?? 0;
  }

  matching(selector: Selector, namespace: string): CountOn {
    return this.#groups.matching(selector, namespace);
  }

  isAssumed(key: string): boolean {
    return this.#assumed.has(key);
  }

  setNode(node: Node): void {
    const name = node.metadata.name!;
    const info = this.#nodes.get(name);
    if (info !== undefined) {
      const before = info.images;
      info.node = node;
      if (info.images !== before) {
        this.#countImages(before, -1);
        this.#countImages(info.images, 1);
      }
      return;
    }
    const added = new NodeInfo(node);
    this.#nodes.set(name, added);
    this.#list = undefined;
    this.#countImages(added.images, 1);
    for (const pod of this.#homeless.get(name)?.values() ?? []) this.#add(pod, added);
    this.#homeless.delete(name);
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (info === undefined) return;
    this.#nodes.delete(name);
    this.#list = undefined;
    this.#countImages(info.images, -1);
    this.nodesWithAffinity.delete(info);
    this.nodesWithRequiredAntiAffinity.delete(info);
    if (info.pods.size > 0) this.#homeless.set(name, new Map(info.pods));
    for (const pod of info.pods.values()) this.#groups.change(pod, info, -1);
  }

  /** A pod that has a node, as the API has it now. One that has ended takes nothing any more. */
  setPod(pod: Pod): void {
    const key = keyOf(pod.metadata.namespace, pod.metadata.name!);
    this.removePod(key);
    if (!isTerminal(pod)) this.#place(podInfo(pod), pod.spec!.nodeName!);
  }

  removePod(key: string): void {
    const place = this.#places.get(key);
    this.#assumed.delete(key);
    if (place === undefined) return;
    this.#places.delete(key);
    this.#homeless.get(place.node)?.delete(key);
    const info = this.#nodes.get(place.node);
    const removed = info?.removePod(key);
    if (removed === undefined) return;
    this.#groups.change(removed, info!, -1);
    this.#index(info!);
  }

  /** Counts a pod on the node that it will be bound to. */
  assume(pod: PodInfo, node: string): void {
    this.#place(pod, node);
    this.#assumed.add(pod.key);
  }

  /** The pod was not bound after all. */
  forget(key: string): void {
    if (this.#assumed.has(key)) this.removePod(key);
  }

  #place(pod: PodInfo, node: string): void {
    this.#places.set(pod.key, { node, uid: pod.pod.metadata.uid });
    const info = this.#nodes.get(node);
    if (info !== undefined) return this.#add(pod, info);
    let homeless = this.#homeless.get(node);
    if (homeless === undefined) this.#homeless.set(node, homeless = new Map());
    homeless.set(pod.key, pod);
  }

  #add(pod: PodInfo, info: NodeInfo): void {
    info.addPod(pod);
    this.#groups.change(pod, info, 1);
    this.#index(info);
  }

  #index(info: NodeInfo): void {
    if (info.podsWithAffinity.size > 0) this.nodesWithAffinity.add(info);
    else this.nodesWithAffinity.delete(info);
    if (info.podsWithRequiredAntiAffinity.size > 0) this.nodesWithRequiredAntiAffinity.add(info);
    else this.nodesWithRequiredAntiAffinity.delete(info);
  }

  #countImages(images: ReadonlyMap<string, number>, times: 1 | -1): void {
    for (const name of images.keys()) this.#images.set(name, (this.#images.get(name) ?? 0) + times);
  }
}
