/** How pods spread over zones and nodes. Source: `pkg/apis/core/validation/validation.go`. */
import { child, duplicate, type FieldError, invalid, notSupported, required } from "../../../field_error.ts";
import { validateLabelSelector } from "../../../label_selector.ts";
import type { TopologySpreadConstraint } from "../../../schema/types.ts";
import { validateMatchLabelKeys, validateStoredMatchLabelKeys } from "./match_label_keys.ts";
import type { PodOptions } from "./options.ts";

const ACTIONS = ["DoNotSchedule", "ScheduleAnyway"];
const NODE_POLICIES = ["Honor", "Ignore"];

export function validateTopologySpread(
  constraints: readonly TopologySpreadConstraint[] = [],
  path: string,
  options: PodOptions,
): FieldError[] {
  return constraints.flatMap((constraint, i) => {
    const at = child(path, i);
    const { maxSkew = 0, topologyKey = "", whenUnsatisfiable = "", minDomains } = constraint;
    const { matchLabelKeys, labelSelector } = constraint;
    const errors: FieldError[] = [];
    if (maxSkew <= 0) errors.push(invalid(child(at, "maxSkew"), maxSkew, "must be greater than zero"));
    if (topologyKey === "") errors.push(required(child(at, "topologyKey"), "can not be empty"));
    if (!ACTIONS.includes(whenUnsatisfiable)) {
      errors.push(notSupported(child(at, "whenUnsatisfiable"), whenUnsatisfiable, ACTIONS));
    }
    const repeated = constraints.slice(i + 1).some((other) =>
      (other.topologyKey ?? "") === topologyKey && (other.whenUnsatisfiable ?? "") === whenUnsatisfiable
    );
    if (repeated) {
      const field = child(at, "{topologyKey, whenUnsatisfiable}");
      errors.push(duplicate(field, `{${topologyKey}, ${whenUnsatisfiable}}`));
    }
    if (minDomains !== undefined) {
      const field = child(at, "minDomains");
      if (minDomains <= 0) errors.push(invalid(field, minDomains, "must be greater than zero"));
      if (whenUnsatisfiable !== "DoNotSchedule") {
        const message = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
        errors.push(invalid(field, minDomains, message));
      }
    }
    for (const field of ["nodeAffinityPolicy", "nodeTaintsPolicy"] as const) {
      const policy = constraint[field];
      if (policy === undefined || NODE_POLICIES.includes(policy)) continue;
      errors.push(notSupported(child(at, field), policy, NODE_POLICIES));
    }
    if (options.oldMatchLabelKeys) {
      errors.push(...validateStoredMatchLabelKeys(matchLabelKeys, labelSelector, child(at, "matchLabelKeys")));
    } else errors.push(...validateMatchLabelKeys(matchLabelKeys, undefined, labelSelector, at));
    if (!options.anySpreadSelector) errors.push(...validateLabelSelector(labelSelector, child(at, "labelSelector")));
    return errors;
  });
}
