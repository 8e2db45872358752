/** Texts and numbers of the types that read themselves, in the form in which the API writes them. */
import { canonicalQuantity, QuantityError } from "../../kinds/quantity.ts";
import type { ScalarType } from "../../kinds/schema/shape.ts";
import { Base64Error, canonicalBase64 } from "./base64.ts";
import { canonicalMicroTime, canonicalTime, TimeError } from "./time.ts";

/**
 * A scalar as Go would write what it read: "0.5" cores are "500m". null is a zero time.
 *
 * @throws {QuantityError | TimeError | Base64Error}
 */
export function canonicalScalar(type: ScalarType, value: string | number | boolean): string | number | boolean | null {
  switch (type) {
    case "quantity":
      return canonicalQuantity(String(value).trim());
    case "time":
      return canonicalTime(String(value)) ?? null;
    case "microtime":
      return canonicalMicroTime(String(value)) ?? null;
    case "bytes":
      return canonicalBase64(String(value));
    default:
      return value;
  }
}

/** Whether `error` says that a text is no value of its type. */
export function isScalarError(error: unknown): error is Error {
  return error instanceof QuantityError || error instanceof TimeError || error instanceof Base64Error;
}

/** Go's zero value of a scalar, as JSON has it. */
export function zeroScalar(type: ScalarType): string | number | boolean | null {
  switch (type) {
    case "string":
      return "";
    case "int32":
    case "int64":
    case "double":
    case "int-or-string":
      return 0;
    case "bool":
      return false;
    case "quantity":
      return "0";
    case "bytes":
    case "time":
    case "microtime":
      return null;
  }
}
