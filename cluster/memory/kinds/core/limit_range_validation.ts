/** Errors of a LimitRange. Source: `pkg/apis/core/validation/validation.go`. */
import { duplicate, type FieldError, forbidden, invalid, keyed, required } from "../field_error.ts";
import { check, qualifiedName } from "../names.ts";
import { compareQuantities, quantityMilliValue, quantityValue } from "../quantity.ts";
import { isOvercommitAllowed, isStandardResource } from "../resource_names.ts";
import type { LimitRange, LimitRangeItem } from "../schema/types.ts";
import { containerResourceName } from "./pod/validation/resources.ts";

/** Values beyond this one are compared by whole numbers, not thousandths. */
const MAX_MILLI = (2n ** 63n - 1n) / 1000n;

export function validateLimitRange({ spec }: LimitRange): FieldError[] {
  const types = (spec?.limits ?? []).map(({ type = "" }) => type);
  return (spec?.limits ?? []).flatMap((item, i) => {
    const path = `spec.limits[${i}]`;
    return [
      ...validateType(types[i], `${path}.type`),
      ...types.indexOf(types[i]) < i ? [duplicate(`${path}.type`, types[i])] : [],
      ...validateItem(item, path),
    ];
  });
}

function validateType(type: string, path: string): FieldError[] {
  const errors = check(path, type, qualifiedName);
  if (errors.length > 0 || type.includes("/")) return errors;
  if (["Pod", "Container", "PersistentVolumeClaim"].includes(type)) return [];
  return [invalid(path, type, "must be a standard limit type or fully qualified")];
}

function validateName(type: string, name: string, path: string): FieldError[] {
  if (type === "Pod" || type === "Container") return containerResourceName(name, path);
  const errors = check(path, name, qualifiedName);
  if (errors.length > 0 || name.includes("/") || isStandardResource(name)) return errors;
  return [invalid(path, name, "must be a standard resource type or fully qualified")];
}

function validateItem(item: LimitRangeItem, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const isPod = item.type === "Pod";
  const names = new Set<string>();
  const collect = (field: "max" | "min" | "default" | "defaultRequest" | "maxLimitRequestRatio") => {
    for (const name of Object.keys(item[field] ?? {})) {
      errors.push(...validateName(item.type, name, keyed(`${path}.${field}`, name)));
      names.add(name);
    }
  };
  collect("max");
  collect("min");
  for (const field of ["default", "defaultRequest"] as const) {
    if (!isPod) collect(field);
    else if (Object.keys(item[field] ?? {}).length > 0) {
      errors.push(forbidden(`${path}.${field}`, "may not be specified when `type` is 'Pod'"));
    }
  }
  if (item.type === "PersistentVolumeClaim" && !item.min?.storage && !item.max?.storage) {
    const message = "either minimum or maximum storage value is required, but neither was provided";
    errors.push(required(`${path}.limits`, message));
  }
  collect("maxLimitRequestRatio");
  for (const name of names) errors.push(...validateAmounts(isPod ? withoutDefaults(item) : item, name, path));
  return errors;
}

const withoutDefaults = (item: LimitRangeItem): LimitRangeItem => ({
  ...item,
  default: undefined,
  defaultRequest: undefined,
});

/** The amounts of one resource must be in order: min ≤ default request ≤ default ≤ max. */
function validateAmounts(item: LimitRangeItem, name: string, path: string): FieldError[] {
  const [min, max] = [item.min?.[name], item.max?.[name]];
  const [limit, request] = [item.default?.[name], item.defaultRequest?.[name]];
  const above = (a: string | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && compareQuantities(a, b) > 0;
  const at = (field: string, value: string | undefined, message: string) =>
    invalid(keyed(`${path}.${field}`, name), value, message);
  const errors: FieldError[] = [];
  if (above(min, max)) errors.push(at("min", min, `min value ${min} is greater than max value ${max}`));
  if (above(min, request)) {
    errors.push(at("defaultRequest", request, `min value ${min} is greater than default request value ${request}`));
  }
  if (above(request, max)) {
    errors.push(at("defaultRequest", request, `default request value ${request} is greater than max value ${max}`));
  }
  if (above(request, limit)) {
    const message = `default request value ${request} is greater than default limit value ${limit}`;
    errors.push(at("defaultRequest", request, message));
  }
  if (above(min, limit)) errors.push(at("default", min, `min value ${min} is greater than default value ${limit}`));
  if (above(limit, max)) errors.push(at("default", max, `default value ${limit} is greater than max value ${max}`));
  errors.push(...validateRatio(item, name, path));
  if (!isOvercommitAllowed(name) && limit && request && compareQuantities(limit, request) !== 0) {
    const message = `default value ${limit} must equal to defaultRequest value ${request} in ${name}`;
    errors.push(at("defaultRequest", request, message));
  }
  return errors;
}

function validateRatio({ min, max, maxLimitRequestRatio }: LimitRangeItem, name: string, path: string): FieldError[] {
  const ratio = maxLimitRequestRatio?.[name];
  if (ratio === undefined) return [];
  const at = keyed(`${path}.maxLimitRequestRatio`, name);
  const errors: FieldError[] = [];
  if (compareQuantities(ratio, "1") < 0) errors.push(invalid(at, ratio, `ratio ${ratio} is less than 1`));
  const [low, high] = [min?.[name], max?.[name]];
  if (low === undefined || high === undefined) return errors;
  const small = [ratio, low, high].every((quantity) => quantityValue(quantity) < MAX_MILLI);
  const number = (quantity: string) => Number(small ? quantityMilliValue(quantity) : quantityValue(quantity));
  const possible = number(high) / number(low);
  if ((small ? number(ratio) / 1000 : number(ratio)) > possible) {
    const text = Number.isFinite(possible) ? possible.toFixed(6) : "+Inf";
    errors.push(invalid(at, ratio, `ratio ${ratio} is greater than max/min = ${text}`));
  }
  return errors;
}
