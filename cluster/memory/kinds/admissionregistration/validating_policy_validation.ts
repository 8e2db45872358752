/** Errors of a ValidatingAdmissionPolicy. Source: `pkg/apis/admissionregistration/validation/validation.go`. */
import { duplicate, type FieldError, invalid, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { check, qualifiedName } from "../names.ts";
import type { AuditAnnotation, ValidatingAdmissionPolicy, Validation } from "../schema/types.ts";
import { expressionError } from "./expressions.ts";
import { validateMatchConditions } from "./match_conditions.ts";
import {
  validateFailurePolicy,
  validateMatchConstraints,
  validateParamKind,
  validateVariable,
} from "./policy_parts.ts";

const REASONS = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
const MOST_ANNOTATIONS = 20;
/** Bytes. */
const LONGEST_VALUE = 5 * 1024;
const NOTHING = "validations or auditAnnotations must contain at least one item";

/** @param old the state before, for an update: match conditions that stay are not judged again */
export function validateValidatingPolicy(policy: ValidatingAdmissionPolicy, old?: ValidatingAdmissionPolicy) {
  const spec = policy.spec ?? {};
  const { paramKind, variables = [], validations = [], auditAnnotations = [] } = spec;
  const params = paramKind !== undefined;
  const around = { params, variables: variables.length > 0 };
  const errors = [
    ...validateFailurePolicy(spec.failurePolicy),
    ...paramKind ? validateParamKind(paramKind, "spec.paramKind") : [],
    ...validateMatchConstraints(spec.matchConstraints),
  ];
  const same = old !== undefined && equalJson(paramKind, old.spec?.paramKind) &&
    equalJson(spec.matchConditions, old.spec?.matchConditions);
  if (!same) errors.push(...validateMatchConditions(spec.matchConditions, "spec.matchConditions", params));
  variables.forEach((variable, i) => errors.push(...validateVariable(variable, `spec.variables[${i}]`, params)));
  if (validations.length + auditAnnotations.length === 0) {
    return [...errors, required("spec.validations", NOTHING), required("spec.auditAnnotations", NOTHING)];
  }
  validations.forEach((one, i) => errors.push(...validateValidation(one, `spec.validations[${i}]`, around)));
  if (auditAnnotations.length > MOST_ANNOTATIONS) {
    const message = `must not have more than ${MOST_ANNOTATIONS} auditAnnotations`;
    errors.push(invalid("spec.auditAnnotations", auditAnnotations.map(inGo), message));
  }
  auditAnnotations.forEach((one, i) => {
    const path = `spec.auditAnnotations[${i}]`;
    errors.push(...validateAnnotation(one, path, policy.metadata.name ?? "", around));
    if (auditAnnotations.findIndex(({ key }) => key === one.key) < i) errors.push(duplicate(`${path}.key`, one.key));
  });
  return errors;
}

const inGo = ({ key, valueExpression }: AuditAnnotation) => ({ Key: key, ValueExpression: valueExpression });

interface Around {
  readonly params: boolean;
  readonly variables: boolean;
}

function validateValidation(validation: Validation, path: string, around: Around): FieldError[] {
  const { expression = "", message = "", messageExpression = "", reason } = validation;
  const errors: FieldError[] = [];
  const compiled = (field: string, source: string, authorizer: boolean, type: string) => {
    const wrong = expressionError(source, { ...around, authorizer }, [type]);
    if (wrong !== undefined) errors.push(invalid(`${path}.${field}`, source, wrong));
  };
  if (expression.trim() === "") errors.push(required(`${path}.expression`, "expression is not specified"));
  else compiled("expression", expression, true, "bool");
  if (messageExpression !== "" && messageExpression.trim() === "") {
    errors.push(invalid(`${path}.messageExpression`, messageExpression, "must be non-empty if specified"));
  } else if (messageExpression !== "") compiled("messageExpression", messageExpression, false, "string");
  if (message !== "" && message.trim() === "") {
    errors.push(invalid(`${path}.message`, message, "must be non-empty if specified"));
  } else if (/[\n\r]/.test(message.trim())) {
    errors.push(invalid(`${path}.message`, message, "must not contain line breaks"));
  }
  if (reason !== undefined && !REASONS.includes(reason)) errors.push(notSupported(`${path}.reason`, reason, REASONS));
  return errors;
}

function validateAnnotation(
  { key = "", valueExpression = "" }: AuditAnnotation,
  path: string,
  policy: string,
  around: Around,
) {
  const errors = policy === ""
    ? [invalid(`${path}.key`, key, "requires metadata.name be non-empty")]
    : check(`${path}.key`, `${policy}/${key}`, qualifiedName);
  const at = `${path}.valueExpression`;
  const source = valueExpression.trim();
  if (source === "") return [...errors, required(at, "valueExpression is not specified")];
  if (source.length > LONGEST_VALUE) {
    return [...errors, required(at, `must not exceed ${LONGEST_VALUE} bytes in length`)];
  }
  const wrong = expressionError(source, { ...around, authorizer: true }, ["string", "null_type"]);
  return wrong === undefined ? errors : [...errors, invalid(at, valueExpression, wrong)];
}
