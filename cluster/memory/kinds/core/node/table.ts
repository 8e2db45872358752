/** How `kubectl get nodes` shows a Node. Source: `pkg/printers/internalversion/printers.go`. */
import type { Node } from "../../schema/types.ts";
import { age, tableOf } from "../../table.ts";
import { nodeAddress } from "./address.ts";

export const nodeTable = tableOf<Node>("core.v1.Node", (node, now) => {
  const info = node.status?.nodeInfo;
  const architecture = info?.architecture ? ` (${info.architecture})` : "";
  return [
    node.metadata.name ?? "",
    status(node),
    roles(node) || "<none>",
    age(node.metadata.creationTimestamp, now),
    info?.kubeletVersion ?? "",
    nodeAddress(node, "InternalIP") ?? "<none>",
    nodeAddress(node, "ExternalIP") ?? "<none>",
    info?.osImage || "<unknown>",
    (info?.kernelVersion || "<unknown>") + architecture,
    info?.containerRuntimeVersion || "<unknown>",
  ];
});

function status({ spec, status }: Node): string {
  const ready = status?.conditions?.findLast(({ type }) => type === "Ready");
  const state = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return spec?.unschedulable ? `${state},SchedulingDisabled` : state;
}

/** From the labels node-role.kubernetes.io/<role> and kubernetes.io/role=<role>. */
function roles({ metadata }: Node): string {
  const names = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    const role = key === "kubernetes.io/role" ? value : /^node-role\.kubernetes\.io\/(.+)$/.exec(key)?.[1];
    return role ? [role] : [];
  });
  return [...new Set(names)].sort().join(",");
}
