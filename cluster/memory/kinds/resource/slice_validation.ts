/** Errors of a ResourceSlice. Source: `pkg/apis/resource/validation/validation.go`. */
import { validateNodeSelector } from "../core/pod/validation/affinity.ts";
import { type FieldError, invalid, required } from "../field_error.ts";
import { check, dns1123Subdomain } from "../names.ts";
import type { CounterSet, ResourcePool, ResourceSliceSpec } from "../schema/types.ts";
import { validateCounters, validateDevice } from "./device_validation.ts";
import { validateSet } from "./lists.ts";
import { validateDriverName, validateLabelName, validatePoolName } from "./names.ts";

const MOST_DEVICES = 128;
/** With taints or counters, devices are larger. */
const MOST_LARGE_DEVICES = 64;
const MOST_COUNTER_SETS = 8;
const ONE_PLACE = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";

export function validateSlice(spec: ResourceSliceSpec): FieldError[] {
  const { pool, devices, sharedCounters, perDeviceNodeSelection } = spec;
  const errors = [
    ...validateDriverName(spec.driver, "spec.driver"),
    ...validatePool(pool ?? {}, "spec.pool"),
    ...validatePlace(spec, "spec", ONE_PLACE),
  ];
  if (sharedCounters !== undefined && devices !== undefined) {
    errors.push(invalid("spec", "", "only one of `sharedCounters` or `devices` is allowed"));
  }
  const large = devices?.some(({ taints, consumesCounters }) => taints?.length || consumesCounters?.length);
  return [
    ...errors,
    ...validateSet(
      devices,
      large ? MOST_LARGE_DEVICES : MOST_DEVICES,
      (device, path) => validateDevice(device, perDeviceNodeSelection ?? false, path),
      ({ name }) => name,
      "spec.devices",
    ),
    ...validateSet(sharedCounters, MOST_COUNTER_SETS, validateCounterSet, ({ name }) => name, "spec.sharedCounters"),
  ];
}

function validatePool({ name, resourceSliceCount = 0, generation = 0 }: Partial<ResourcePool>, path: string) {
  return [
    ...validatePoolName(name, `${path}.name`),
    ...resourceSliceCount <= 0
      ? [invalid(`${path}.resourceSliceCount`, resourceSliceCount, "must be greater than zero")]
      : [],
    ...generation < 0 ? [invalid(`${path}.generation`, generation, "must be greater than or equal to zero")] : [],
  ];
}

function validatePlace(spec: ResourceSliceSpec, path: string, message: string): FieldError[] {
  const { nodeName, nodeSelector } = spec;
  const set: string[] = [];
  const errors: FieldError[] = [];
  if (nodeName === "") {
    errors.push(invalid(`${path}.nodeName`, nodeName, "must be either unset or set to a non-empty string"));
  } else if (nodeName !== undefined) {
    set.push("`nodeName`");
    errors.push(...check(`${path}.nodeName`, nodeName, dns1123Subdomain));
  }
  if (nodeSelector) {
    set.push("`nodeSelector`");
    const at = `${path}.nodeSelector`;
    errors.push(...validateNodeSelector(nodeSelector, at));
    const terms = nodeSelector.nodeSelectorTerms ?? [];
    if (terms.length !== 1) {
      errors.push(invalid(`${at}.nodeSelectorTerms`, terms, "must have exactly one node selector term"));
    }
  }
  for (const field of ["allNodes", "perDeviceNodeSelection"] as const) {
    if (spec[field] === false) {
      errors.push(invalid(`${path}.${field}`, false, "must be either unset or set to true"));
    } else if (spec[field]) set.push(`\`${field}\``);
  }
  if (set.length === 0) errors.push(required(path, message));
  if (set.length > 1) {
    errors.push(invalid(path, `{${set.join(", ")}}`, `${message}, but multiple fields are set`));
  }
  return errors;
}

const validateCounterSet = ({ name = "", counters }: CounterSet, path: string): FieldError[] => [
  ...name === "" ? [required(`${path}.name`)] : validateLabelName(name, `${path}.name`),
  ...validateCounters(counters, `${path}.counters`),
];
