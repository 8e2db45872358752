/**
 * Keeps pods off nodes whose taints they don't tolerate, and prefers nodes with fewer soft taints.
 *
 * Source: `pkg/scheduler/framework/plugins/tainttoleration`.
 */
import type { Node, Toleration } from "../../kinds/schema/types.ts";
import { definePlugin, normalizeScores, unresolvable } from "../framework/plugin.ts";
import { DO_NOT_SCHEDULE, tolerates, untolerated } from "../helper/tolerations.ts";

const REFUSAL = unresolvable("node(s) had untolerated taint(s)");

export const taintToleration = definePlugin<undefined, readonly Toleration[]>({
  name: "TaintToleration",
  weight: 3,
  filter: ({ pod }, { node }) =>
    untolerated(node.spec?.taints, pod.spec!.tolerations, DO_NOT_SCHEDULE) === undefined ? undefined : REFUSAL,
  preScore: ({ pod }) =>
    pod.spec!.tolerations?.filter(({ effect }) => effect === undefined || effect === "PreferNoSchedule") ?? [],
  score(_pod, { node }, tolerations) {
    let count = 0;
    for (const taint of node.spec?.taints ?? []) {
      if (taint.effect === "PreferNoSchedule" && !tolerations.some((own) => tolerates(own, taint))) count++;
    }
    return count;
  },
  normalize: (scores) => normalizeScores(scores, true),
  mayHelp({ resource, action, object, previous }, { pod }) {
    if (resource !== "Node" || action === "delete") return false;
    const refused = (node: Node) => untolerated(node.spec?.taints, pod.spec!.tolerations, DO_NOT_SCHEDULE);
    return !refused(object as Node) && (previous === undefined || refused(previous as Node) !== undefined);
  },
});
