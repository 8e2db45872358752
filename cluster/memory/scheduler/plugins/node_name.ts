/**
 * A pod that names its node goes nowhere else.
 *
 * Source: `pkg/scheduler/framework/plugins/nodename`.
 */
import { definePlugin, unresolvable } from "../framework/plugin.ts";

const REFUSAL = unresolvable("node(s) didn't match the requested node name");

export const nodeName = definePlugin({
  name: "NodeName",
  filter: ({ pod }, { name }) => pod.spec!.nodeName && pod.spec!.nodeName !== name ? REFUSAL : undefined,
  mayHelp: ({ resource, action }) => resource === "Node" && action === "add",
});
