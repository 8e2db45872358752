/** Errors of a quota. Source: `pkg/apis/core/validation/validation.go`. */
import { type FieldError, invalid, keyed, required } from "../field_error.ts";
import { check, qualifiedName } from "../names.ts";
import { isStandardQuotaResource, isStandardResource } from "../resource_names.ts";
import type { ResourceQuotaSpec, ScopedResourceSelectorRequirement } from "../schema/types.ts";
import { validateResourceQuantity } from "./pod/validation/resources.ts";

const COMPUTE = ["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
const POD_RESOURCES = ["pods", ...COMPUTE];
/** What a scope can limit. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  Terminating: POD_RESOURCES,
  NotTerminating: POD_RESOURCES,
  NotBestEffort: POD_RESOURCES,
  PriorityClass: POD_RESOURCES,
  CrossNamespacePodAffinity: POD_RESOURCES,
  BestEffort: ["pods"],
  VolumeAttributesClass: ["persistentvolumeclaims", "requests.storage"],
};
const ONLY_EXISTS = ["BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity"];
const EXCLUSIVE = [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]];

export function validateQuotaSpec(spec: ResourceQuotaSpec): FieldError[] {
  return [...validateQuotaList(spec.hard, "spec.hard"), ...validateScopes(spec), ...validateSelector(spec)];
}

/** Errors of amounts by resource. */
export function validateQuotaList(list: Readonly<Record<string, string>> = {}, path: string): FieldError[] {
  return Object.entries(list).flatMap(([name, quantity]) => {
    const at = keyed(path, name);
    return [...validateName(name, at), ...validateResourceQuantity(name, quantity, at)];
  });
}

function validateName(name: string, path: string): FieldError[] {
  const errors = check(path, name, qualifiedName);
  if (name.includes("/")) return errors;
  if (errors.length === 0 && !isStandardResource(name)) {
    errors.push(invalid(path, name, "must be a standard resource type or fully qualified"));
  }
  if (!isStandardQuotaResource(name)) errors.push(invalid(path, name, "must be a standard resource for quota"));
  return errors;
}

/** The standard resources of the quota, sorted, that a scope cannot limit. */
const outOfScope = (scope: string, { hard = {} }: ResourceQuotaSpec): string[] =>
  SCOPES[scope] === undefined
    ? []
    : Object.keys(hard).sort().filter((name) => isStandardQuotaResource(name) && !SCOPES[scope].includes(name));

const conflicts = (scopes: readonly string[]) => EXCLUSIVE.filter((pair) => pair.every((one) => scopes.includes(one)));

function validateScopes(spec: ResourceQuotaSpec): FieldError[] {
  const { scopes = [] } = spec;
  const wrong = (message: string) => invalid("spec.scopes", scopes, message);
  return [
    ...scopes.flatMap((scope) => [
      ...SCOPES[scope] === undefined ? [wrong("unsupported scope")] : [],
      ...outOfScope(scope, spec).map(() => wrong("unsupported scope applied to resource")),
    ]),
    ...conflicts(scopes).map(() => wrong("conflicting scopes")),
  ];
}

function validateSelector(spec: ResourceQuotaSpec): FieldError[] {
  const path = "spec.scopeSelector.matchExpressions";
  const expressions = spec.scopeSelector?.matchExpressions ?? [];
  return [
    ...expressions.flatMap((expression) => validateExpression(expression, spec, path)),
    ...conflicts(expressions.map(({ scopeName }) => scopeName))
      .map(() => invalid(path, spec.scopes ?? null, "conflicting scopes")),
  ];
}

function validateExpression(
  { scopeName = "", operator = "", values = [] }: ScopedResourceSelectorRequirement,
  spec: ResourceQuotaSpec,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (SCOPES[scopeName] === undefined) errors.push(invalid(`${path}.scopeName`, scopeName, "unsupported scope"));
  for (const _ of outOfScope(scopeName, spec)) {
    errors.push(invalid(path, inGo(spec), "unsupported scope applied to resource"));
  }
  if (ONLY_EXISTS.includes(scopeName) && operator !== "Exists") {
    const message =
      "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
    errors.push(invalid(`${path}.operator`, operator, message));
  }
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) {
      const message = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      errors.push(required(`${path}.values`, message));
    }
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) {
      const message = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      errors.push(invalid(`${path}.values`, values, message));
    }
  } else errors.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
  return errors;
}

/** The selector as Go prints its own type. */
const inGo = ({ scopeSelector }: ResourceQuotaSpec) => ({
  MatchExpressions: (scopeSelector?.matchExpressions ?? []).map(({ scopeName, operator, values }) => ({
    ScopeName: scopeName,
    Operator: operator,
    Values: values ?? null,
  })),
});
