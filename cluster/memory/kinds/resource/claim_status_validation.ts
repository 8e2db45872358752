/** Errors of a claim's allocation and of who uses it. Source: `pkg/apis/resource/validation/validation.go`. */
import { validateConditions } from "../conditions.ts";
import { validateNodeSelector } from "../core/pod/validation/affinity.ts";
import { type FieldError, forbidden, invalid, notSupported, required, tooMany } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { immutable } from "../object_meta.ts";
import type {
  AllocatedDeviceStatus,
  AllocationResult,
  DeviceRequestAllocationResult,
  ResourceClaimConsumerReference,
  ResourceV1ResourceClaim as ResourceClaim,
} from "../schema/types.ts";
import { requestNames, validateRequestReference } from "./claim_validation.ts";
import { validateConfiguration, validateRaw } from "./configuration.ts";
import { validateList, validateSet } from "./lists.ts";
import { validateDriverName, validateLabelName, validatePoolName, validateUid } from "./names.ts";

const MOST_CONSUMERS = 256;
const MOST_RESULTS = 32;
const MOST_CONDITIONS = 8;

/** What identifies an allocated device. */
const idOf = ({ driver, pool, device, shareID }: AllocatedDeviceStatus | DeviceRequestAllocationResult): string =>
  [driver, pool, device, ...shareID === undefined ? [] : [shareID]].join("/");

export function validateClaimStatus({ metadata, spec, status = {} }: ResourceClaim, old: ResourceClaim): FieldError[] {
  const { allocation, reservedFor = [], devices } = status;
  const before = old.status ?? {};
  const allocated = new Set((allocation?.devices?.results ?? []).map(idOf));
  const errors = [
    ...validateSet(reservedFor, MOST_CONSUMERS, validateConsumer, ({ uid }) => uid, "status.reservedFor"),
    ...validateSet(devices, Infinity, (one, path) => validateDevice(one, allocated, path), idOf, "status.devices"),
  ];
  if (reservedFor.length > 0 && !allocation) {
    errors.push(forbidden("status.reservedFor", "may not be specified when `allocated` is not set"));
  } else if (metadata.deletionTimestamp !== undefined) {
    const isNew = (one: ResourceClaimConsumerReference) => !before.reservedFor?.some((known) => equalJson(known, one));
    if (reservedFor.some(isNew)) {
      const message = "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set";
      errors.push(forbidden("status.reservedFor", message));
    }
  }
  if (!allocation) return errors;
  if (before.allocation) {
    return equalJson(allocation, before.allocation) ? errors : [...errors, immutable("status.allocation", allocation)];
  }
  return [...errors, ...validateAllocation(allocation, requestNames(spec?.devices ?? {}), "status.allocation")];
}

const validateConsumer = (consumer: ResourceClaimConsumerReference, path: string): FieldError[] =>
  (["resource", "name", "uid"] as const).filter((field) => !consumer[field])
    .map((field) => required(`${path}.${field}`));

function validateDevice(device: AllocatedDeviceStatus, allocated: ReadonlySet<string>, path: string): FieldError[] {
  const { conditions, data } = device;
  return [
    ...validateDriverName(device.driver, `${path}.driver`),
    ...validatePoolName(device.pool, `${path}.pool`),
    ...validateLabelName(device.device, `${path}.device`),
    ...device.shareID === undefined ? [] : validateUid(device.shareID, `${path}.shareID`),
    ...allocated.has(idOf(device)) ? [] : [invalid(path, idOf(device), "must be an allocated device in the claim")],
    ...(conditions ?? []).length > MOST_CONDITIONS
      ? [tooMany(`${path}.conditions`, conditions!.length, MOST_CONDITIONS)]
      : [],
    ...validateConditions(conditions ?? [], `${path}.conditions`),
    ...data === undefined ? [] : validateRaw(data, `${path}.data`),
  ];
}

function validateAllocation({ devices, nodeSelector }: AllocationResult, names: ReadonlySet<string>, path: string) {
  const reference = (name: string, path: string) => validateRequestReference(name, names, path);
  return [
    ...validateList(devices?.results, MOST_RESULTS, (result, path) => [
      ...reference(result.request, `${path}.request`),
      ...validateDriverName(result.driver, `${path}.driver`),
      ...validatePoolName(result.pool, `${path}.pool`),
      ...validateLabelName(result.device, `${path}.device`),
      ...result.shareID === undefined ? [] : validateUid(result.shareID, `${path}.shareID`),
    ], `${path}.devices.results`),
    ...validateList(devices?.config, 2 * MOST_RESULTS, (config, path) => [
      ...validateSource(config.source, `${path}.source`),
      ...validateSet(config.requests, MOST_RESULTS, reference, (name) => name, `${path}.requests`),
      ...validateConfiguration(config, path),
    ], `${path}.devices.config`),
    ...nodeSelector ? validateNodeSelector(nodeSelector, `${path}.nodeSelector`) : [],
  ];
}

function validateSource(source: string | undefined, path: string): FieldError[] {
  if (!source) return [required(path)];
  return source === "FromClaim" || source === "FromClass"
    ? []
    : [notSupported(path, source, ["FromClaim", "FromClass"])];
}
