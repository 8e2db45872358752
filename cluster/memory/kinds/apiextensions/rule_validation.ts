/**
 * Whether the rules in a schema are well written, and compile.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go`.
 */
import { child, type FieldError, invalid, notSupported, required } from "../field_error.ts";
import { FieldPathError, parseFieldPath } from "./field_path.ts";
import { type JSONSchemaProps, rulesOf, type ValidationRule } from "./json_schema.ts";
import { compileRules } from "./rules.ts";
import type { Place, SchemaErrors } from "./schema_validation.ts";

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
const hasNewlines = (text: string) => /[\n\r]/.test(text);

/** @param root the schema of the whole object; undefined when the rules are not to be compiled */
export function validateRuleDeclarations(
  schema: JSONSchemaProps,
  path: string,
  place: Place,
  root: JSONSchemaProps | undefined,
): SchemaErrors {
  const at = child(path, "x-kubernetes-validations");
  const errors: SchemaErrors = { schema: [], rules: [] };
  rulesOf(schema).forEach((rule, i) => errors.schema.push(...declarationErrors(rule, schema, child(at, i))));
  if (root === undefined || errors.schema.length > 0) return errors;
  for (const [i, compiled] of compileRules(root, schema, true).entries()) {
    const { rule, error, messageError, usesOldSelf } = compiled;
    const here = child(at, i);
    if (error !== undefined) errors.rules.push(invalid(child(here, "rule"), shown(rule), error));
    if (messageError !== undefined) {
      errors.rules.push(invalid(child(here, "messageExpression"), shown(rule), messageError));
    }
    if (usesOldSelf && place.uncorrelated !== undefined) {
      const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${place.uncorrelated}`;
      errors.rules.push(invalid(child(here, "rule"), rule.rule, why));
    } else if (!usesOldSelf && rule.optionalOldSelf !== undefined && error === undefined) {
      const why = "may not be set if oldSelf is not used in rule";
      errors.rules.push(invalid(child(here, "optionalOldSelf"), rule.optionalOldSelf, why));
    }
  }
  return errors;
}

/** The rule as Go shows it: its own names, all of them. */
function shown({ rule, message, messageExpression, reason, fieldPath, optionalOldSelf }: ValidationRule) {
  return {
    Rule: rule,
    Message: message ?? "",
    MessageExpression: messageExpression ?? "",
    Reason: reason ?? null,
    FieldPath: fieldPath ?? "",
    OptionalOldSelf: optionalOldSelf ?? null,
  };
}

function declarationErrors(declared: ValidationRule, schema: JSONSchemaProps, path: string): FieldError[] {
  const { rule, message = "", messageExpression = "", reason, fieldPath = "" } = declared;
  const errors: FieldError[] = [];
  if (rule.trim() === "") errors.push(required(child(path, "rule"), "rule is not specified"));
  else if (message !== "" && message.trim() === "") {
    errors.push(invalid(child(path, "message"), message, "must be non-empty if specified"));
  } else if (hasNewlines(message.trim())) {
    errors.push(invalid(child(path, "message"), message, "must not contain line breaks"));
  } else if (hasNewlines(rule.trim()) && message.trim() === "") {
    errors.push(required(child(path, "message"), "message must be specified if rule contains line breaks"));
  }
  if (messageExpression !== "" && messageExpression.trim() === "") {
    errors.push(required(child(path, "messageExpression"), "messageExpression must be non-empty if specified"));
  }
  if (reason !== undefined && !REASONS.includes(reason)) {
    errors.push(notSupported(child(path, "reason"), reason, REASONS));
  }
  const at = child(path, "fieldPath");
  if (fieldPath !== "" && fieldPath.trim() === "") {
    errors.push(invalid(at, fieldPath, "must be non-empty if specified"));
  }
  if (hasNewlines(fieldPath)) errors.push(invalid(at, fieldPath, "must not contain line breaks"));
  if (fieldPath !== "" && !isValid(fieldPath, schema)) errors.push(invalid(at, fieldPath, "must be a valid path"));
  return errors;
}

function isValid(fieldPath: string, schema: JSONSchemaProps): boolean {
  try {
    return parseFieldPath(fieldPath, schema) !== undefined;
  } catch (error) {
    if (error instanceof FieldPathError) return false;
    throw error;
  }
}
