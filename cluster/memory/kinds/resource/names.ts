/** Names of drivers, pools, devices and their attributes. Source: `pkg/apis/resource/validation/validation.go`. */
import { type FieldError, invalid, required, tooLong } from "../field_error.ts";
import { byteLength, check, cIdentifier, dns1123Label, dns1123Subdomain } from "../names.ts";
import { validateCsiDriverName } from "../core/pod/validation/volume_sources.ts";

const LONGEST_POOL = 253;
const LONGEST_IDENTIFIER = 32;

/** A driver's name: a subdomain in any case, as for storage. */
export const validateDriverName = (name: string | undefined, path: string): FieldError[] =>
  validateCsiDriverName(name ?? "", path);

export function validatePoolName(name = "", path: string): FieldError[] {
  if (name === "") return [required(path)];
  return [
    ...byteLength(name) > LONGEST_POOL ? [tooLong(path, LONGEST_POOL)] : [],
    ...name.split("/").flatMap((part) => check(path, part, dns1123Subdomain)),
  ];
}

export const validateLabelName = (name: string | undefined, path: string): FieldError[] =>
  check(path, name ?? "", dns1123Label);

export function validateDeviceClassName(name = "", path: string): FieldError[] {
  return name === "" ? [required(path)] : check(path, name, dns1123Subdomain);
}

/** "model" or "example.com/model"; as in Kubernetes, a name with more slashes passes. */
export function validateAttributeName(name: string, path: string): FieldError[] {
  const [first, second, ...others] = name.split("/");
  if (second === undefined) return validateIdentifier(first, path);
  if (others.length > 0) return [];
  return [
    ...first === "" ? [invalid(path, "", "the domain must not be empty")] : validateDriverName(first, path),
    ...second === "" ? [invalid(path, "", "the name must not be empty")] : validateIdentifier(second, path),
  ];
}

export function validateFullAttributeName(name: string, path: string): FieldError[] {
  const errors = validateAttributeName(name, path);
  if (name.includes("/")) return errors;
  return [
    ...errors,
    invalid(path, name, "a fully qualified name must be a domain and a name separated by a slash"),
  ];
}

const validateIdentifier = (name: string, path: string): FieldError[] => [
  ...byteLength(name) > LONGEST_IDENTIFIER ? [tooLong(path, LONGEST_IDENTIFIER)] : [],
  ...check(path, name, cIdentifier),
];

/** An identifier such as "123e4567-e89b-12d3-a456-426614174000". */
export function validateUid(uid: string, path: string): FieldError[] {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uid)) return [];
  if (/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(uid)) {
    const message =
      "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters";
    return [invalid(path, uid, message)];
  }
  return [invalid(path, uid, `error validating uid: invalid UUID length: ${uid.length}`)];
}
