/** What may not change in a Service. Source: `pkg/apis/core/validation/validation.go`. */
import { type FieldError, forbidden, invalid } from "../../field_error.ts";
import type { Service, ServiceSpec } from "../../schema/types.ts";
import { isHeadless, needsHealthCheckPort } from "./types.ts";
import { validateLoadBalancerClass } from "./validation.ts";

const ONCE = "may not change once set";

/** Errors of the change itself; those of the new state come after them. */
export function validateServiceChange({ spec = {} }: Service, { spec: old = {} }: Service): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.type !== "ExternalName" && old.type !== "ExternalName") {
    if (!isHeadless(spec) || !isHeadless(old)) errors.push(...clusterIpChange(spec, old));
    if (!isHeadless(spec) && !isHeadless(old)) errors.push(...familyChange(spec, old));
  }
  if (spec.type === "LoadBalancer" && old.type === "LoadBalancer" && spec.loadBalancerClass !== old.loadBalancerClass) {
    errors.push(invalid("spec.loadBalancerClass", spec.loadBalancerClass ?? null, ONCE));
  }
  errors.push(...validateLoadBalancerClass(spec));
  const ports = [spec.healthCheckNodePort ?? 0, old.healthCheckNodePort ?? 0];
  if (needsHealthCheckPort(spec) && needsHealthCheckPort(old) && ports[0] !== ports[1]) {
    errors.push(forbidden("spec.healthCheckNodePort", "field is immutable"));
  }
  return errors;
}

function clusterIpChange(spec: ServiceSpec, old: ServiceSpec): FieldError[] {
  const [ips, before] = [spec.clusterIPs ?? [], old.clusterIPs ?? []];
  const value = spec.clusterIPs ?? null;
  if (before.length === ips.length) {
    return before.flatMap((ip, i) => ip === ips[i] ? [] : [invalid(`spec.clusterIPs[${i}]`, value, ONCE)]);
  }
  const errors: FieldError[] = [];
  if (ips.length === 0) errors.push(invalid("spec.clusterIPs[0]", value, "primary clusterIP can not be unset"));
  if (before.length > 0 && ips.length > 0 && ips[0] !== before[0]) {
    errors.push(invalid("spec.clusterIPs[0]", value, ONCE));
  }
  if (before.length > ips.length && ips.length === 1) errors.push(...releasedSecondary(spec, "clusterIP"));
  return errors;
}

function familyChange(spec: ServiceSpec, old: ServiceSpec): FieldError[] {
  const [families, before] = [spec.ipFamilies ?? [], old.ipFamilies ?? []];
  const path = "spec.ipFamilies[0]";
  if (before.length === families.length) {
    return before.flatMap((family, i) => family === families[i] ? [] : [invalid(path, families, ONCE)]);
  }
  const errors: FieldError[] = [];
  if (before.length > families.length && !spec.clusterIPs?.length) {
    errors.push(invalid(path, spec.ipFamilies ?? null, "primary ipFamily can not be unset"));
  }
  if (before.length > 0 && families.length > 0 && families[0] !== before[0]) {
    errors.push(invalid(path, spec.clusterIPs ?? null, ONCE));
  }
  if (before.length > families.length && families.length === 1) errors.push(...releasedSecondary(spec, "ipFamily"));
  return errors;
}

function releasedSecondary({ ipFamilyPolicy }: ServiceSpec, what: string): FieldError[] {
  if (ipFamilyPolicy === "SingleStack") return [];
  const message = `must be set to 'SingleStack' when releasing the secondary ${what}`;
  return [invalid("spec.ipFamilyPolicy", ipFamilyPolicy ?? null, message)];
}
