/** Requests, limits and claims of containers and pods. Source: `pkg/apis/core/validation/validation.go`. */
import {
  child,
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  keyed,
  notFound,
  notSupported,
  required,
} from "../../../field_error.ts";
import { check, dns1123Label, qualifiedName } from "../../../names.ts";
import { compareQuantities, formatQuantity, quantityMilliValue, quantitySign } from "../../../quantity.ts";
import {
  isExtendedResource,
  isHugePages,
  isIntegerResource,
  isNativeResource,
  isOvercommitAllowed,
  isStandardContainerResource,
  isStandardResource,
} from "../../../resource_names.ts";
import type { PodSpec, ResourceClaim, ResourceRequirements } from "../../../schema/types.ts";
import { containerLimits, containerRequests, isPodLevelResource } from "../resources.ts";
import { isWholePages, type PodOptions } from "./options.ts";

type NameCheck = (name: string, path: string) => FieldError[];

function resourceName(name: string, path: string): FieldError[] {
  const errors = check(path, name, qualifiedName);
  if (errors.length > 0 || name.includes("/") || isStandardResource(name)) return errors;
  return [invalid(path, name, "must be a standard resource type or fully qualified")];
}

/** Errors of a resource's name in a container. */
export function containerResourceName(name: string, path: string): FieldError[] {
  const errors = resourceName(name, path);
  if (!name.includes("/")) {
    if (!isStandardContainerResource(name)) {
      errors.push(invalid(path, name, "must be a standard resource for containers"));
    }
  } else if (!isNativeResource(name) && !isExtendedResource(name)) {
    errors.push(invalid(path, name, "doesn't follow extended resource name standard"));
  }
  return errors;
}

function podResourceName(name: string, path: string): FieldError[] {
  const errors = resourceName(name, path);
  if (errors.length > 0 || isPodLevelResource(name)) return errors;
  return [notSupported(path, name, ["cpu", "hugepages-", "memory"])];
}

/** Errors of an amount: none are negative, some must be whole. */
export function validateResourceQuantity(name: string, quantity: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (quantitySign(quantity) < 0) errors.push(invalid(path, quantity, "must be greater than or equal to 0"));
  if (isIntegerResource(name) && quantityMilliValue(quantity) % 1000n !== 0n) {
    errors.push(invalid(path, quantity, "must be an integer"));
  }
  return errors;
}

export function validateContainerResources(
  requirements: ResourceRequirements | undefined,
  claims: ReadonlySet<string>,
  path: string,
  options: PodOptions,
): FieldError[] {
  return validateRequirements(requirements ?? {}, containerResourceName, claims, path, options);
}

function validateRequirements(
  { limits = {}, requests = {}, claims = [] }: ResourceRequirements,
  validateName: NameCheck,
  podClaims: ReadonlySet<string>,
  path: string,
  options: PodOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const [limitsAt, requestsAt] = [child(path, "limits"), child(path, "requests")];
  const validate = (name: string, quantity: string, at: string) =>
    errors.push(...validateName(name, at), ...validateResourceQuantity(name, quantity, at));
  const validatePages = (name: string, quantity: string, at: string) => {
    if (!isHugePages(name) || options.anyHugePageValue || isWholePages(name, quantity)) return;
    errors.push(invalid(at, quantity, `${quantity} is not positive integer multiple of ${name}`));
  };
  for (const [name, quantity] of Object.entries(limits)) {
    const at = keyed(limitsAt, name);
    validate(name, quantity, at);
    validatePages(name, quantity, at);
  }
  for (const [name, quantity] of Object.entries(requests)) {
    const at = keyed(requestsAt, name);
    validate(name, quantity, at);
    const limit = limits[name];
    if (limit !== undefined) {
      const difference = compareQuantities(quantity, limit);
      if (difference !== 0 && !isOvercommitAllowed(name)) {
        errors.push(invalid(requestsAt, quantity, `must be equal to ${name} limit of ${limit}`));
      } else if (difference > 0) {
        errors.push(invalid(requestsAt, quantity, `must be less than or equal to ${name} limit of ${limit}`));
      }
    } else if (!isOvercommitAllowed(name)) {
      errors.push(required(limitsAt, "Limit must be set for non overcommitable resources"));
    }
    validatePages(name, quantity, at);
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.includes("cpu") && !names.includes("memory")) {
    errors.push(forbidden(path, "HugePages require cpu or memory"));
  }
  return [...errors, ...validateClaimNames(claims, podClaims, child(path, "claims"))];
}

