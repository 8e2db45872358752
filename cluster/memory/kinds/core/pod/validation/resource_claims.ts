/** Devices that a pod claims. Source: `pkg/apis/core/validation/validation.go`. */
import { child, duplicate, type FieldError, forbidden, invalid, required } from "../../../field_error.ts";
import { internalJson } from "../../../go/internal_json.ts";
import { check, dns1123Label, dns1123Subdomain } from "../../../names.ts";
import type { ObjectMeta, PodResourceClaim } from "../../../schema/types.ts";
import { MIRROR_POD } from "./annotations.ts";

export function validateResourceClaims(
  meta: ObjectMeta | undefined,
  claims: readonly PodResourceClaim[] = [],
  path: string,
): FieldError[] {
  const names = new Set<string>();
  return claims.flatMap((claim, i) => {
    // The path is empty, as Kubernetes' is.
    if (meta?.annotations?.[MIRROR_POD] !== undefined) {
      return [forbidden("", "static pods do not support resource claims")];
    }
    const at = child(path, i);
    const { name = "", resourceClaimName, resourceClaimTemplateName } = claim;
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(child(at, "name")));
    else if (names.has(name)) errors.push(duplicate(child(at, "name"), name));
    else errors.push(...check(child(at, "name"), name, dns1123Label));
    names.add(name);
    const value = () => internalJson("PodResourceClaim", claim);
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      const message = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified";
      errors.push(invalid(at, value(), message));
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      const message = "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`";
      errors.push(invalid(at, value(), message));
    }
    for (const field of ["resourceClaimName", "resourceClaimTemplateName"] as const) {
      const reference = claim[field];
      if (reference !== undefined) errors.push(...check(child(at, field), reference, dns1123Subdomain));
    }
    return errors;
  });
}
