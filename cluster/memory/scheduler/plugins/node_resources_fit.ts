/**
 * A node must have as much as a pod asks for; the emptiest node is liked best.
 *
 * Source: `pkg/scheduler/framework/plugins/noderesources/{fit,least_allocated}.go`.
 */
import type { Node, Pod } from "../../kinds/schema/types.ts";
import type { NodeInfo } from "../framework/node_info.ts";
import { definePlugin, MAX_NODE_SCORE } from "../framework/plugin.ts";
import { type PodInfo, podInfo } from "../framework/pod_info.ts";
import { type Amounts, amounts } from "../helper/resources.ts";

/** What a node has too little of. */
export interface InsufficientResource {
  readonly name: string;
  readonly requested: number;
  readonly used: number;
  readonly capacity: number;
  /** Even the empty node has too little. */
  readonly unresolvable: boolean;
}

const COMMON = ["cpu", "memory", "ephemeral-storage"];

/** All that `node` has too little of to take `pod`, in Kubernetes' order. */
export function insufficientResources(requests: Amounts, node: NodeInfo): InsufficientResource[] {
  const missing: InsufficientResource[] = [];
  const pods = node.allocatable.pods ?? 0;
  if (node.pods.size + 1 > pods) {
    missing.push({ name: "pods", requested: 1, used: node.pods.size, capacity: pods, unresolvable: false });
  }
  const check = (name: string) => {
    const requested = requests[name] ?? 0;
    if (requested <= 0) return;
    const [used, capacity] = [node.requested[name] ?? 0, node.allocatable[name] ?? 0];
    if (requested <= capacity - used) return;
    missing.push({ name, requested, used, capacity, unresolvable: requested > capacity });
  };
  COMMON.forEach(check);
  for (const name in requests) if (!COMMON.includes(name)) check(name);
  return missing;
}

const reasonOf = ({ name }: InsufficientResource) => name === "pods" ? "Too many pods" : `Insufficient ${name}`;

const leastAllocated = (requested: number, capacity: number) =>
  requested > capacity ? 0 : Math.floor((capacity - requested) * MAX_NODE_SCORE / capacity);

/** How empty the node would be with the pod on it, 0 to 100: the mean over CPU and memory. */
function leastAllocatedScore({ nonZero }: PodInfo, { allocatable, nonZeroRequested }: NodeInfo): number {
  let [sum, count] = [0, 0];
  for (const name of ["cpu", "memory"] as const) {
    const capacity = allocatable[name] ?? 0;
    if (capacity === 0) continue;
    sum += leastAllocated(nonZeroRequested[name] + nonZero[name], capacity);
    count++;
  }
  return count === 0 ? 0 : Math.floor(sum / count);
}

/** Whether the node's change gave more of something that the pod asks for. */
function grew({ requests }: PodInfo, node: Node, previous: Node): boolean {
  const [now, before] = [amounts(node.status?.allocatable), amounts(previous.status?.allocatable)];
  return (now.pods ?? 0) > (before.pods ?? 0) ||
    Object.keys(requests).some((name) => requests[name] > 0 && (now[name] ?? 0) > (before[name] ?? 0));
}

export const nodeResourcesFit = definePlugin({
  name: "NodeResourcesFit",
  weight: 1,
  filter({ requests }, node) {
    const missing = insufficientResources(requests, node);
    if (missing.length === 0) return undefined;
    const code = missing.some(({ unresolvable }) => unresolvable) ? "UnschedulableAndUnresolvable" : "Unschedulable";
    return { code, reasons: missing.map(reasonOf) };
  },
  score: leastAllocatedScore,
  mayHelp({ resource, action, object, previous }, pod) {
    if (resource === "Pod") {
      if (action === "delete") return true;
      if (action !== "update" || previous === undefined) return false;
      const [now, before] = [podInfo(object as Pod).requests, podInfo(previous as Pod).requests];
      return Object.keys(pod.requests).some((name) => (now[name] ?? 0) < (before[name] ?? 0));
    }
    if (resource !== "Node" || action === "delete") return false;
    const allocatable = amounts((object as Node).status?.allocatable);
    if (Object.keys(pod.requests).some((name) => pod.requests[name] > (allocatable[name] ?? 0))) return false;
    return previous === undefined || grew(pod, object as Node, previous as Node);
  },
});
