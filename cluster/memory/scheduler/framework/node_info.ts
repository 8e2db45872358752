/**
 * A node and what is on it: the sums that filters and scores read, kept up to date pod by pod.
 *
 * Source: `pkg/scheduler/framework/types.go` (NodeInfo).
 */
import type { Node } from "../../kinds/schema/types.ts";
import { add, type Amounts, amounts } from "../helper/resources.ts";
import type { HostPort, PodInfo } from "./pod_info.ts";

export class NodeInfo {
  readonly pods = new Map<string, PodInfo>();
  /** Those with any affinity or anti-affinity of their own. */
  readonly podsWithAffinity = new Map<string, PodInfo>();
  readonly podsWithRequiredAntiAffinity = new Map<string, PodInfo>();
  readonly requested: Amounts = {};
  readonly nonZeroRequested = { cpu: 0, memory: 0 };
  readonly usedPorts: HostPort[] = [];
  /** The images that the node has, with their sizes in bytes. */
  images: ReadonlyMap<string, number> = new Map();
  allocatable: Amounts = {};
  #node!: Node;

  constructor(node: Node) {
    this.node = node;
  }

  get node(): Node {
    return this.#node;
  }

  set node(node: Node) {
    const before = this.#node?.status;
    this.#node = node;
    if (before?.allocatable !== node.status?.allocatable || before === undefined) {
      this.allocatable = amounts(node.status?.allocatable);
    }
    if (before?.images !== node.status?.images || before === undefined) {
      this.images = new Map(
        node.status?.images?.flatMap(({ names = [], sizeBytes = 0 }) => names.map((name) => [name, sizeBytes])),
      );
    }
  }

  get name(): string {
    return this.#node.metadata.name!;
  }

  addPod(pod: PodInfo): void {
    this.pods.set(pod.key, pod);
    this.#count(pod, 1);
    const required = pod.requiredAffinity.length + pod.requiredAntiAffinity.length;
    if (required + pod.preferredAffinity.length + pod.preferredAntiAffinity.length > 0) {
      this.podsWithAffinity.set(pod.key, pod);
    }
    if (pod.requiredAntiAffinity.length > 0) this.podsWithRequiredAntiAffinity.set(pod.key, pod);
    this.usedPorts.push(...pod.hostPorts);
  }

  removePod(key: string): PodInfo | undefined {
    const pod = this.pods.get(key);
    if (pod === undefined) return undefined;
    this.pods.delete(key);
    this.podsWithAffinity.delete(key);
    this.podsWithRequiredAntiAffinity.delete(key);
    this.#count(pod, -1);
    for (const port of pod.hostPorts) this.usedPorts.splice(this.usedPorts.indexOf(port), 1);
    return pod;
  }

  /** A copy whose pods can be taken away and put back without anybody noticing. */
  copy(): NodeInfo {
    const copy = new NodeInfo(this.#node);
    for (const pod of this.pods.values()) copy.addPod(pod);
    return copy;
  }

  #count(pod: PodInfo, times: 1 | -1): void {
    add(this.requested, pod.requests, times);
    this.nonZeroRequested.cpu += pod.nonZero.cpu * times;
    this.nonZeroRequested.memory += pod.nonZero.memory * times;
  }
}
