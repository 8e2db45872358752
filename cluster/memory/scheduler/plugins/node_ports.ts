/**
 * Two pods of a node cannot have the same port of it.
 *
 * Source: `pkg/scheduler/framework/plugins/nodeports`.
 */
import type { Pod } from "../../kinds/schema/types.ts";
import { definePlugin, unschedulable } from "../framework/plugin.ts";
import { hostPortsConflict, podInfo } from "../framework/pod_info.ts";

const REFUSAL = unschedulable("node(s) didn't have free ports for the requested pod ports");

export const nodePorts = definePlugin({
  name: "NodePorts",
  preFilter: ({ hostPorts }) => hostPorts.length === 0 ? "skip" : { state: undefined },
  filter: ({ hostPorts }, { usedPorts }) =>
    hostPorts.some((port) => usedPorts.some((used) => hostPortsConflict(port, used))) ? REFUSAL : undefined,
  mayHelp({ resource, action, object }, { hostPorts }) {
    if (resource === "Node") return action === "add";
    if (resource !== "Pod" || action !== "delete") return false;
    const freed = podInfo(object as Pod).hostPorts;
    return hostPorts.some((port) => freed.some((other) => hostPortsConflict(port, other)));
  },
});
