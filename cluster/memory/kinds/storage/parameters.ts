/** What storage drivers are told, and who they are. Source: `pkg/apis/storage/validation/validation.go`. */
import { type FieldError, invalid, required, tooLong } from "../field_error.ts";
import { byteLength, check, qualifiedName } from "../names.ts";

const MOST_PARAMETERS = 512;
/** Bytes. */
const LARGEST_PARAMETERS = 256 * 1024;

export const validateProvisioner = (provisioner: string, path: string): FieldError[] =>
  provisioner === "" ? [required(path)] : check(path, provisioner.toLowerCase(), qualifiedName);

export function validateParameters(parameters: Readonly<Record<string, string>> = {}, allowEmpty = true): FieldError[] {
  const entries = Object.entries(parameters);
  if (entries.length > MOST_PARAMETERS) return [tooLong("parameters", MOST_PARAMETERS)];
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of entries) {
    if (key === "") errors.push(invalid("parameters", key, "field can not be empty."));
    size += byteLength(key) + byteLength(value);
  }
  if (size > LARGEST_PARAMETERS) errors.push(tooLong("parameters", LARGEST_PARAMETERS));
  if (!allowEmpty && entries.length === 0) {
    errors.push(required("parameters", "must contain at least one key/value pair"));
  }
  return errors;
}
