/** Which taints of nodes a pod endures. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, forbidden, invalid, notSupported, required } from "../../../field_error.ts";
import { equalJson } from "../../../json.ts";
import { check, decimalInteger, labelValue, qualifiedName } from "../../../names.ts";
import type { Toleration } from "../../../schema/types.ts";
import type { PodOptions } from "./options.ts";

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** Errors of a taint's effect; a toleration may leave it out. */
export function validateTaintEffect(effect: string, path: string): FieldError[] {
  if (effect === "") return [required(path)];
  return EFFECTS.includes(effect) ? [] : [notSupported(path, effect, EFFECTS)];
}

export function validateTolerations(
  tolerations: readonly Toleration[] = [],
  path: string,
  { tolerationComparisons }: Pick<PodOptions, "tolerationComparisons">,
): FieldError[] {
  return tolerations.flatMap(({ key = "", operator = "", value = "", effect = "", tolerationSeconds }, i) => {
    const at = child(path, i);
    const operatorAt = child(at, "operator");
    const errors: FieldError[] = key === "" ? [] : check(child(at, "key"), key, qualifiedName);
    if (key === "" && operator !== "Exists") {
      const message = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      errors.push(invalid(operatorAt, operator, message));
    }
    if (tolerationSeconds !== undefined && effect !== "NoExecute") {
      errors.push(invalid(child(at, "effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    }
    if (operator === "Equal" || operator === "") {
      const wrong = labelValue(value);
      if (wrong.length > 0) errors.push(invalid(operatorAt, value, wrong.join(";")));
    } else if (operator === "Exists") {
      if (value !== "") errors.push(invalid(operatorAt, value, "value must be empty when `operator` is 'Exists'"));
    } else if (operator === "Lt" || operator === "Gt") {
      if (!tolerationComparisons) errors.push(notSupported(operatorAt, operator, ["Equal", "Exists", "Lt", "Gt"]));
      else errors.push(...validateNumber(value, child(at, "value")));
    } else errors.push(notSupported(operatorAt, operator, ["Equal", "Exists"]));
    if (effect !== "") errors.push(...validateTaintEffect(effect, child(at, "effect")));
    return errors;
  });
}

/** What "Gt" and "Lt" compare with: a number of 64 bits. */
function validateNumber(value: string, path: string): FieldError[] {
  const errors = check(path, value, decimalInteger);
  const quoted = `strconv.ParseInt: parsing ${JSON.stringify(value)}`;
  if (!/^[-+]?[0-9]+$/.test(value)) errors.push(invalid(path, value, `${quoted}: invalid syntax`));
  else if (BigInt.asIntN(64, BigInt(value.replace("+", ""))) !== BigInt(value.replace("+", ""))) {
    errors.push(invalid(path, value, `${quoted}: value out of range`));
  }
  return errors;
}

/** A running pod's tolerations can only become more, or last for another time. */
export function validateOnlyAddedTolerations(
  tolerations: readonly Toleration[] = [],
  old: readonly Toleration[] = [],
  path: string,
  options: PodOptions,
): FieldError[] {
  const kept = old.every((one) =>
    tolerations.some((other) => equalJson({ ...one, tolerationSeconds: other.tolerationSeconds }, other))
  );
  if (!kept) return [forbidden(path, "existing toleration can not be modified except its tolerationSeconds")];
  return validateTolerations(tolerations, path, options);
}
