import { podRequests } from "../../kinds/core/pod/resources.ts";
import { compareQuantities, quantityMilliValue, quantityValue } from "../../kinds/quantity.ts";
import type { Node, Pod } from "../../kinds/schema/types.ts";
import { StatusError } from "../status.ts";
import { type AdmissionContext, type AdmissionPlugin, type Attributes, refuse, resourceOf, stored } from "./plugin.ts";

/**
 * A pod that has a node cannot be resized to more than the whole node has for pods.
 *
 * Source: `plugin/pkg/admission/podresize`.
 */
export function podResizeValidator({ store }: AdmissionContext): AdmissionPlugin {
  return {
    name: "PodResizeValidator",
    validate(attributes) {
      const { operation, subresource } = attributes;
      if (operation !== "UPDATE" || subresource !== "resize" || resourceOf(attributes) !== "pods") return;
      const pod = attributes.object as Pod;
      const { nodeName } = pod.spec!;
      if (!nodeName || attributes.oldObject?.metadata.generation === pod.metadata.generation) return;
      const node = stored<Node>(store, "nodes", nodeName);
      if (node === undefined) throw refuse(attributes, `node "${nodeName}" not found`);
      const os = node.metadata.labels?.["kubernetes.io/os"] ?? "linux";
      if (os !== "linux") {
        const why = `pod resize is only supported on linux nodes, node "${nodeName}" is "${os}"`;
        throw refuseBecause(attributes, why, "UnsupportedPlatform");
      }
      const missing = beyondAllocatable(pod, node);
      if (missing.length === 0) return;
      const why = `node didn't have enough allocatable resources: ${missing.join("; ")}`;
      throw refuseBecause(attributes, why, "NodeCapacity");
    },
  };
}

function refuseBecause(attributes: Attributes, why: string, cause: string): StatusError {
  const { status } = refuse(attributes, why);
  return new StatusError({ ...status, details: { ...status.details, causes: [{ reason: cause }] } });
}

/** "cpu, requested: 4000, allocatable: 2000" */
function beyondAllocatable({ spec }: Pod, { status }: Node): readonly string[] {
  const requests = podRequests(spec!);
  return ["cpu", "memory"].flatMap((name) => {
    const [requested, allocatable] = [requests[name] ?? "0", status?.allocatable?.[name] ?? "0"];
    if (compareQuantities(requested, allocatable) <= 0) return [];
    const value = name === "cpu" ? quantityMilliValue : quantityValue;
    return [`${name}, requested: ${value(requested)}, allocatable: ${value(allocatable)}`];
  });
}
