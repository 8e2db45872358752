/** Errors of conditions in a status. Source: `k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go`. */
import { duplicate, type FieldError, invalid, notSupported, required, tooLong } from "./field_error.ts";
import { byteLength, check, qualifiedName, regexError } from "./names.ts";
import type { Condition } from "./schema/types.ts";

const STATUSES = ["False", "True", "Unknown"];
const LONGEST_REASON = 1024;
const LONGEST_MESSAGE = 32 * 1024;
const REASON = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
const REASON_TEXT =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";

const isReason = (reason: string) => /^[A-Za-z][A-Za-z0-9_,:]*$/.test(reason) && /[A-Za-z0-9_]$/.test(reason);

export function validateConditions(conditions: readonly Condition[], path: string): FieldError[] {
  const types = conditions.map(({ type }) => type);
  return conditions.flatMap((condition, i) => [
    ...types.indexOf(condition.type) < i ? [duplicate(`${path}[${i}].type`, condition.type)] : [],
    ...validateCondition(condition, `${path}[${i}]`),
  ]);
}

function validateCondition(condition: Condition, path: string): FieldError[] {
  const { type = "", status = "", observedGeneration = 0, lastTransitionTime, reason = "", message = "" } = condition;
  const errors = check(`${path}.type`, type, qualifiedName);
  if (!STATUSES.includes(status)) errors.push(notSupported(`${path}.status`, status, STATUSES));
  if (observedGeneration < 0) {
    const text = "must be greater than or equal to zero";
    errors.push(invalid(`${path}.observedGeneration`, observedGeneration, text));
  }
  if (!lastTransitionTime) errors.push(required(`${path}.lastTransitionTime`));
  if (reason === "") errors.push(required(`${path}.reason`));
  else {
    if (!isReason(reason)) {
      const examples = ["my_name", "MY_NAME", "MyName", "ReasonA,ReasonB", "ReasonA:ReasonB"];
      errors.push(invalid(`${path}.reason`, reason, regexError(REASON_TEXT, REASON, ...examples)));
    }
    if (byteLength(reason) > LONGEST_REASON) errors.push(tooLong(`${path}.reason`, LONGEST_REASON));
  }
  if (byteLength(message) > LONGEST_MESSAGE) errors.push(tooLong(`${path}.message`, LONGEST_MESSAGE));
  return errors;
}
