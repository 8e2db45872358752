/**
 * Which families of addresses a service gets, in a cluster that has IPv4 alone.
 *
 * Source: initIPFamilyFields of `pkg/registry/core/service/storage/alloc.go`.
 */
import { validateClusterIps } from "../../kinds/core/service/cluster_ip_validation.ts";
import { type FieldError, invalid as invalidField } from "../../kinds/field_error.ts";
import { equalJson } from "../../kinds/json.ts";
import type { Draft } from "../../kinds/object.ts";
import { parseIp } from "../../kinds/ip_address.ts";
import type { Service, ServiceSpec } from "../../kinds/schema/types.ts";
import { invalid } from "../status.ts";

const FAMILY = "IPv4";
const POLICY = "spec.ipFamilyPolicy";

/** Completes a service's families and their policy. @throws {StatusError} 422 */
export function fillFamilies(service: Draft<Service>, old: Service | undefined): void {
  const spec = service.spec!;
  if (spec.type === "ExternalName" || keepsPreferred(spec, old?.spec)) return;
  const headless = spec.clusterIP === "None";
  const free = headless && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= old?.spec?.ipFamilyPolicy ?? (free ? "RequireDualStack" : "SingleStack");
  refuse(service, validateClusterIps(spec as ServiceSpec, old?.spec));
  const errors = [...reductions(spec, old?.spec), ...tooManyForOne(spec)];
  (spec.clusterIPs ?? []).every((ip, i) => {
    if (ip === "None") return false;
    const family = `IPv${parseIp(ip)?.family}`;
    if (i < (spec.ipFamilies ?? []).length) return true;
    if (family !== FAMILY) {
      const message = `${family} is not configured on this cluster`;
      errors.push(invalidField(`spec.clusterIPs[${i}]`, spec.clusterIPs, message));
    } else spec.ipFamilies = [...spec.ipFamilies ?? [], family];
    return true;
  });
  refuse(service, errors);

  if (free) {
    // Who makes such a service's endpoints may give them any address.
    const families = spec.ipFamilies?.length ? spec.ipFamilies : [FAMILY];
    const both = families.length < 2 && spec.ipFamilyPolicy !== "SingleStack";
    spec.ipFamilies = both ? [...families, families[0] === "IPv4" ? "IPv6" : "IPv4"] : families;
    return;
  }
  const unknown: FieldError[] = [];
  if (spec.ipFamilyPolicy === "RequireDualStack") {
    const message = "this cluster is not configured for dual-stack services";
    unknown.push(invalidField(POLICY, spec.ipFamilyPolicy, message));
  }
  (spec.ipFamilies ?? []).forEach((family, i) => {
    if (family !== FAMILY) {
      unknown.push(invalidField(`spec.ipFamilies[${i}]`, family, "not configured on this cluster"));
    }
  });
  refuse(service, unknown);
  if ((spec.ipFamilies ?? []).length === 0) spec.ipFamilies = [FAMILY];
}

function refuse({ metadata }: Draft<Service>, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: "", name: "Service" }, metadata.name ?? "", errors);
}

/** A service that prefers both families is not changed by a cluster that begins or ends to have both. */
function keepsPreferred(spec: Draft<ServiceSpec>, old: ServiceSpec | undefined): boolean {
  return old !== undefined && spec.ipFamilyPolicy === "PreferDualStack" && old.ipFamilyPolicy === "PreferDualStack" &&
    spec.type === old.type && equalJson(spec.clusterIPs, old.clusterIPs) && equalJson(spec.ipFamilies, old.ipFamilies);
}

/** To be left with one family takes the policy that says so. */
function reductions(spec: Draft<ServiceSpec>, old: ServiceSpec | undefined): FieldError[] {
  if (old === undefined) return [];
  const [ips, before] = [spec.clusterIPs ?? [], old.clusterIPs ?? []];
  const [families, familiesBefore] = [spec.ipFamilies ?? [], old.ipFamilies ?? []];
  if (spec.ipFamilyPolicy === "SingleStack") {
    if (ips.length > 1 && equalJson(ips, before)) spec.clusterIPs = ips.slice(0, 1);
    if (families.length > 1 && equalJson(families, familiesBefore)) spec.ipFamilies = families.slice(0, 1);
    return [];
  }
  const fewer = (now: readonly string[], then: readonly string[]) =>
    now.length > 0 && now.length < then.length && now.every((item, i) => item === then[i]);
  const error = (what: string) =>
    invalidField(POLICY, spec.ipFamilyPolicy, `must be 'SingleStack' to release the secondary ${what}`);
  return [
    ...fewer(ips, before) ? [error("cluster IP")] : [],
    ...fewer(families, familiesBefore) ? [error("IP family")] : [],
  ];
}

function tooManyForOne(spec: Draft<ServiceSpec>): FieldError[] {
  if (spec.ipFamilyPolicy !== "SingleStack") return [];
  const error = (what: string) =>
    invalidField(
      POLICY,
      spec.ipFamilyPolicy,
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
    );
  return [
    ...spec.clusterIPs?.length === 2 ? [error("cluster IPs")] : [],
    ...spec.ipFamilies?.length === 2 ? [error("IP families")] : [],
  ];
}
