/** What a Job makes of pods that fail. Source: `pkg/apis/batch/validation/validation.go`. */
import {
  child,
  duplicate,
  type FieldError,
  invalid,
  invalidOmitted,
  notSupported,
  required,
  tooMany,
} from "../field_error.ts";
import { check, qualifiedName } from "../names.ts";
import type {
  JobSpec,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
} from "../schema/types.ts";

const ACTIONS = ["Count", "FailIndex", "FailJob", "Ignore"];
const OPERATORS = ["In", "NotIn"];
const STATUSES = ["False", "True", "Unknown"];
const MAX_RULES = 20;
const MAX_PATTERNS = 20;
const MAX_EXIT_CODES = 255;

const valid = (values: readonly string[]) => `valid values: [${values.map((value) => `"${value}"`).join(" ")}]`;

export function validatePodFailurePolicy(spec: JobSpec, path: string): FieldError[] {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const at = child(path, "rules");
  const { containers, initContainers } = spec.template.spec;
  const names = new Set([...containers ?? [], ...initContainers ?? []].map(({ name }) => name));
  return [
    ...rules.length > MAX_RULES ? [tooMany(at, rules.length, MAX_RULES)] : [],
    ...rules.flatMap((rule, i) => validateRule(rule, spec, child(at, i), names)),
  ];
}

function validateRule(rule: PodFailurePolicyRule, spec: JobSpec, path: string, names: ReadonlySet<string>) {
  const { action = "", onExitCodes, onPodConditions = [] } = rule;
  const at = child(path, "action");
  const errors: FieldError[] = [];
  if (action === "") errors.push(required(at, valid(ACTIONS)));
  else if (action === "FailIndex") {
    if (spec.backoffLimitPerIndex === undefined) {
      errors.push(invalid(at, action, "requires the backoffLimitPerIndex to be set"));
    }
  } else if (!ACTIONS.includes(action)) errors.push(notSupported(at, action, ACTIONS));
  if (onExitCodes) errors.push(...validateExitCodes(onExitCodes, child(path, "onExitCodes"), names));
  if (onPodConditions.length > 0) errors.push(...validateConditions(onPodConditions, child(path, "onPodConditions")));
  if (onExitCodes && onPodConditions.length > 0) {
    errors.push(invalidOmitted(path, "specifying both OnExitCodes and OnPodConditions is not supported"));
  }
  if (!onExitCodes && onPodConditions.length === 0) {
    errors.push(invalidOmitted(path, "specifying one of OnExitCodes and OnPodConditions is required"));
  }
  return errors;
}

function validateConditions(patterns: readonly PodFailurePolicyOnPodConditionsPattern[], path: string): FieldError[] {
  return [
    ...patterns.length > MAX_PATTERNS ? [tooMany(path, patterns.length, MAX_PATTERNS)] : [],
    ...patterns.flatMap(({ type = "", status = "" }, i) => {
      const at = child(path, i, "status");
      const errors = check(child(path, i, "type"), type, qualifiedName);
      if (status === "") return [...errors, required(at, valid(STATUSES))];
      return STATUSES.includes(status) ? errors : [...errors, notSupported(at, status, STATUSES)];
    }),
  ];
}

function validateExitCodes(
  requirement: PodFailurePolicyOnExitCodesRequirement,
  path: string,
  names: ReadonlySet<string>,
): FieldError[] {
  const { operator = "", containerName } = requirement;
  const values = requirement.values ?? [];
  const errors: FieldError[] = [];
  const [operatorAt, valuesAt] = [child(path, "operator"), child(path, "values")];
  if (operator === "") errors.push(required(operatorAt, valid(OPERATORS)));
  else if (!OPERATORS.includes(operator)) errors.push(notSupported(operatorAt, operator, OPERATORS));
  if (containerName !== undefined && !names.has(containerName)) {
    const message = "must be one of the container or initContainer names in the pod template";
    errors.push(invalid(child(path, "containerName"), containerName, message));
  }
  if (values.length === 0) errors.push(invalid(valuesAt, requirement.values ?? null, "at least one value is required"));
  else if (values.length > MAX_EXIT_CODES) errors.push(tooMany(valuesAt, values.length, MAX_EXIT_CODES));
  const seen = new Set<number>();
  for (const [i, value] of values.entries()) {
    const at = child(valuesAt, i);
    if (operator === "In" && value === 0) errors.push(invalid(at, value, "must not be 0 for the In operator"));
    if (seen.has(value)) errors.push(duplicate(at, value));
    seen.add(value);
  }
  const ordered = values.every((value, i) => i === 0 || values[i - 1] <= value);
  return ordered ? errors : [...errors, invalid(valuesAt, values, "must be ordered")];
}
