/** Errors of a Service's status. Source: ValidateLoadBalancerStatus of `pkg/apis/core/validation/validation.go`. */
import { type FieldError, forbidden, invalid, notSupported, required } from "../../field_error.ts";
import { parseIp, validateIp } from "../../ip_address.ts";
import { check, dns1123Subdomain } from "../../names.ts";
import type { LoadBalancerIngress, Service } from "../../schema/types.ts";

export function validateServiceStatus({ spec, status }: Service, old: Service): FieldError[] {
  const ingress = status?.loadBalancer?.ingress ?? [];
  if (spec?.type !== "LoadBalancer" && ingress.length > 0) {
    return [forbidden("status.loadBalancer.ingress", "may only be used when `spec.type` is 'LoadBalancer'")];
  }
  const existing = (old.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ? [ip] : []);
  return ingress.flatMap((point, i) => validateIngress(point, existing, `status.loadBalancer.ingress[${i}]`));
}

function validateIngress(
  { ip = "", ipMode, hostname = "" }: LoadBalancerIngress,
  existing: readonly string[],
  path: string,
): FieldError[] {
  const errors: FieldError[] = ip === "" ? [] : validateIp(`${path}.ip`, ip, existing);
  if (ipMode === undefined) {
    if (ip !== "") errors.push(required(`${path}.ipMode`, "must be specified when `ip` is set"));
  } else if (ip === "") {
    errors.push(forbidden(`${path}.ipMode`, "may not be specified when `ip` is not set"));
  } else if (ipMode !== "Proxy" && ipMode !== "VIP") {
    errors.push(notSupported(`${path}.ipMode`, ipMode, ["Proxy", "VIP"]));
  }
  if (hostname === "") return errors;
  errors.push(...check(`${path}.hostname`, hostname, dns1123Subdomain));
  if (parseIp(hostname) !== undefined) {
    errors.push(invalid(`${path}.hostname`, hostname, "must be a DNS name, not an IP address"));
  }
  return errors;
}
