/**
 * A pod with scheduling gates waits until all are taken away.
 *
 * Source: `pkg/scheduler/framework/plugins/schedulinggates`.
 */
import { definePlugin, unresolvable } from "../framework/plugin.ts";

export const schedulingGates = definePlugin({
  name: "SchedulingGates",
  preEnqueue({ spec }) {
    const gates = spec?.schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    return unresolvable(`waiting for scheduling gates: [${gates.map(({ name }) => name).join(" ")}]`);
  },
});
