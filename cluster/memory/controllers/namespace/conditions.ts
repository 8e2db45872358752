/**
 * Why a namespace that is being deleted is still there.
 *
 * Source: `pkg/controller/namespace/deletion/status_condition_utils.go`.
 */
import { timestamp } from "../../api/timestamps.ts";
import type { NamespaceCondition } from "../../kinds/schema/types.ts";
import { conditionOf } from "../conditions.ts";
import { messageOf } from "../controller.ts";

/** What is left in a namespace. */
export interface Remaining {
  /** How many objects of a resource, "pods." or "deployments.apps". */
  readonly resources: Map<string, number>;
  /** How many objects wait for a finalizer. */
  readonly finalizers: Map<string, number>;
}

type Finding = Pick<NamespaceCondition, "type" | "status" | "reason" | "message">;

const fine = (type: string, reason: string, message: string): Finding => ({ type, status: "False", reason, message });

/** The conditions in their order, as they are when there is nothing to say. */
const FINE: readonly Finding[] = [
  fine("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
  fine(
    "NamespaceDeletionGroupVersionParsingFailure",
    "ParsedGroupVersions",
    "All legacy kube types successfully parsed",
  ),
  fine(
    "NamespaceDeletionContentFailure",
    "ContentDeleted",
    "All content successfully deleted, may be waiting on finalization",
  ),
  fine("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"),
  fine("NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
];

/**
 * The conditions after a try to delete everything.
 *
 * @param remaining undefined where it has not been counted, because pods go first and have not gone yet
 * @param now milliseconds since the epoch
 */
export function deletionConditions(
  current: readonly NamespaceCondition[],
  errors: readonly unknown[],
  remaining: Remaining | undefined,
  now: number,
): readonly NamespaceCondition[] {
  const problems = [...failure(errors), ...remaining === undefined ? [] : left(remaining)];
  const conditions = [...current];
  for (const normal of FINE) {
    const finding = problems.find(({ type }) => type === normal.type) ?? normal;
    const before = conditionOf(conditions, finding.type);
    const lastTransitionTime = before?.status === finding.status ? before.lastTransitionTime : timestamp(now);
    const condition = { ...finding, lastTransitionTime };
    if (before === undefined) conditions.push(condition);
    else conditions[conditions.indexOf(before)] = condition;
  }
  return conditions;
}

function failure(errors: readonly unknown[]): Finding[] {
  if (errors.length === 0) return [];
  const message = errors.map(messageOf).sort().join(", ");
  return [{
    type: "NamespaceDeletionContentFailure",
    status: "True",
    reason: "ContentDeletionFailed",
    message: `Failed to delete all resource types, ${errors.length} remaining: ${message}`,
  }];
}

function left({ resources, finalizers }: Remaining): Finding[] {
  const findings: Finding[] = [];
  if (resources.size > 0) {
    const list = [...resources].map(([resource, count]) => `${resource} has ${count} resource instances`).sort();
    findings.push({
      type: "NamespaceContentRemaining",
      status: "True",
      reason: "SomeResourcesRemain",
      message: `Some resources are remaining: ${list.join(", ")}`,
    });
  }
  if (finalizers.size > 0) {
    const list = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`).sort();
    findings.push({
      type: "NamespaceFinalizersRemaining",
      status: "True",
      reason: "SomeFinalizersRemain",
      message: `Some content in the namespace has finalizers remaining: ${list.join(", ")}`,
    });
  }
  return findings;
}
