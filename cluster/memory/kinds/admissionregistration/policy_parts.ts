/** What validating and mutating policies and their bindings have in common. Source: as `rules.ts`. */
import { type FieldError, forbidden, invalid, notSupported, required } from "../field_error.ts";
import { validateLabelSelector } from "../label_selector.ts";
import { check, dns1035Label, dns1123Subdomain, pathSegmentName } from "../names.ts";
import type { LabelSelector, MatchResources, ParamKind, ParamRef, Variable } from "../schema/types.ts";
import { expressionError } from "./expressions.ts";
import { validateMatchResources } from "./rules.ts";
import { FAILURE_POLICIES } from "./webhook_validation.ts";

export function validateFailurePolicy(policy: string | undefined): FieldError[] {
  if (policy === undefined) return [required("spec.failurePolicy")];
  return FAILURE_POLICIES.includes(policy) ? [] : [notSupported("spec.failurePolicy", policy, FAILURE_POLICIES)];
}

export function validateParamKind({ apiVersion = "", kind = "" }: ParamKind, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (value: string, message: string) => errors.push(invalid(`${path}.apiVersion`, value, message));
  const parts = apiVersion.split("/");
  if (apiVersion === "") errors.push(required(`${path}.apiVersion`));
  else if (parts.length > 2) wrong(apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
  else {
    const [group, version] = parts.length === 2 ? parts : ["", apiVersion];
    const [wrongGroup, wrongVersion] = [dns1123Subdomain(group), dns1035Label(version)];
    if (group !== "" && wrongGroup.length > 0) wrong(group, wrongGroup.join(","));
    if (version === "") wrong(apiVersion, "version must be specified");
    else if (wrongVersion.length > 0) wrong(version, wrongVersion.join(","));
  }
  if (kind === "") return [...errors, required(`${path}.kind`)];
  const wrongKind = dns1035Label(kind.toLowerCase());
  if (wrongKind.length === 0) return errors;
  const message = `may have mixed case, but should otherwise match: ${wrongKind.join(",")}`;
  return [...errors, invalid(`${path}.kind`, kind, message)];
}

export function validateMatchConstraints(match: MatchResources | undefined): FieldError[] {
  const path = "spec.matchConstraints";
  if (match === undefined) return [required(path)];
  const errors = validateMatchResources(match, path);
  return match.resourceRules?.length ? errors : [...errors, required(`${path}.resourceRules`)];
}

const RESERVED =
  "true false null in as break const continue else for function if import let loop package namespace return var void while"
    .split(" ");
const isIdentifier = (name: string) => /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !RESERVED.includes(name);

export function validateVariable({ name = "", expression = "" }: Variable, path: string, params: boolean) {
  const errors: FieldError[] = [];
  if (name.trim() === "") errors.push(required(`${path}.name`, "name is not specified"));
  else if (!isIdentifier(name)) errors.push(invalid(`${path}.name`, name, "must be a valid CEL identifier"));
  if (expression.trim() === "") {
    errors.push(required(`${path}.expression`, "expression is not specified"));
  } else {
    const wrong = expressionError(expression, { params, authorizer: true, variables: true });
    if (wrong !== undefined) errors.push(invalid(`${path}.expression`, expression, wrong));
  }
  return errors;
}

export function validatePolicyName(name = ""): FieldError[] {
  return name === "" ? [required("spec.policyName")] : check("spec.policyName", name, dns1123Subdomain);
}

export function validateParamRef(reference: ParamRef | undefined, path: string): FieldError[] {
  if (reference === undefined) return [];
  const { name = "", selector, parameterNotFoundAction: action } = reference;
  const errors: FieldError[] = [];
  const exclusive = "name and selector are mutually exclusive";
  if (name !== "") {
    errors.push(...check(`${path}.name`, name, pathSegmentName));
    if (selector) errors.push(forbidden(`${path}.name`, exclusive));
  }
  if (selector) {
    errors.push(...validateLabelSelector(selector, `${path}.selector`));
    if (name !== "") errors.push(forbidden(`${path}.selector`, exclusive));
  }
  if (name === "" && !selector) errors.push(required(path, "one of name or selector must be specified"));
  if (!action) errors.push(required(`${path}.parameterNotFoundAction`));
  else if (action !== "Deny" && action !== "Allow") {
    errors.push(notSupported(`${path}.parameterNotFoundAction`, action, ["Deny", "Allow"]));
  }
  return errors;
}

/** "kind/apiVersion" of a policy's parameters, or the name of a binding's, as tables show them. */
export const paramKindText = (kind: ParamKind | undefined): string =>
  kind === undefined ? "<unset>" : `${kind.apiVersion ?? ""}/${kind.kind ?? ""}`;

export function paramRefText(reference: ParamRef | undefined): string {
  if (reference === undefined) return "<unset>";
  const { name = "", namespace = "", selector } = reference;
  if (name !== "") return namespace === "" ? `*/${name}` : `${namespace}/${name}`;
  return selector ? goText(selector) : "<unset>";
}

/** A selector as Go prints a protobuf message. */
function goText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.keys(matchLabels).sort().map((key) => `${key}: ${matchLabels[key]},`).join("");
  const expressions = matchExpressions.map(({ key, operator, values = [] }) =>
    `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`
  ).join("");
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}
