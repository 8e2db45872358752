/** MutatingAdmissionPolicy. Source: `pkg/registry/admissionregistration/mutatingadmissionpolicy` and the validation. */
import { withoutStructs } from "../cel/struct_literals.ts";
import { type FieldError, invalid, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { loadCel } from "../cel/engine.ts";
import { defineKind } from "../kind.ts";
import type { MutatingAdmissionPolicy, Mutation } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { expressionError } from "./expressions.ts";
import { validateMatchConditions } from "./match_conditions.ts";
import {
  paramKindText,
  validateFailurePolicy,
  validateMatchConstraints,
  validateParamKind,
  validateVariable,
} from "./policy_parts.ts";
import { defaultMatchResources, validateMutableOperations } from "./rules.ts";
import { staticNameWarnings } from "./static_name.ts";
import { REINVOCATION_POLICIES } from "./webhook_validation.ts";

export const mutatingAdmissionPolicy = defineKind<MutatingAdmissionPolicy>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "MutatingAdmissionPolicy",
  plural: "mutatingadmissionpolicies",
  singular: "mutatingadmissionpolicy",
  categories: ["api-extensions"],
  namespaced: false,
  type: "admissionregistration.v1.MutatingAdmissionPolicy",
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
    validate: (policy) => validate(policy),
    validateUpdate: validate,
  },
  table: tableOf("admissionregistration.v1.MutatingAdmissionPolicy", ({ metadata, spec }, now) => [
    metadata.name ?? "",
    spec?.mutations?.length ?? 0,
    paramKindText(spec?.paramKind),
    age(metadata.creationTimestamp, now),
  ]),
});

function validate(policy: MutatingAdmissionPolicy, old?: MutatingAdmissionPolicy): FieldError[] {
  const spec = policy.spec ?? {};
  const { paramKind, variables = [], mutations = [], reinvocationPolicy: reinvocation = "" } = spec;
  const params = paramKind !== undefined;
  const errors = [
    ...validateFailurePolicy(spec.failurePolicy),
    ...paramKind ? validateParamKind(paramKind, "spec.paramKind") : [],
    ...validateMatchConstraints(spec.matchConstraints),
    ...validateMutableOperations(spec.matchConstraints, "spec.matchConstraints"),
  ];
  const same = old !== undefined && equalJson(paramKind, old.spec?.paramKind) &&
    equalJson(spec.matchConditions, old.spec?.matchConditions);
  if (!same) errors.push(...validateMatchConditions(spec.matchConditions, "spec.matchConditions", params));
  variables.forEach((variable, i) => errors.push(...validateVariable(variable, `spec.variables[${i}]`, params)));
  if (mutations.length === 0) errors.push(required("spec.mutations", "mutations must contain at least one item"));
  mutations.forEach((mutation, i) => errors.push(...validateMutation(mutation, `spec.mutations[${i}]`, params)));
  if (reinvocation === "") errors.push(required("spec.reinvocationPolicy"));
  else if (!REINVOCATION_POLICIES.includes(reinvocation)) {
    errors.push(notSupported("spec.reinvocationPolicy", reinvocation, REINVOCATION_POLICIES));
  }
  return errors;
}

const FIELDS = { JSONPatch: "jsonPatch", ApplyConfiguration: "applyConfiguration" } as const;

function validateMutation(mutation: Mutation, path: string, params: boolean): FieldError[] {
  const { patchType = "" } = mutation;
  if (patchType === "") return [required(`${path}.patchType`)];
  if (patchType !== "JSONPatch" && patchType !== "ApplyConfiguration") {
    return [notSupported(`${path}.patchType`, patchType, ["ApplyConfiguration", "JSONPatch"])];
  }
  const field = FIELDS[patchType];
  const other = patchType === "JSONPatch" ? "applyConfiguration" : "jsonPatch";
  const expression = mutation[field]?.expression?.trim() ?? "";
  const errors: FieldError[] = [];
  if (mutation[field] === undefined) {
    errors.push(required(`${path}.${field}`, `must be specified when patchType is ${patchType}`));
  } else if (expression === "") errors.push(required(`${path}.${field}.expression`));
  else {
    // What it comes to is judged when the patch is made: the types of patches are not declared here.
    const wrong = expressionError(withoutStructs(expression), { params, authorizer: true, variables: true });
    if (wrong !== undefined) errors.push(invalid(`${path}.${field}.expression`, expression, wrong));
  }
  if (mutation[other] !== undefined) {
    errors.push(invalid(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${patchType}`));
  }
  return errors;
}
