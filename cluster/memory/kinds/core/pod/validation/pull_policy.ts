/** When images are pulled. Source: `pkg/apis/core/validation/validation.go`. */
import { type FieldError, notSupported, required } from "../../../field_error.ts";

const POLICIES = ["Always", "IfNotPresent", "Never"];

export function validatePullPolicy(policy: string | undefined, path: string): FieldError[] {
  if (!policy) return [required(path)];
  return POLICIES.includes(policy) ? [] : [notSupported(path, policy, POLICIES)];
}
