/** The conditions of a CustomResourceDefinition. Source: `k8s.io/apiextensions-apiserver/pkg/apihelpers/helpers.go`. */
import type { Draft } from "../../kinds/object.ts";
import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from "../../kinds/schema/types.ts";

export type Condition = Omit<CustomResourceDefinitionCondition, "lastTransitionTime">;

/** @param time an instant to the second: when the condition changed, if it does */
export function setCondition({ status }: Draft<CustomResourceDefinition>, condition: Condition, time: string): void {
  status.conditions ??= [];
  const known = status.conditions.find(({ type }) => type === condition.type);
  if (known === undefined) status.conditions.push({ lastTransitionTime: time, ...condition });
  else {
    const lastTransitionTime = known.status === condition.status ? known.lastTransitionTime : time;
    Object.assign(known, condition, { lastTransitionTime });
  }
}

export function isTrue({ status }: CustomResourceDefinition, type: string): boolean {
  return status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
}
