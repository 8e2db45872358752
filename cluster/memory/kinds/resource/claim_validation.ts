/** Errors of what a claim asks for. Source: `pkg/apis/resource/validation/validation.go`. */
import { type FieldError, invalid, notSupported, required, tooLong } from "../field_error.ts";
import { byteLength, check, labelValue, qualifiedName } from "../names.ts";
import type {
  DeviceClaim,
  DeviceConstraint,
  DeviceRequest,
  DeviceSelector,
  DeviceToleration,
  ExactDeviceRequest,
  ResourceClaimSpec,
} from "../schema/types.ts";
import { validateConfiguration } from "./configuration.ts";
import { selectorError } from "./device_selector.ts";
import { validateList, validateSet } from "./lists.ts";
import { validateDeviceClassName, validateFullAttributeName, validateLabelName } from "./names.ts";

const MOST = 32;
const MOST_ALTERNATIVES = 8;
const LONGEST_SELECTOR = 10 * 1024;
export const TAINT_EFFECTS = ["NoExecute", "NoSchedule", "None"];

export function validateClaimSpec({ devices = {} }: Partial<ResourceClaimSpec>, path: string): FieldError[] {
  const at = `${path}.devices`;
  const names = requestNames(devices);
  const reference = (name: string, path: string) => validateRequestReference(name, names, path);
  return [
    ...validateSet(devices.requests, MOST, validateRequest, ({ name }) => name, `${at}.requests`),
    ...validateList(
      devices.constraints,
      MOST,
      (constraint, path) => validateConstraint(constraint, reference, path),
      `${at}.constraints`,
    ),
    ...validateList(devices.config, MOST, (config, path) => [
      ...validateSet(config.requests, MOST, reference, (name) => name, `${path}.requests`),
      ...validateConfiguration(config, path),
    ], `${at}.config`),
  ];
}

/** Every name by which a claim's requests can be referred to: "gpu", "gpu/large". */
export const requestNames = ({ requests }: Partial<DeviceClaim>): ReadonlySet<string> =>
  new Set((requests ?? []).flatMap(({ name, firstAvailable = [] }) => [
    name,
    ...firstAvailable.map((alternative) => `${name}/${alternative.name}`),
  ]));

export function validateRequestReference(name: string, names: ReadonlySet<string>, path: string): FieldError[] {
  const message =
    "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
  const segments = name.split("/");
  if (segments.length > 2) return [invalid(path, name, message)];
  return [
    ...segments.flatMap((segment) => validateLabelName(segment, path)),
    ...names.has(name) ? [] : [invalid(path, name, message)],
  ];
}

function validateRequest({ name, exactly, firstAvailable = [] }: DeviceRequest, path: string): FieldError[] {
  const errors = validateLabelName(name, `${path}.name`);
  const one = "exactly one of `exactly` or `firstAvailable` is required";
  if (exactly && firstAvailable.length > 0) {
    return [...errors, invalid(path, null, `${one}, but multiple fields are set`)];
  }
  if (exactly) return [...errors, ...validateExactRequest(exactly, `${path}.exactly`)];
  if (firstAvailable.length === 0) return [...errors, required(path, one)];
  return errors.concat(validateSet(
    firstAvailable,
    MOST_ALTERNATIVES,
    (alternative, path) => [
      ...validateLabelName(alternative.name, `${path}.name`),
      ...validateExactRequest(alternative, path),
    ],
    ({ name }) => name,
    `${path}.firstAvailable`,
  ));
}

type Exact = Pick<ExactDeviceRequest, "deviceClassName" | "selectors" | "allocationMode" | "count" | "tolerations">;

function validateExactRequest(request: Exact, path: string): FieldError[] {
  const { allocationMode: mode = "", count = 0, tolerations = [] } = request;
  const errors = [
    ...validateDeviceClassName(request.deviceClassName, `${path}.deviceClassName`),
    ...validateSelectors(request.selectors, `${path}.selectors`),
  ];
  if (mode === "All") {
    if (count !== 0) {
      errors.push(invalid(`${path}.count`, count, "must not be specified when allocationMode is 'All'"));
    }
  } else if (mode === "ExactCount") {
    if (count <= 0) errors.push(invalid(`${path}.count`, count, "must be greater than zero"));
  } else errors.push(notSupported(`${path}.allocationMode`, mode, ["All", "ExactCount"]));
  return errors.concat(tolerations.flatMap((one, i) => validateToleration(one, `${path}.tolerations[${i}]`)));
}

export function validateSelectors(selectors: readonly DeviceSelector[] | undefined, path: string): FieldError[] {
  return validateList(selectors, MOST, ({ cel }, path) => {
    if (cel === undefined) return [required(`${path}.cel`)];
    const { expression = "" } = cel;
    const at = `${path}.cel.expression`;
    if (byteLength(expression) > LONGEST_SELECTOR) return [tooLong(at, LONGEST_SELECTOR)];
    const wrong = selectorError(expression);
    return wrong === undefined ? [] : [invalid(at, expression, wrong)];
  }, path);
}

function validateConstraint(
  { requests, matchAttribute, distinctAttribute }: DeviceConstraint,
  reference: (name: string, path: string) => FieldError[],
  path: string,
): FieldError[] {
  const errors = validateSet(requests, MOST, reference, (name) => name, `${path}.requests`);
  if (matchAttribute !== undefined) {
    return [...errors, ...validateFullAttributeName(matchAttribute, `${path}.matchAttribute`)];
  }
  if (distinctAttribute !== undefined) {
    return [...errors, ...validateFullAttributeName(distinctAttribute, `${path}.distinctAttribute`)];
  }
  const message = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';
  return [...errors, required(path, message)];
}

function validateToleration({ key = "", operator = "", value = "", effect = "" }: DeviceToleration, path: string) {
  const errors: FieldError[] = key === "" ? [] : check(`${path}.key`, key, qualifiedName);
  if (operator === "Exists") {
    if (value !== "") errors.push(invalid(`${path}.value`, value, "must be empty for operator `Exists`"));
  } else if (operator === "Equal") errors.push(...check(`${path}.value`, value, labelValue));
  else if (operator === "") errors.push(required(`${path}.operator`));
  else errors.push(notSupported(`${path}.operator`, operator, ["Equal", "Exists"]));
  if (effect !== "" && !TAINT_EFFECTS.includes(effect)) {
    errors.push(notSupported(`${path}.effect`, effect, TAINT_EFFECTS));
  }
  return errors;
}
