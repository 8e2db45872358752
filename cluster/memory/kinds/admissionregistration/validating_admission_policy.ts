/** ValidatingAdmissionPolicy. Source: `pkg/registry/admissionregistration/validatingadmissionpolicy`. */
import { validateConditions } from "../conditions.ts";
import { type FieldError, required } from "../field_error.ts";
import { loadCel } from "../cel/engine.ts";
import { defineKind } from "../kind.ts";
import type { ExpressionWarning, ValidatingAdmissionPolicy } from "../schema/types.ts";
import { keepMetadata } from "../status_metadata.ts";
import { age, tableOf } from "../table.ts";
import { paramKindText } from "./policy_parts.ts";
import { defaultMatchResources } from "./rules.ts";
import { staticNameWarnings } from "./static_name.ts";
import { validateValidatingPolicy } from "./validating_policy_validation.ts";

export const validatingAdmissionPolicy = defineKind<ValidatingAdmissionPolicy>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "ValidatingAdmissionPolicy",
  plural: "validatingadmissionpolicies",
  singular: "validatingadmissionpolicy",
  categories: ["api-extensions"],
  namespaced: false,
  type: "admissionregistration.v1.ValidatingAdmissionPolicy",
  load: loadCel,
  strategy: {
    names: "subdomain",
    metadata: "generic",
    unconditionalUpdate: false,
    warnings: staticNameWarnings,
    defaults({ spec }) {
      if (spec === undefined) return;
      spec.failurePolicy ??= "Fail";
      defaultMatchResources(spec.matchConstraints);
    },
    prepareForCreate: (policy) => void (policy.status = {}),
    prepareForUpdate: (policy, old) => void (policy.status = old.status as typeof policy.status),
    validate: (policy) => validateValidatingPolicy(policy),
    validateUpdate: validateValidatingPolicy,
  },
  status: {
    prepareForUpdate(policy, old) {
      policy.spec = old.spec as typeof policy.spec;
      keepMetadata<ValidatingAdmissionPolicy>(policy, old);
    },
    validateUpdate: ({ status }) => [
      ...validateExpressionWarnings(status?.typeChecking?.expressionWarnings ?? []),
      ...validateConditions(status?.conditions ?? [], "status.conditions"),
    ],
  },
  table: tableOf("admissionregistration.v1.ValidatingAdmissionPolicy", ({ metadata, spec }, now) => [
    metadata.name ?? "",
    spec?.validations?.length ?? 0,
    paramKindText(spec?.paramKind),
    age(metadata.creationTimestamp, now),
  ]),
});

const validateExpressionWarnings = (warnings: readonly ExpressionWarning[]): FieldError[] =>
  warnings.flatMap(({ warning = "", fieldRef = "" }, i) => {
    const path = `status.typeChecking.expressionWarnings[${i}]`;
    return [
      ...warning === "" ? [required(`${path}.warning`)] : [],
      ...fieldRef.trim() === "" ? [required(`${path}.fieldRef`)] : [],
    ];
  });
