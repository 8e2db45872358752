/** Which requests a webhook or policy is about. Source: `pkg/apis/admissionregistration/{v1,validation}`. */
import { duplicate, type FieldError, invalid, notSupported, required } from "../field_error.ts";
import { validateLabelSelector } from "../label_selector.ts";
import { check, pathSegmentName } from "../names.ts";
import type { Draft } from "../object.ts";
import type { MatchResources, NamedRuleWithOperations, RuleWithOperations } from "../schema/types.ts";

const OPERATIONS = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const SCOPES = ["*", "Cluster", "Namespaced"];
export const MATCH_POLICIES = ["Equivalent", "Exact"];
/** What can be changed before it happens: a deletion cannot. */
const MUTABLE = ["*", "CONNECT", "CREATE", "UPDATE"];

export function defaultRules(rules: readonly Draft<RuleWithOperations>[] = []): void {
  for (const rule of rules) rule.scope ??= "*";
}

export function defaultMatchResources(match: Draft<MatchResources> | undefined): void {
  if (match === undefined) return;
  match.matchPolicy ??= "Equivalent";
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  defaultRules(match.resourceRules);
  defaultRules(match.excludeResourceRules);
}

export function validateRule(rule: RuleWithOperations, path: string): FieldError[] {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  const errors: FieldError[] = [];
  const list = (field: string, values: readonly string[], what: string) => {
    if (values.length === 0) errors.push(required(`${path}.${field}`));
    if (values.length > 1 && values.includes("*")) {
      errors.push(invalid(`${path}.${field}`, values, `if '*' is present, must not specify other ${what}`));
    }
  };
  list("operations", operations, "operations");
  operations.forEach((operation, i) => {
    if (!OPERATIONS.includes(operation)) errors.push(notSupported(`${path}.operations[${i}]`, operation, OPERATIONS));
  });
  list("apiGroups", apiGroups, "API groups");
  list("apiVersions", apiVersions, "API versions");
  apiVersions.forEach((version, i) => {
    if (version === "") errors.push(required(`${path}.apiVersions[${i}]`));
  });
  errors.push(...validateResources(resources, `${path}.resources`));
  if (scope !== undefined && !SCOPES.includes(scope)) errors.push(notSupported(`${path}.scope`, scope, SCOPES));
  return errors;
}

/** Resources and subresources, "pods", "pods/status", "star/star": none that another one already means. */
function validateResources(resources: readonly string[], path: string): FieldError[] {
  const errors: FieldError[] = resources.length === 0 ? [required(path)] : [];
  const [allSubresources, allResources] = [new Set<string>(), new Set<string>()];
  let plain = false;
  resources.forEach((text, i) => {
    const at = `${path}[${i}]`;
    if (text === "") return void errors.push(required(at));
    const slash = text.indexOf("/");
    if (slash < 0) return void (plain = text !== "*");
    const [resource, subresource] = [text.slice(0, slash), text.slice(slash + 1)];
    const wrong = (all: string) => errors.push(invalid(at, text, `if '${all}' is present, must not specify ${text}`));
    if (allSubresources.has(resource)) wrong(`${resource}/*`);
    if (allResources.has(subresource)) wrong(`*/${subresource}`);
    if (subresource === "*") allSubresources.add(resource);
    if (resource === "*") allResources.add(subresource);
  });
  if (resources.length > 1 && resources.includes("*/*")) {
    errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"));
  }
  if (resources.includes("*") && plain) {
    const message = "if '*' is present, must not specify other resources without subresources";
    errors.push(invalid(path, resources, message));
  }
  return errors;
}

export function validateMatchResources(match: MatchResources | undefined, path: string): FieldError[] {
  if (match === undefined) return [];
  const { matchPolicy, namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [] } = match;
  const errors: FieldError[] = [];
  if (matchPolicy === undefined) errors.push(required(`${path}.matchPolicy`));
  else if (!MATCH_POLICIES.includes(matchPolicy)) {
    errors.push(notSupported(`${path}.matchPolicy`, matchPolicy, MATCH_POLICIES));
  }
  for (const [field, selector] of Object.entries({ namespaceSelector, objectSelector })) {
    if (selector === undefined) errors.push(required(`${path}.${field}`));
    else errors.push(...validateLabelSelector(selector, `${path}.${field}`));
  }
  resourceRules.forEach((rule, i) => errors.push(...validateNamedRule(rule, `${path}.resourceRules[${i}]`)));
  excludeResourceRules.forEach((rule, i) =>
    errors.push(...validateNamedRule(rule, `${path}.excludeResourceRules[${i}]`))
  );
  return errors;
}

function validateNamedRule(rule: NamedRuleWithOperations, path: string): FieldError[] {
  const names = rule.resourceNames ?? [];
  return [
    ...names.flatMap((name, i) => [
      ...check(`${path}.resourceNames[${i}]`, name, pathSegmentName),
      ...names.indexOf(name) < i ? [duplicate(`${path}.resourceNames[${i}]`, name)] : [],
    ]),
    ...validateRule(rule, path),
  ];
}

/** Operations that a mutation cannot be about. */
export const validateMutableOperations = (match: MatchResources | undefined, path: string): FieldError[] =>
  (match?.resourceRules ?? []).flatMap(({ operations = [] }) =>
    operations.filter((operation) => !MUTABLE.includes(operation))
      .map((operation) => notSupported(`${path}.resourceRules.operations`, operation, MUTABLE))
  );
