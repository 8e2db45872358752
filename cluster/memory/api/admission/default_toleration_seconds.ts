import type { Draft } from "../../kinds/object.ts";
import type { Pod } from "../../kinds/schema/types.ts";
import { type AdmissionPlugin, resourceOf } from "./plugin.ts";

/** How long a pod stays on a node that is lost, unless it says otherwise. */
const SECONDS = 300;

/**
 * Pods tolerate that their node is not ready or cannot be reached for five minutes.
 *
 * Source: `plugin/pkg/admission/defaulttolerationseconds`.
 */
export function defaultTolerationSeconds(): AdmissionPlugin {
  return {
    name: "DefaultTolerationSeconds",
    admit(attributes) {
      const { operation, subresource, object } = attributes;
      if (operation !== "CREATE" && operation !== "UPDATE") return;
      if (resourceOf(attributes) !== "pods" || subresource !== "") return;
      const { spec } = object as Draft<Pod>;
      for (const key of ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]) {
        const tolerates = (spec.tolerations ?? []).some((toleration) =>
          (!toleration.key || toleration.key === key) && (!toleration.effect || toleration.effect === "NoExecute")
        );
        if (tolerates) continue;
        spec.tolerations = [
          ...spec.tolerations ?? [],
          { key, operator: "Exists", effect: "NoExecute", tolerationSeconds: SECONDS },
        ];
      }
    },
  };
}
