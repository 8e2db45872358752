/** What a driver is told about a device. Source: `pkg/apis/resource/validation/validation.go`. */
import { type FieldError, invalid, required, tooLong } from "../field_error.ts";
import { byteLength } from "../names.ts";
import type { OpaqueDeviceConfiguration } from "../schema/types.ts";
import { validateDriverName } from "./names.ts";

/** Bytes. */
const LARGEST = 10 * 1024;

export function validateConfiguration(
  { opaque }: { readonly opaque?: OpaqueDeviceConfiguration },
  path: string,
): FieldError[] {
  if (opaque === undefined) return [required(`${path}.opaque`)];
  return [
    ...validateDriverName(opaque.driver, `${path}.opaque.driver`),
    ...validateRaw(opaque.parameters, `${path}.opaque.parameters`),
  ];
}

/** Data of the driver's own: a JSON object of a limited size. */
export function validateRaw(value: unknown, path: string): FieldError[] {
  if (value === undefined || value === null) return [required(path)];
  if (byteLength(JSON.stringify(value)) > LARGEST) return [tooLong(path, LARGEST)];
  if (typeof value === "object" && !Array.isArray(value)) return [];
  return [invalid(path, "<value omitted>", "must be a valid JSON object")];
}
