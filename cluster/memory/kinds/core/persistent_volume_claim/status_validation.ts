/** Errors of a claim's status. Source: `pkg/apis/core/validation/validation.go`. */
import { type FieldError, invalid, keyed, notSupported, required } from "../../field_error.ts";
import { check, qualifiedName } from "../../names.ts";
import { quantityValue } from "../../quantity.ts";
import { isNativeResource } from "../../resource_names.ts";
import type { PersistentVolumeClaim } from "../../schema/types.ts";
import { validateResourceQuantity } from "../pod/validation/resources.ts";

const RESIZE_STATES = [
  "ControllerResizeInProgress",
  "ControllerResizeInfeasible",
  "NodeResizeInProgress",
  "NodeResizeInfeasible",
  "NodeResizePending",
].sort();

export function validateClaimStatus({ metadata, spec, status = {} }: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  if (!metadata.resourceVersion) errors.push(required("resourceVersion"));
  if (!spec?.accessModes?.length) errors.push(required("Spec.accessModes"));
  for (const [name, quantity] of Object.entries(status.capacity ?? {})) {
    errors.push(...validateBasic(quantity, keyed("status.capacity", name)));
  }
  for (const [name, state] of Object.entries(status.allocatedResourceStatuses ?? {})) {
    const path = "status.allocatedResourceStatuses";
    errors.push(...validateKey(name, path));
    if (!RESIZE_STATES.includes(state)) errors.push(notSupported(path, name, RESIZE_STATES));
  }
  for (const [name, quantity] of Object.entries(status.allocatedResources ?? {})) {
    const wrongKey = validateKey(name, "status.allocatedResources");
    const path = keyed("status.allocatedResources", name);
    const wrong = wrongKey.length > 0 ? wrongKey : validateBasic(quantity, path);
    errors.push(...wrong.length > 0 ? wrong : validateResourceQuantity("storage", quantity, path));
  }
  return errors;
}

function validateBasic(quantity: string, path: string): FieldError[] {
  const value = quantityValue(quantity);
  return value < 0n ? [invalid(path, value, "must be a valid resource quantity")] : [];
}

function validateKey(name: string, path: string): FieldError[] {
  const errors = check(path, name, qualifiedName);
  if (errors.length > 0 || !isNativeResource(name) || name === "storage") return errors;
  return [notSupported(path, name, ["storage"])];
}
