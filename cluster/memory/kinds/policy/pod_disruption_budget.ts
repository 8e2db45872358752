/** PodDisruptionBudget. Source: `pkg/registry/policy/poddisruptionbudget` and `pkg/apis/policy/validation`. */
import { validateConditions } from "../conditions.ts";
import { type FieldError, invalid, notSupported } from "../field_error.ts";
import { validateNotMoreThan100Percent, validatePositiveIntOrPercent } from "../int_or_percent.ts";
import { defineKind } from "../kind.ts";
import { validateLabelSelector } from "../label_selector.ts";
import type { PodDisruptionBudget, PodDisruptionBudgetSpec } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";

const EVICTION_POLICIES = ["AlwaysAllow", "IfHealthyBudget"];
const COUNTS = ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] as const;

export const podDisruptionBudget = defineKind<PodDisruptionBudget>({
  group: "policy",
  version: "v1",
  kind: "PodDisruptionBudget",
  plural: "poddisruptionbudgets",
  singular: "poddisruptionbudget",
  shortNames: ["pdb"],
  namespaced: true,
  type: "policy.v1.PodDisruptionBudget",
  strategy: {
    names: "path",
    metadata: "last",
    unconditionalUpdate: false,
    prepareForCreate(budget) {
      budget.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    },
    prepareForUpdate: (budget, old) => void (budget.status = old.status as typeof budget.status),
    validate: ({ spec }) => validate(spec ?? {}, false),
    validateUpdate: ({ spec }, old) => validate(spec ?? {}, validateLabelSelector(old.spec?.selector, "").length > 0),
  },
  status: {
    prepareForUpdate: (budget, old) => void (budget.spec = old.spec as typeof budget.spec),
    validateUpdate: ({ status }) => [
      ...validateConditions(status?.conditions ?? [], "status.conditions"),
      ...COUNTS.filter((field) => (status?.[field] ?? 0) < 0)
        .map((field) => invalid(`status.${field}`, status?.[field], "must be greater than or equal to 0")),
    ],
  },
  table: tableOf("policy.v1.PodDisruptionBudget", ({ metadata, spec, status }, now) => [
    metadata.name ?? "",
    String(spec?.minAvailable ?? "N/A"),
    String(spec?.maxUnavailable ?? "N/A"),
    status?.disruptionsAllowed ?? 0,
    age(metadata.creationTimestamp, now),
  ]),
});

function validate(spec: PodDisruptionBudgetSpec, anyValue: boolean): FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  const errors: FieldError[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    errors.push(invalid("spec", inGo(spec), "minAvailable and maxUnavailable cannot be both set"));
  }
  for (const [field, value] of Object.entries({ minAvailable, maxUnavailable })) {
    if (value === undefined) continue;
    errors.push(
      ...validatePositiveIntOrPercent(value, `spec.${field}`),
      ...validateNotMoreThan100Percent(value, `spec.${field}`),
    );
  }
  errors.push(...validateLabelSelector(selector, "spec.selector", { anyValue }));
  if (policy !== undefined && !EVICTION_POLICIES.includes(policy)) {
    errors.push(notSupported("spec.unhealthyPodEvictionPolicy", policy, EVICTION_POLICIES));
  }
  return errors;
}

/** The spec as Go prints its own type. */
const inGo = (spec: PodDisruptionBudgetSpec) => ({
  MinAvailable: spec.minAvailable ?? null,
  Selector: spec.selector ?? null,
  MaxUnavailable: spec.maxUnavailable ?? null,
  UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
});
