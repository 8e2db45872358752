/**
 * A validation error of one field, worded as Kubernetes words it.
 *
 * Source: `k8s.io/apimachinery/pkg/util/validation/field/errors.go`.
 */

export type FieldErrorType =
  | "FieldValueNotFound"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "InternalError"
  | "FieldValueTypeInvalid";

export interface FieldError {
  readonly type: FieldErrorType;
  /** The path from the object's root, "spec.containers[0].name". */
  readonly field: string;
  /** What a cause says: "Invalid value: \"x\": must be …". */
  readonly message: string;
}

const TITLES: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: "Not found",
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  InternalError: "Internal error",
  FieldValueTypeInvalid: "Invalid value",
};

/** A child's path: `child("spec", "ports", 0, "name")` is "spec.ports[0].name"; a key is `keyed(path, "cpu")`. */
export function child(path: string, ...steps: readonly (string | number)[]): string {
  for (const step of steps) {
    if (typeof step === "number") path += `[${step}]`;
    else path = path === "" ? step : `${path}.${step}`;
  }
  return path;
}

/** The path of a map's entry: `keyed("spec.limits", "cpu")` is "spec.limits[cpu]". */
export function keyed(path: string, key: string): string {
  return `${path}[${key}]`;
}

/** How Go prints a bad value: strings quoted, numbers and booleans plain, the rest as JSON. */
function quoted(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  // Go's JSON is safe inside HTML.
  return JSON.stringify(value).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}

function fieldError(type: FieldErrorType, field: string, value: string | undefined, detail: string): FieldError {
  const parts = [TITLES[type], ...value === undefined ? [] : [value], ...detail === "" ? [] : [detail]];
  return { type, field, message: parts.join(": ") };
}

export const required = (field: string, detail = ""): FieldError =>
  fieldError("FieldValueRequired", field, undefined, detail);
export const invalid = (field: string, value: unknown, detail: string): FieldError =>
  fieldError("FieldValueInvalid", field, quoted(value), detail);
/** An invalid value that the message leaves out. */
export const invalidOmitted = (field: string, detail: string): FieldError =>
  fieldError("FieldValueInvalid", field, undefined, detail);
export const typeInvalid = (field: string, value: unknown, detail: string): FieldError =>
  fieldError("FieldValueTypeInvalid", field, quoted(value), detail);
export const notFound = (field: string, value: unknown): FieldError =>
  fieldError("FieldValueNotFound", field, quoted(value), "");
export const duplicate = (field: string, value: unknown): FieldError =>
  fieldError("FieldValueDuplicate", field, quoted(value), "");
export const forbidden = (field: string, detail: string): FieldError =>
  fieldError("FieldValueForbidden", field, undefined, detail);
/** @param supported the values that would be right, in the order in which the server lists them (sorted, mostly) */
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError =>
  fieldError(
    "FieldValueNotSupported",
    field,
    quoted(value),
    supported.length === 0 ? "" : `supported values: ${supported.map((s) => JSON.stringify(s)).join(", ")}`,
  );
export const tooLong = (field: string, maximum: number): FieldError =>
  fieldError(
    "FieldValueTooLong",
    field,
    undefined,
    maximum < 0 ? "value is too long" : `may not be more than ${maximum} bytes`,
  );
export const tooMany = (field: string, actual: number, maximum: number): FieldError =>
  fieldError(
    "FieldValueTooMany",
    field,
    String(actual),
    maximum < 0 ? "has too many items" : `must have at most ${maximum} ${maximum === 1 ? "item" : "items"}`,
  );
export const internalError = (field: string, detail: string): FieldError =>
  fieldError("InternalError", field, undefined, detail);
