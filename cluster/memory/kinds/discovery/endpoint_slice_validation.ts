/** Errors of an EndpointSlice. Source: `pkg/apis/discovery/validation/validation.go`. */
import { validateEndpointIp } from "../endpoint_address.ts";
import { duplicate, type FieldError, invalid, notSupported, required, tooMany } from "../field_error.ts";
import { parseIp, validateCanonicalIp, validateIp } from "../ip_address.ts";
import {
  check,
  dns1123Label,
  dns1123Subdomain,
  fullyQualifiedDomainName,
  labelValue,
  qualifiedName,
  type Rule,
} from "../names.ts";
import { validateLabels } from "../object_meta.ts";
import type { Endpoint, EndpointHints, EndpointSlice } from "../schema/types.ts";

const MOST_ENDPOINTS = 1000;
const MOST_ADDRESSES = 100;
const MOST_PORTS = 20_000;
const MOST_TOPOLOGY_LABELS = 16;
const MOST_HINTS = 8;
const TYPES = ["FQDN", "IPv4", "IPv6"];
const PROTOCOLS = ["SCTP", "TCP", "UDP"];

/** Errors of all but the endpoints. */
export function validateSlice({ addressType = "", ports }: EndpointSlice): FieldError[] {
  const errors: FieldError[] = [];
  if (addressType === "") errors.push(required("addressType"));
  else if (!TYPES.includes(addressType)) errors.push(notSupported("addressType", addressType, TYPES));
  if ((ports ?? []).length > MOST_PORTS) return [...errors, tooMany("ports", ports!.length, MOST_PORTS)];
  const names = new Set<string>();
  (ports ?? []).forEach(({ name = "", protocol, appProtocol }, i) => {
    const path = `ports[${i}]`;
    if (name !== "") errors.push(...check(`${path}.name`, name, dns1123Label));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    if (protocol === undefined) errors.push(required(`${path}.protocol`));
    else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
    if (appProtocol !== undefined) errors.push(...check(`${path}.appProtocol`, appProtocol, qualifiedName));
  });
  return errors;
}

export function validateEndpoints({ endpoints, addressType }: EndpointSlice): FieldError[] {
  const list = endpoints ?? [];
  if (list.length > MOST_ENDPOINTS) return [tooMany("endpoints", list.length, MOST_ENDPOINTS)];
  return list.flatMap((endpoint, i) => validateEndpoint(endpoint, addressType, `endpoints[${i}]`));
}

function validateEndpoint(endpoint: Endpoint, addressType: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { nodeName, deprecatedTopology: topology, hostname, hints } = endpoint;
  // A list that must be there is null when it is not.
  const addresses = endpoint.addresses ?? [];
  if (addresses.length === 0) errors.push(required(`${path}.addresses`, "must contain at least 1 address"));
  else if (addresses.length > MOST_ADDRESSES) {
    errors.push(tooMany(`${path}.addresses`, addresses.length, MOST_ADDRESSES));
  }
  addresses.forEach((address, i) => errors.push(...validateAddress(address, addressType, `${path}.addresses`, i)));
  if (nodeName !== undefined) errors.push(...check(`${path}.nodeName`, nodeName, dns1123Subdomain));
  const labels = Object.keys(topology ?? {}).length;
  if (labels > MOST_TOPOLOGY_LABELS) {
    errors.push(tooMany(`${path}.deprecatedTopology`, labels, MOST_TOPOLOGY_LABELS));
  }
  errors.push(...validateLabels(topology, `${path}.deprecatedTopology`));
  if (hostname !== undefined) errors.push(...check(`${path}.hostname`, hostname, dns1123Label));
  return hints === undefined ? errors : [...errors, ...validateHints(hints, `${path}.hints`)];
}

function validateAddress(address: string, type: string, list: string, index: number): FieldError[] {
  const path = `${list}[${index}]`;
  if (type === "FQDN") return fullyQualifiedDomainName(path, address);
  if (type !== "IPv4" && type !== "IPv6") return [];
  const wrong = type === "IPv4" ? validateIp(path, address) : validateCanonicalIp(path, address);
  if (wrong.length > 0) return wrong;
  const family = parseIp(address)!.family === 4 ? "IPv4" : "IPv6";
  return [
    ...family === type ? [] : [invalid(list, address, `must be an ${type} address`)],
    ...validateEndpointIp(path, address),
  ];
}

function validateHints({ forZones = [], forNodes = [] }: EndpointHints, path: string): FieldError[] {
  if (forZones.length > MOST_HINTS) return [tooMany(`${path}.forZones`, forZones.length, MOST_HINTS)];
  const errors = validateHintNames(forZones, labelValue, `${path}.forZones`);
  if (forNodes.length > MOST_HINTS) return [...errors, tooMany(`${path}.forNodes`, forNodes.length, MOST_HINTS)];
  return [...errors, ...validateHintNames(forNodes, dns1123Subdomain, `${path}.forNodes`)];
}

function validateHintNames(hints: readonly { readonly name: string }[], rule: Rule, path: string): FieldError[] {
  const seen = new Set<string>();
  return hints.flatMap(({ name = "" }, i) => {
    const errors = seen.has(name) ? [duplicate(`${path}[${i}].name`, name)] : [];
    seen.add(name);
    return [...errors, ...check(`${path}[${i}].name`, name, rule)];
  });
}
