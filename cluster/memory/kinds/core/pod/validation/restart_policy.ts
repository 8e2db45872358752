/** When containers restart, and when a resize restarts them. Source: `pkg/apis/core/validation/validation.go`. */
import { child, duplicate, type FieldError, invalid, notSupported, required, tooMany } from "../../../field_error.ts";
import type { Container, ContainerResizePolicy } from "../../../schema/types.ts";

const POD_POLICIES = ["Always", "OnFailure", "Never"];

/** A pod's restart policy. */
export function validateRestartPolicy(policy: string | undefined, path: string): FieldError[] {
  if (!policy) return [required(path)];
  return POD_POLICIES.includes(policy) ? [] : [notSupported(path, policy, POD_POLICIES)];
}

const POLICIES = ["Always", "Never", "OnFailure"];
const ACTIONS = ["Restart", "RestartAllContainers"];
const OPERATORS = ["In", "NotIn"];

/** A container's own restart policy and its rules by exit code. */
export function validateRestartRules({ restartPolicy, restartPolicyRules = [] }: Container, path: string) {
  const errors: FieldError[] = [];
  const [policyAt, rulesAt] = [child(path, "restartPolicy"), child(path, "restartPolicyRules")];
  if (restartPolicy === undefined) {
    if (restartPolicyRules.length === 0) return [];
    errors.push(required(policyAt, "must specify restartPolicy when restart rules are used"));
  } else if (!POLICIES.includes(restartPolicy)) errors.push(notSupported(policyAt, restartPolicy, POLICIES));
  if (restartPolicyRules.length > 20) errors.push(tooMany(rulesAt, restartPolicyRules.length, 20));
  for (const [i, { action = "", exitCodes }] of restartPolicyRules.entries()) {
    const at = child(rulesAt, i);
    if (!ACTIONS.includes(action)) errors.push(notSupported(child(at, "action"), action, ACTIONS));
    if (!exitCodes) {
      errors.push(required(child(at, "exitCodes"), "must be specified"));
      continue;
    }
    const { operator = "", values = [] } = exitCodes;
    if (!OPERATORS.includes(operator)) {
      errors.push(notSupported(child(at, "exitCodes", "operator"), operator, OPERATORS));
    }
    if (values.length > 255) errors.push(tooMany(child(at, "exitCodes", "values"), values.length, 255));
  }
  return errors;
}

const RESIZABLE = ["cpu", "memory"];
const RESIZE_POLICIES = ["NotRequired", "RestartContainer"];

export function validateResizePolicy(
  policies: readonly ContainerResizePolicy[] = [],
  path: string,
  podRestartPolicy: string | undefined,
): FieldError[] {
  const seen = new Set<string>();
  return policies.flatMap(({ resourceName = "", restartPolicy = "" }, i) => {
    const errors: FieldError[] = seen.has(resourceName) ? [duplicate(child(path, i), resourceName)] : [];
    seen.add(resourceName);
    if (resourceName === "") errors.push(required(path));
    else if (!RESIZABLE.includes(resourceName)) errors.push(notSupported(path, resourceName, RESIZABLE));
    if (restartPolicy === "") errors.push(required(path));
    else if (!RESIZE_POLICIES.includes(restartPolicy)) errors.push(notSupported(path, restartPolicy, RESIZE_POLICIES));
    if (podRestartPolicy === "Never" && restartPolicy !== "NotRequired") {
      errors.push(invalid(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"));
    }
    return errors;
  });
}
