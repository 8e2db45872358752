/** Labels of nodes that have other names now. Source: `pkg/api/node/util.go`. */
import { child } from "./field_error.ts";
import { labelValue } from "./names.ts";
import type { NodeSelectorTerm } from "./schema/types.ts";

const DEPRECATED: ReadonlyMap<string, string> = new Map([
  ["beta.kubernetes.io/arch", 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ["beta.kubernetes.io/os", 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ["failure-domain.beta.kubernetes.io/region", 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ["failure-domain.beta.kubernetes.io/zone", 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ["beta.kubernetes.io/instance-type", 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
  ["app.kubernetes.io/created-by", "deprecated since v1.9"],
  ["scheduler.alpha.kubernetes.io/preferAvoidPods", "deprecated since v1.22; use Taints and Tolerations instead"],
  ["node-role.kubernetes.io/master", 'use "node-role.kubernetes.io/control-plane" instead'],
]);

/** What to say of a label's key, undefined when there is nothing to say. */
export const labelDeprecation = (key: string): string | undefined => DEPRECATED.get(key);

/** @param values whether values that no label can have are told too */
export function nodeSelectorTermWarnings(term: NodeSelectorTerm, values: boolean, path: string): string[] {
  return (term.matchExpressions ?? []).flatMap((expression, i) => {
    const at = child(path, "matchExpressions", i);
    const text = labelDeprecation(expression.key);
    const warnings = text === undefined ? [] : [`${child(at, "key")}: ${expression.key} is ${text}`];
    if (!values) return warnings;
    return [
      ...warnings,
      ...(expression.values ?? []).flatMap((value, j) =>
        labelValue(value).map((message) => `${child(at, "values", j)}: ${value} is invalid, ${message}`)
      ),
    ];
  });
}
