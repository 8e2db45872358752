import type { Draft } from "../../kinds/object.ts";
import type { Node } from "../../kinds/schema/types.ts";
import { type AdmissionPlugin, resourceOf } from "./plugin.ts";

const NOT_READY = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };

/**
 * A new node takes no pods until the node lifecycle controller finds it ready.
 *
 * Source: `plugin/pkg/admission/nodetaint`.
 */
export function taintNodesByCondition(): AdmissionPlugin {
  return {
    name: "TaintNodesByCondition",
    admit(attributes) {
      if (attributes.operation !== "CREATE" || resourceOf(attributes) !== "nodes" || attributes.subresource !== "") {
        return;
      }
      const { spec } = attributes.object as Draft<Node>;
      const taints = spec.taints ??= [];
      if (!taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) {
        taints.push({ ...NOT_READY });
      }
    },
  };
}
