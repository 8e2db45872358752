/** Bindings of policies to what they are about. Source: `pkg/registry/admissionregistration` and the validation. */
import { duplicate, type FieldError, invalid, notSupported, required } from "../field_error.ts";
import { defineKind } from "../kind.ts";
import type { MutatingAdmissionPolicyBinding, ValidatingAdmissionPolicyBinding } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { paramRefText, validateParamRef, validatePolicyName } from "./policy_parts.ts";
import { defaultMatchResources, validateMatchResources, validateMutableOperations } from "./rules.ts";
import { staticNameWarnings } from "./static_name.ts";

const ACTIONS = ["Audit", "Deny", "Warn"];

export const validatingAdmissionPolicyBinding = defineKind<ValidatingAdmissionPolicyBinding>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "ValidatingAdmissionPolicyBinding",
  plural: "validatingadmissionpolicybindings",
  singular: "validatingadmissionpolicybinding",
  categories: ["api-extensions"],
  namespaced: false,
  type: "admissionregistration.v1.ValidatingAdmissionPolicyBinding",
  strategy: {
    names: "subdomain",
    metadata: "generic",
    unconditionalUpdate: false,
    warnings: staticNameWarnings,
    defaults: ({ spec }) => defaultMatchResources(spec?.matchResources),
    validate: validateValidatingBinding,
    validateUpdate: validateValidatingBinding,
  },
  table: tableOf("admissionregistration.v1.ValidatingAdmissionPolicyBinding", ({ metadata, spec }, now) => [
    metadata.name ?? "",
    spec?.policyName ?? "",
    paramRefText(spec?.paramRef),
    age(metadata.creationTimestamp, now),
  ]),
});

function validateValidatingBinding({ spec }: ValidatingAdmissionPolicyBinding): FieldError[] {
  const { policyName, paramRef, matchResources } = spec ?? {};
  return [
    ...validatePolicyName(policyName),
    ...validateParamRef(paramRef, "spec.paramRef"),
    ...validateMatchResources(matchResources, "spec.matchResources"),
    ...validateActions(spec?.validationActions ?? [], "spec.validationActions"),
  ];
}

function validateActions(actions: readonly string[], path: string): FieldError[] {
  const errors = actions.flatMap((action, i) => [
    ...ACTIONS.includes(action) ? [] : [notSupported(`${path}[${i}]`, action, ACTIONS)],
    ...actions.indexOf(action) < i ? [duplicate(`${path}[${i}]`, action)] : [],
  ]);
  if (actions.includes("Deny") && actions.includes("Warn")) {
    const message =
      "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)";
    errors.push(invalid(path, actions, message));
  }
  return actions.length > 0 ? errors : [required(path, "at least one validation action is required")];
}

export const mutatingAdmissionPolicyBinding = defineKind<MutatingAdmissionPolicyBinding>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "MutatingAdmissionPolicyBinding",
  plural: "mutatingadmissionpolicybindings",
  singular: "mutatingadmissionpolicybinding",
  categories: ["api-extensions"],
  namespaced: false,
  type: "admissionregistration.v1.MutatingAdmissionPolicyBinding",
  strategy: {
    names: "subdomain",
    metadata: "generic",
    unconditionalUpdate: false,
    warnings: staticNameWarnings,
    defaults: ({ spec }) => defaultMatchResources(spec?.matchResources),
    validate: validateMutatingBinding,
    validateUpdate: validateMutatingBinding,
  },
  table: tableOf("admissionregistration.v1.MutatingAdmissionPolicyBinding", ({ metadata, spec }, now) => [
    metadata.name ?? "",
    spec?.policyName ?? "",
    paramRefText(spec?.paramRef),
    age(metadata.creationTimestamp, now),
  ]),
});

function validateMutatingBinding({ spec }: MutatingAdmissionPolicyBinding): FieldError[] {
  const { policyName, paramRef, matchResources } = spec ?? {};
  return [
    ...validatePolicyName(policyName),
    ...validateParamRef(paramRef, "spec.paramRef"),
    ...validateMatchResources(matchResources, "spec.matchResources"),
    ...validateMutableOperations(matchResources, "spec.matchResources"),
  ];
}
