/** Errors of one device. Source: `pkg/apis/resource/validation/validation.go`. */
import { validateNodeSelector } from "../core/pod/validation/affinity.ts";
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
} from "../field_error.ts";
import { byteLength, check, dns1123Subdomain, labelValue, qualifiedName } from "../names.ts";
import type { Device, DeviceAttribute, DeviceTaint } from "../schema/types.ts";
import { TAINT_EFFECTS } from "./claim_validation.ts";
import { validateList, validateSet } from "./lists.ts";
import { validateAttributeName, validateLabelName } from "./names.ts";

const MOST_PROPERTIES = 32;
const MOST_TAINTS = 16;
const MOST_COUNTERS = 32;
const MOST_CONSUMED = 2;
const MOST_CONDITIONS = 4;
const LONGEST_VALUE = 64;
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;

export function validateDevice(device: Device, perDeviceNodes: boolean, path: string): FieldError[] {
  const { attributes = {}, capacity = {}, taints, consumesCounters } = device;
  const errors = validateLabelName(device.name, `${path}.name`);
  const count = Object.keys(attributes).length + Object.keys(capacity).length;
  if (count > MOST_PROPERTIES) {
    const message = `the total number of attributes and capacities must not exceed ${MOST_PROPERTIES}`;
    errors.push(invalid(path, count, message));
  }
  for (const [name, attribute] of Object.entries(attributes)) {
    const at = `${path}.attributes`;
    errors.push(...validateAttributeName(name, at), ...validateAttribute(attribute, `${at}[${name}]`));
  }
  for (const [name, { requestPolicy }] of Object.entries(capacity)) {
    errors.push(...validateAttributeName(name, `${path}.capacity`));
    if (requestPolicy && !device.allowMultipleAllocations) {
      const at = `${path}.capacity[${name}].requestPolicy`;
      errors.push(forbidden(at, "allowMultipleAllocations must be true"));
    }
  }
  errors.push(
    ...validateList(taints, MOST_TAINTS, validateTaint, `${path}.taints`),
    ...validateSet(
      consumesCounters,
      MOST_CONSUMED,
      ({ counterSet = "", counters }, path) => [
        ...counterSet === "" ? [required(`${path}.counterSet`)] : validateLabelName(counterSet, `${path}.counterSet`),
        ...validateCounters(counters, `${path}.counters`),
      ],
      ({ counterSet }) => counterSet,
      `${path}.consumesCounters`,
    ),
  );
  return [...errors, ...validatePlace(device, perDeviceNodes, path), ...validateBindingConditions(device, path)];
}

export function validateCounters(counters: Readonly<Record<string, unknown>> | undefined | null, path: string) {
  const names = Object.keys(counters ?? {});
  if (names.length === 0) return [required(path)];
  if (names.length > MOST_COUNTERS) return [tooMany(path, names.length, MOST_COUNTERS)];
  return names.flatMap((name) => validateLabelName(name, path));
}

function validateAttribute(attribute: DeviceAttribute, path: string): FieldError[] {
  const values = Object.values(attribute).filter((value) => value !== undefined);
  const errors: FieldError[] = [];
  if (attribute.string !== undefined && byteLength(attribute.string) > LONGEST_VALUE) {
    errors.push(tooLong(`${path}.string`, LONGEST_VALUE));
  }
  if (attribute.version !== undefined) {
    const at = `${path}.version`;
    if (!SEMVER.test(attribute.version)) {
      errors.push(invalid(at, attribute.version, "must be a string compatible with semver.org spec 2.0.0"));
    }
    if (byteLength(attribute.version) > LONGEST_VALUE) errors.push(tooLong(at, LONGEST_VALUE));
  }
  if (values.length === 1) return errors;
  return [...errors, invalid(path, values.length === 0 ? "" : attribute, "exactly one value must be specified")];
}

function validateTaint({ key = "", value = "", effect = "" }: DeviceTaint, path: string): FieldError[] {
  return [
    ...check(`${path}.key`, key, qualifiedName),
    ...value === "" ? [] : check(`${path}.value`, value, labelValue),
    ...effect === ""
      ? [required(`${path}.effect`)]
      : TAINT_EFFECTS.includes(effect)
      ? []
      : [notSupported(`${path}.effect`, effect, TAINT_EFFECTS)],
  ];
}

/** Where the device can be used from, in slices that say so for every device. */
function validatePlace({ nodeName, nodeSelector, allNodes }: Device, perDevice: boolean, path: string): FieldError[] {
  const rule = "when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
  if (!perDevice) {
    if (nodeName === undefined && nodeSelector === undefined && allNodes === undefined) return [];
    const message =
      "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
    return [invalid(path, null, message)];
  }
  const set: string[] = [];
  const errors: FieldError[] = [];
  if (nodeName === "") errors.push(invalid(`${path}.nodeName`, nodeName, "must not be empty"));
  else if (nodeName !== undefined) {
    set.push("`nodeName`");
    errors.push(...check(`${path}.nodeName`, nodeName, dns1123Subdomain));
  }
  if (nodeSelector) {
    set.push("`nodeSelector`");
    errors.push(...validateNodeSelector(nodeSelector, `${path}.nodeSelector`));
  }
  if (allNodes) set.push("`allNodes`");
  else if (allNodes === false) errors.push(invalid(`${path}.allNodes`, false, "must be either unset or set to true"));
  const one = `exactly one of \`nodeName\`, \`nodeSelector\`, or \`allNodes\` is required ${rule}`;
  if (set.length === 0) errors.push(required(path, one));
  if (set.length > 1) errors.push(invalid(path, `{${set.join(", ")}}`, one));
  return errors;
}

function validateBindingConditions(device: Device, path: string): FieldError[] {
  const { bindingConditions: good = [], bindingFailureConditions: bad = [] } = device;
  const at = { good: `${path}.bindingConditions`, bad: `${path}.bindingFailureConditions` };
  const label = (name: string, path: string) => check(path, name, qualifiedName);
  const repeated = (list: readonly string[], path: string) =>
    list.flatMap((name, i) => list.indexOf(name) < i ? [duplicate(`${path}[${i}]`, name)] : []);
  const overlap = "bindingFailureConditions must not overlap with bindingConditions";
  return [
    ...validateList(good, MOST_CONDITIONS, label, at.good),
    ...validateList(bad, MOST_CONDITIONS, label, at.bad),
    ...repeated(good, at.good),
    ...repeated(bad, at.bad),
    ...bad.flatMap((name, i) => good.includes(name) ? [invalid(`${at.bad}[${i}]`, name, overlap)] : []),
    ...good.length === 0 && bad.length > 0
      ? [invalid(at.good, null, "bindingConditions are required to use bindingFailureConditions")]
      : [],
    ...bad.length === 0 && good.length > 0
      ? [invalid(at.bad, null, "bindingFailureConditions are required to use bindingConditions")]
      : [],
  ];
}
