/** Names and name resolution of a pod. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, forbidden, invalid, notSupported, required, tooLong } from "../../../field_error.ts";
import { validateIp } from "../../../ip_address.ts";
import { byteLength, check, dns1123Subdomain, dns1123SubdomainWithUnderscore } from "../../../names.ts";
import type { HostAlias, PodDNSConfig, PodSpec } from "../../../schema/types.ts";

const POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

export function validateDnsPolicy(policy: string | undefined, path: string): FieldError[] {
  if (!policy) return [required(path)];
  return POLICIES.includes(policy) ? [] : [notSupported(path, policy, POLICIES)];
}

/** What a resolver's configuration may hold at most. */
const MAX = { nameservers: 3, searches: 32, searchCharacters: 2048 };

export function validateDnsConfig(config: PodDNSConfig | undefined, policy: string | undefined, path: string) {
  if (policy === "None") {
    if (!config) return [required(path, "must provide `dnsConfig` when `dnsPolicy` is None")];
    if (!config.nameservers?.length) {
      const message = "must provide at least one DNS nameserver when `dnsPolicy` is None";
      return [required(child(path, "nameservers"), message)];
    }
  }
  if (!config) return [];
  const { nameservers = [], searches = [], options = [] } = config;
  const errors: FieldError[] = [];
  const [serversAt, searchesAt] = [child(path, "nameservers"), child(path, "searches")];
  if (nameservers.length > MAX.nameservers) {
    errors.push(invalid(serversAt, nameservers, `must not have more than ${MAX.nameservers} nameservers`));
  }
  nameservers.forEach((server, i) => errors.push(...validateIp(child(serversAt, i), server)));
  if (searches.length > MAX.searches) {
    errors.push(invalid(searchesAt, searches, `must not have more than ${MAX.searches} search paths`));
  }
  if (byteLength(searches.join(" ")) > MAX.searchCharacters) {
    const message = `must not have more than ${MAX.searchCharacters} characters (including spaces) in the search list`;
    errors.push(invalid(searchesAt, searches, message));
  }
  for (const [i, search] of searches.entries()) {
    if (search === ".") continue;
    errors.push(...check(child(searchesAt, i), search.replace(/\.$/, ""), dns1123SubdomainWithUnderscore));
  }
  for (const [i, { name }] of options.entries()) {
    if (!name) errors.push(required(child(path, "options", i), "must not be empty"));
  }
  return errors;
}

export const validateHostAliases = (aliases: readonly HostAlias[] = [], path: string): FieldError[] =>
  aliases.flatMap(({ ip = "", hostnames = [] }, i) => [
    ...validateIp(child(path, i, "ip"), ip),
    ...hostnames.flatMap((name, j) => check(child(path, i, "hostnames", j), name, dns1123Subdomain)),
  ]);

export function validateHostnameOverride(spec: PodSpec, path: string): FieldError[] {
  const name = spec.hostnameOverride;
  if (name === undefined) return [];
  const at = child(path, "hostnameOverride");
  return [
    ...spec.setHostnameAsFQDN ? [forbidden(at, "may not be specified when setHostnameAsFQDN is true")] : [],
    ...spec.hostNetwork ? [forbidden(at, "may not be specified when hostNetwork is true")] : [],
    ...byteLength(name) > 64 ? [tooLong(at, 64)] : [],
    ...check(at, name, dns1123Subdomain),
  ];
}
