/**
 * Keeps pods off cordoned nodes.
 *
 * Source: `pkg/scheduler/framework/plugins/nodeunschedulable`.
 */
import type { Node, Pod } from "../../kinds/schema/types.ts";
import { definePlugin, unresolvable } from "../framework/plugin.ts";
import { DO_NOT_SCHEDULE, untolerated } from "../helper/tolerations.ts";

const CORDON = [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }];
const REFUSAL = unresolvable("node(s) were unschedulable");

const refuses = (pod: Pod, node: Node) =>
  node.spec?.unschedulable === true && untolerated(CORDON, pod.spec!.tolerations, DO_NOT_SCHEDULE) !== undefined;

export const nodeUnschedulable = definePlugin({
  name: "NodeUnschedulable",
  filter: ({ pod }, { node }) => refuses(pod, node) ? REFUSAL : undefined,
  mayHelp: ({ resource, action, object }, { pod }) =>
    resource === "Node" && action !== "delete" && !refuses(pod, object as Node),
});
