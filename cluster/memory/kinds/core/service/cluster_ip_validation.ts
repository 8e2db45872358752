/** Errors of a Service's own addresses and their families. Source: `pkg/apis/core/validation/validation.go`. */
import { duplicate, type FieldError, invalid, notSupported, required } from "../../field_error.ts";
import { isDualStack, parseIp, validateIp } from "../../ip_address.ts";
import type { ServiceSpec } from "../../schema/types.ts";
import { isHeadless } from "./types.ts";

const FAMILIES = ["IPv4", "IPv6"];
const POLICIES = ["PreferDualStack", "RequireDualStack", "SingleStack"];

/** `clusterIP`, `clusterIPs`, `ipFamilies` and `ipFamilyPolicy`, which depend on one another. */
export function validateClusterIps(spec: ServiceSpec, old: ServiceSpec | undefined): FieldError[] {
  if (spec.type === "ExternalName") return [];
  const errors: FieldError[] = [];
  const { clusterIP = "", clusterIPs: ips = [], ipFamilies: families = [], ipFamilyPolicy: policy } = spec;
  if (clusterIP !== "") {
    if (ips.length === 0) errors.push(required("spec.clusterIPs"));
    else if (ips[0] !== clusterIP) {
      errors.push(invalid("spec.clusterIPs", ips, "first value must match `clusterIP`"));
    }
  } else if (ips.length > 0) {
    errors.push(invalid("spec.clusterIPs", ips, "must be empty when `clusterIP` is not specified"));
  }
  families.forEach((family, i) => {
    if (!FAMILIES.includes(family)) errors.push(notSupported(`spec.ipFamilies[${i}]`, family, FAMILIES));
    if (families.indexOf(family) < i) errors.push(duplicate(`spec.ipFamilies[${i}]`, family));
  });
  if (policy !== undefined && !POLICIES.includes(policy)) {
    errors.push(notSupported("spec.ipFamilyPolicy", policy, POLICIES));
  }
  const wrong = validateAddresses(ips, old?.clusterIPs ?? []);
  errors.push(...wrong);
  if (ips.length > 2) errors.push(invalid("spec.clusterIPs", ips, "may only hold up to 2 values"));
  if (wrong.length > 0) return errors;
  if (ips.length > 1 && !isDualStack(ips)) {
    errors.push(invalid("spec.clusterIPs", ips, "may specify no more than one IP for each IP family"));
  }
  if (!isHeadless(spec)) errors.push(...validateFamilies(ips, families));
  return errors;
}

function validateAddresses(ips: readonly string[], existing: readonly string[]): FieldError[] {
  return ips.flatMap((ip, i) => {
    if (i > 0 || ip !== "None") return validateIp(`spec.clusterIPs[${i}]`, ip, existing);
    return ips.length > 1 ? [invalid("spec.clusterIPs", ips, "'None' must be the first and only value")] : [];
  });
}

function validateFamilies(ips: readonly string[], families: readonly string[]): FieldError[] {
  return ips.flatMap((ip, i) => {
    const family = families[i];
    if (family === undefined || family === `IPv${parseIp(ip)?.family}`) return [];
    if (!FAMILIES.includes(family)) return [];
    const message = `expected an ${family} value as indicated by \`ipFamilies[${i}]\``;
    return [invalid(`spec.clusterIPs[${i}]`, ip, message)];
  });
}
