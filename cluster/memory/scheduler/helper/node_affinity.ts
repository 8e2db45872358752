/**
 * Whether a node is one that a pod asks for: its nodeSelector, its required and its preferred node affinity.
 *
 * Source: `k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go`.
 */
import type { Labels } from "../../kinds/label_selector.ts";
import type {
  Node,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Pod,
  PreferredSchedulingTerm,
} from "../../kinds/schema/types.ts";

function requirementMatches({ key, operator, values = [] }: NodeSelectorRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
    case "Lt": {
      if (value === undefined || !/^[+-]?\d+$/.test(value) || values.length !== 1) return false;
      const [have, limit] = [BigInt(value), BigInt(values[0])];
      return operator === "Gt" ? have > limit : have < limit;
    }
    default:
      return false;
  }
}

/** A term holds when all its expressions do; an empty term matches nothing. */
export function termMatches(term: NodeSelectorTerm, node: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  const fields = { "metadata.name": node.metadata.name! };
  return matchExpressions.every((requirement) => requirementMatches(requirement, labels)) &&
    matchFields.every((requirement) => requirementMatches(requirement, fields));
}

/** Terms are alternatives. */
export function nodeSelectorMatches(selector: NodeSelector, node: Node): boolean {
  return selector.nodeSelectorTerms.some((term) => termMatches(term, node));
}

/**
 * Whether a node satisfies a pod's nodeSelector and its required node affinity.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { Node } from "../../kinds/schema/types.ts";
 * import { requiredNodeAffinityMatches } from "./node_affinity.ts";
 *
 * const node = { metadata: { name: "node01", labels: { size: "Large" } }, spec: {}, status: {} } as unknown as Node;
 * assert.equal(requiredNodeAffinityMatches({ nodeSelector: { size: "Large" }, containers: [] }, node), true);
 * assert.equal(requiredNodeAffinityMatches({ nodeSelector: { size: "Small" }, containers: [] }, node), false);
 * ```
 */
export function requiredNodeAffinityMatches(spec: NonNullable<Pod["spec"]>, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const key in spec.nodeSelector) {
    if (labels[key] !== spec.nodeSelector[key]) return false;
  }
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || nodeSelectorMatches(required, node);
}

/** The sum of the weights of the preferred terms that a node satisfies. An empty term is satisfied by all. */
export function preferredNodeAffinityScore(terms: readonly PreferredSchedulingTerm[], node: Node): number {
  let score = 0;
  for (const { weight, preference } of terms) {
    if (weight !== 0 && termMatches(preference, node)) score += weight;
  }
  return score;
}
