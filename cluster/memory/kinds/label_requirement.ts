/**
 * One condition of a label selector: a key, an operator and values.
 *
 * Source: the Requirement of `k8s.io/apimachinery/pkg/labels/selector.go`.
 */
import { type FieldError, invalid, notSupported } from "./field_error.ts";
import { labelValue, qualifiedName } from "./names.ts";

export type Labels = Readonly<Record<string, string>>;

/** The operators between a key and its values, in the order in which an error lists them. */
export const BINARY_OPERATORS = ["in", "notin", "=", "==", "!=", "gt", "lt"] as const;
const OPERATORS = [...BINARY_OPERATORS, "exists", "!"] as const;
export type Operator = typeof OPERATORS[number];

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** Thrown for a text or object that is no selector, with Kubernetes' message. */
export class SelectorError extends Error {
  override readonly name = "SelectorError";
}

const fail = (message: string) => new SelectorError(message);

/** A requirement whose key and values are right. @throws {SelectorError} with all that is wrong */
export function requirement(key: string, operator: Operator, values: readonly string[]): Requirement {
  const errors: FieldError[] = [];
  const keyErrors = qualifiedName(key);
  if (keyErrors.length > 0) errors.push(invalid("key", key, keyErrors.join("; ")));
  switch (operator) {
    case "in":
    case "notin":
      if (values.length === 0) {
        errors.push(invalid("values", values, "for 'in', 'notin' operators, values set can't be empty"));
      }
      break;
    case "exists":
    case "!":
      if (values.length > 0) {
        errors.push(invalid("values", values, "values set must be empty for exists and does not exist"));
      }
      break;
    case "gt":
    case "lt":
      values.forEach((value, i) => {
        if (integer(value) !== undefined) return;
        errors.push(invalid(`values[${i}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"));
      });
      break;
    case "=":
    case "==":
    case "!=":
      break;
    default:
      errors.push(notSupported("operator", operator, OPERATORS));
  }
  values.forEach((value, i) => {
    const wrong = labelValue(value);
    if (wrong.length > 0) errors.push(invalid(`values[${i}][${key}]`, value, wrong.join("; ")));
  });
  if (errors.length === 0) return { key, operator, values };
  const texts = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  throw fail(texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`);
}

/** What Go's ParseInt takes for an int64. */
function integer(text: string): bigint | undefined {
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined;
  const number = BigInt(text.replace("+", ""));
  return BigInt.asIntN(64, number) === number ? number : undefined;
}

/** Whether these labels meet the condition. */
export function requirementMatches({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "in":
    case "=":
    case "==":
      return value !== undefined && values.includes(value);
    case "notin":
    case "!=":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "gt":
    case "lt": {
      const [actual, bound] = [integer(value ?? ""), integer(values[0])];
      if (actual === undefined || bound === undefined) return false;
      return operator === "gt" ? actual > bound : actual < bound;
    }
  }
}

const SIGNS: Readonly<Partial<Record<Operator, string>>> = { gt: ">", lt: "<", "=": "=", "==": "==", "!=": "!=" };

/** "app=web", "tier in (a,b)", "!old" */
export function formatRequirement({ key, operator, values }: Requirement): string {
  if (operator === "exists") return key;
  if (operator === "!") return `!${key}`;
  const sorted = [...values].sort().join(",");
  return operator === "in" || operator === "notin"
    ? `${key} ${operator} (${sorted})`
    : `${key}${SIGNS[operator]}${sorted}`;
}