function validateClaimNames(claims: readonly ResourceClaim[], podClaims: ReadonlySet<string>, path: string) {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { name = "", request = "" }] of claims.entries()) {
    const at = child(path, i);
    if (name === "") {
      errors.push(required(at));
      continue;
    }
    if (seen.has(name)) errors.push(duplicate(at, name));
    else {
      if (request !== "") errors.push(...check(child(at, "request"), request, dns1123Label));
      const key = request === "" ? name : `${name}/${request}`;
      if (seen.has(key)) errors.push(duplicate(at, key));
      else if (request === "") {
        for (const other of seen) if (other.startsWith(`${name}/`)) errors.push(duplicate(at, name));
      }
      seen.add(key);
    }
    if (podClaims.has(name)) continue;
    const known = podClaims.size === 0 ? " which is empty" : `: ${[...podClaims].sort().join(", ")}`;
    const error = notFound(at, name);
    errors.push({ ...error, message: `${error.message}: must be one of the names in pod.spec.resourceClaims${known}` });
  }
  return errors;
}

/** A pod's overhead is judged as a container's limits. */
export const validateOverhead = (overhead: Readonly<Record<string, string>>, path: string, options: PodOptions) =>
  validateContainerResources({ limits: overhead }, new Set(), path, options);

/** What a pod as a whole requests and may use. */
export function validatePodResources(spec: PodSpec, claims: ReadonlySet<string>, path: string, options: PodOptions) {
  const { resources } = spec;
  if (!resources) return [];
  const at = child(path, "resources");
  if (spec.os?.name === "windows") return [forbidden(at, "may not be set for a windows pod")];
  return [
    ...resources.claims === undefined
      ? []
      : [forbidden(child(at, "claims"), "claims may not be set for Resources at pod-level")],
    ...validateRequirements(resources, podResourceName, claims, at, options),
    ...validatePodConsistency(spec, at),
  ];
}

/** The containers' sums must fit into what the pod says. */
function validatePodConsistency(spec: PodSpec, path: string): FieldError[] {
  const { requests = {}, limits = {} } = spec.resources!;
  const errors: FieldError[] = [];
  for (const [name, sum] of Object.entries(containerRequests(spec))) {
    if (requests[name] === undefined || compareQuantities(sum, requests[name]) <= 0) continue;
    const message = `must be greater than or equal to aggregate container requests of ${formatQuantity(sum)}`;
    errors.push(invalid(keyed(child(path, "requests"), name), requests[name], message));
  }
  for (const [name, sum] of Object.entries(containerLimits(spec))) {
    if (!isHugePages(name) || limits[name] === undefined || compareQuantities(sum, limits[name]) <= 0) continue;
    const message = `must be greater than or equal to aggregate container limits of ${formatQuantity(sum)}`;
    errors.push(invalid(keyed(child(path, "limits"), name), limits[name], message));
  }
  for (const [i, container] of (spec.containers ?? []).entries()) {
    for (const [name, limit] of Object.entries(container.resources?.limits ?? {})) {
      if (limits[name] === undefined || compareQuantities(limit, limits[name]) <= 0) continue;
      const at = child(keyed(child(path, "containers", i), name), "limits");
      errors.push(invalid(at, limit, `must be less than or equal to pod limits of ${limits[name]}`));
    }
  }
  return errors;
}
