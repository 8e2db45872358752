/**
 * A topology spread constraint made ready to count with, and the nodes and pods that it counts.
 *
 * Source: `pkg/scheduler/framework/plugins/podtopologyspread/common.go`.
 */
import { type Selector, selectorOf } from "../../kinds/label_selector.ts";
import type { Node, Pod, TopologySpreadConstraint } from "../../kinds/schema/types.ts";
import { requiredNodeAffinityMatches } from "../helper/node_affinity.ts";
import { DO_NOT_SCHEDULE, untolerated } from "../helper/tolerations.ts";

export interface Constraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly selector: Selector;
  readonly minDomains: number;
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
}

/** The constraints of a pod with the given whenUnsatisfiable, with the pod's own values of their matchLabelKeys. */
export function constraintsOf({ spec, metadata }: Pod, action: "DoNotSchedule" | "ScheduleAnyway"): Constraint[] {
  return (spec?.topologySpreadConstraints ?? []).filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
    .map((from) => constraint(from, metadata.labels ?? {}));
}

function constraint(from: TopologySpreadConstraint, labels: Readonly<Record<string, string>>): Constraint {
  const own = (from.matchLabelKeys ?? []).filter((key) => key in labels)
    .map((key) => ({ key, operator: "In", values: [labels[key]] }));
  const selector = from.labelSelector === undefined ? undefined : {
    ...from.labelSelector,
    matchExpressions: [...from.labelSelector.matchExpressions ?? [], ...own],
  };
  return {
    maxSkew: from.maxSkew,
    topologyKey: from.topologyKey,
    // No selector at all counts no pods.
    selector: selectorOf(selector) ?? NOTHING,
    minDomains: from.minDomains ?? 1,
    honorsAffinity: (from.nodeAffinityPolicy ?? "Honor") === "Honor",
    honorsTaints: (from.nodeTaintsPolicy ?? "Ignore") === "Honor",
  };
}

const NOTHING: Selector = [{ key: "", operator: "in", values: [] }];

/** Whether the constraint counts the node at all when it places the pod. */
export function countsNode({ honorsAffinity, honorsTaints }: Constraint, { spec }: Pod, node: Node): boolean {
  if (honorsAffinity && !requiredNodeAffinityMatches(spec!, node)) return false;
  return !honorsTaints || untolerated(node.spec?.taints, spec!.tolerations, DO_NOT_SCHEDULE) === undefined;
}

/** A node that lacks one of the topologies is no place for the pod. */
export const hasAllTopologies = (node: Node, constraints: readonly Constraint[]): boolean =>
  constraints.every(({ topologyKey }) => node.metadata.labels?.[topologyKey] !== undefined);
