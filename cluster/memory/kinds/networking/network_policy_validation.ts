/** Errors of a NetworkPolicy. Source: `pkg/apis/networking/validation/validation.go`. */
import { type FieldError, forbidden, invalid, notSupported, required } from "../field_error.ts";
import { cidrContains, networkOf, parseCidr, validateCidr } from "../ip_address.ts";
import { validateLabelSelector } from "../label_selector.ts";
import { portName, portNumber } from "../names.ts";
import type { IPBlock, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from "../schema/types.ts";

const PROTOCOLS = ["TCP", "UDP", "SCTP"];
const TYPES = ["Ingress", "Egress"];

export interface NetworkPolicyOptions {
  /** Values in selectors that no label can have: stored before they were checked. */
  readonly anyValue?: boolean;
  /** Ranges that were there before, and so may stay. */
  readonly existingRanges?: readonly string[];
}

/** All peers of a policy with their paths, incoming first. */
export function* eachPeer({ ingress = [], egress = [] }: NetworkPolicySpec): Generator<[NetworkPolicyPeer, string]> {
  for (const [i, { from = [] }] of ingress.entries()) {
    for (const [j, peer] of from.entries()) yield [peer, `spec.ingress[${i}].from[${j}]`];
  }
  for (const [i, { to = [] }] of egress.entries()) {
    for (const [j, peer] of to.entries()) yield [peer, `spec.egress[${i}].to[${j}]`];
  }
}

export function validateNetworkPolicy(spec: NetworkPolicySpec, options: NetworkPolicyOptions = {}): FieldError[] {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = spec;
  const rule = (
    path: string,
    ports: readonly NetworkPolicyPort[] = [],
    peers: readonly NetworkPolicyPeer[] = [],
    name: string,
  ) => [
    ...ports.flatMap((port, i) => validatePort(port, `${path}.ports[${i}]`)),
    ...peers.flatMap((peer, i) => validatePeer(peer, `${path}.${name}[${i}]`, options)),
  ];
  const errors = [
    ...validateLabelSelector(podSelector, "spec.podSelector", options),
    ...ingress.flatMap(({ ports, from }, i) => rule(`spec.ingress[${i}]`, ports, from, "from")),
    ...egress.flatMap(({ ports, to }, i) => rule(`spec.egress[${i}]`, ports, to, "to")),
  ];
  if (policyTypes.length > TYPES.length) {
    return [...errors, invalid("spec.policyTypes", policyTypes, "may not specify more than two policyTypes")];
  }
  return errors.concat(
    policyTypes.flatMap((type, i) => TYPES.includes(type) ? [] : [notSupported(`spec.policyTypes[${i}]`, type, TYPES)]),
  );
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (protocol !== undefined && !PROTOCOLS.includes(protocol)) {
    errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
  }
  const wrong = (message: string) => invalid(`${path}.endPort`, endPort, message);
  if (port === undefined) {
    if (endPort !== undefined) errors.push(wrong("may not be specified when `port` is not specified"));
  } else if (typeof port === "number") {
    errors.push(...portNumber(port).map((message) => invalid(`${path}.port`, port, message)));
    if (endPort === undefined) return errors;
    if (endPort < port) errors.push(invalid(`${path}.endPort`, port, "must be greater than or equal to `port`"));
    errors.push(...portNumber(endPort).map(wrong));
  } else {
    if (endPort !== undefined) errors.push(wrong("may not be specified when `port` is non-numeric"));
    errors.push(...portName(port).map((message) => invalid(`${path}.port`, port, message)));
  }
  return errors;
}

function validatePeer(peer: NetworkPolicyPeer, path: string, options: NetworkPolicyOptions): FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const errors = [
    ...validateLabelSelector(podSelector, `${path}.podSelector`, options),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`, options),
    ...ipBlock ? validateIpBlock(ipBlock, `${path}.ipBlock`, options) : [],
  ];
  const count = [podSelector, namespaceSelector, ipBlock].filter((one) => one !== undefined).length;
  if (count === 0) errors.push(required(path, "must specify a peer"));
  else if (count > 1 && ipBlock) errors.push(forbidden(path, "may not specify both ipBlock and another peer"));
  return errors;
}

function validateIpBlock(block: IPBlock, path: string, { existingRanges }: NetworkPolicyOptions): FieldError[] {
  const { cidr = "", except = [] } = block;
  if (cidr === "") return [required(`${path}.cidr`)];
  const errors = validateCidr(`${path}.cidr`, cidr, existingRanges);
  const range = parseCidr(cidr);
  if (range === undefined) return errors;
  return errors.concat(except.flatMap((text, i) => {
    const at = `${path}.except[${i}]`;
    const wrong = validateCidr(at, text, existingRanges);
    const inner = parseCidr(text);
    if (inner === undefined) return wrong;
    const inside = cidrContains(range, networkOf(inner)) && range.prefix < inner.prefix;
    return inside ? wrong : [...wrong, invalid(at, text, "must be a strict subset of `cidr`")];
  }));
}
