/** ServiceCIDR: a range that services take their addresses from. Source: `pkg/registry/networking/servicecidr`. */
import { type FieldError, invalid, required } from "../field_error.ts";
import { parseCidr, validateCanonicalCidr } from "../ip_address.ts";
import { defineKind } from "../kind.ts";
import { immutable } from "../object_meta.ts";
import type { ServiceCIDR } from "../schema/types.ts";
import { keepMetadata } from "../status_metadata.ts";
import { age, tableOf } from "../table.ts";

/** The range of the ServiceCIDR `kubernetes`: what the API server is started with, kubeadm's `serviceSubnet`. */
export const SERVICE_CIDR = "10.96.0.0/16";

export const serviceCidr = defineKind<ServiceCIDR>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "ServiceCIDR",
  plural: "servicecidrs",
  singular: "servicecidr",
  namespaced: false,
  type: "networking.v1.ServiceCIDR",
  strategy: {
    names: "subdomain",
    generation: false,
    prepareForCreate: (range) => void (range.status = {}),
    prepareForUpdate: (range, old) => void (range.status = old.status as typeof range.status),
    validate: ({ spec }) => validateRanges(spec?.cidrs ?? []),
    validateUpdate: ({ spec }, old) => validateChange(spec?.cidrs ?? [], old.spec?.cidrs ?? []),
  },
  status: {
    prepareForUpdate(range, old) {
      range.spec = old.spec as typeof range.spec;
      keepMetadata<ServiceCIDR>(range, old);
    },
  },
  table: tableOf("networking.v1.ServiceCIDR", ({ metadata, spec }, now) => [
    metadata.name ?? "",
    (spec?.cidrs ?? []).join(","),
    age(metadata.creationTimestamp, now),
  ]),
});

function validateRanges(ranges: readonly string[]): FieldError[] {
  const path = "spec.cidrs";
  if (ranges.length === 0) return [required(path, "at least one CIDR required")];
  if (ranges.length > 2) return [invalid(path, { CIDRs: ranges }, "may only hold up to 2 values")];
  const errors = ranges.flatMap((range, i) => validateCanonicalCidr(`${path}[${i}]`, range));
  const [one, other] = ranges.map((range) => parseCidr(range)?.address.family);
  if (ranges.length === 2 && one !== undefined && one === other) {
    const message = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";
    errors.push(invalid(path, ranges, message));
  }
  return errors;
}

/** A second range may be added; nothing else changes. */
function validateChange(ranges: readonly string[], old: readonly string[]): FieldError[] {
  const path = "spec.cidrs";
  if (old.length === ranges.length) {
    return ranges.flatMap((range, i) => range === old[i] ? [] : [immutable(`${path}[${i}]`, range)]);
  }
  if (old.length !== 1 || ranges.length !== 2) return [immutable(path, ranges)];
  return [...ranges[0] === old[0] ? [] : [immutable(`${path}[0]`, ranges[0])], ...validateRanges(ranges)];
}
