/**
 * Whether a node takes a pod that was given to it: the scheduler may have been passed by, or the node may have changed.
 *
 * Source: `pkg/kubelet/lifecycle/predicate.go`.
 */
import type { Node, Pod } from "../kinds/schema/types.ts";
import { NodeInfo } from "../scheduler/framework/node_info.ts";
import { hostPortsConflict, podInfo } from "../scheduler/framework/pod_info.ts";
import { requiredNodeAffinityMatches } from "../scheduler/helper/node_affinity.ts";
import { untolerated } from "../scheduler/helper/tolerations.ts";
import { insufficientResources } from "../scheduler/plugins/node_resources_fit.ts";
import { forbiddenSysctl } from "./sysctls.ts";

export interface Rejection {
  /** "OutOfcpu", "NodeAffinity" … */
  readonly reason: string;
  readonly message: string;
}

const predicate = (name: string, why: string): Rejection => ({
  reason: name,
  message: `Predicate ${name} failed: ${why}`,
});

/** @param others the pods that the node has taken already */
export function admit(pod: Pod, node: Node, others: readonly Pod[]): Rejection | undefined {
  const forbidden = forbiddenSysctl(pod);
  if (forbidden !== undefined) return forbidden;
  const os = node.metadata.labels?.["kubernetes.io/os"] ?? "linux";
  if ((pod.metadata.labels?.["kubernetes.io/os"] ?? os) !== os) {
    const message = "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label";
    return { reason: "PodOSSelectorNodeLabelDoesNotMatch", message };
  }
  if (pod.spec!.os !== undefined && pod.spec!.os.name !== "linux") {
    return { reason: "PodOSNotSupported", message: "Failed to admit pod as the OS field doesn't match node OS" };
  }
  const info = new NodeInfo(node);
  for (const other of others) info.addPod(podInfo(other));
  const own = podInfo(pod);
  const [missing] = insufficientResources(own.requests, info);
  if (missing !== undefined) {
    const { name, requested, used, capacity } = missing;
    const amounts = `requested: ${requested}, used: ${used}, capacity: ${capacity}`;
    return { reason: `OutOf${name}`, message: `Node didn't have enough resource: ${name}, ${amounts}` };
  }
  if (!requiredNodeAffinityMatches(pod.spec!, node)) {
    return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
  }
  if (own.hostPorts.some((port) => info.usedPorts.some((used) => hostPortsConflict(port, used)))) {
    return predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports");
  }
  if (untolerated(node.spec?.taints, pod.spec!.tolerations, ["NoExecute"]) !== undefined) {
    return predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate");
  }
  return undefined;
}
