/** Errors of an Ingress. Source: `pkg/apis/networking/validation/validation.go`. */
import { type FieldError, invalid, notSupported, required } from "../field_error.ts";
import { parseIp, validateIp } from "../ip_address.ts";
import {
  check,
  dns1123Label,
  dns1123Subdomain,
  pathSegmentName,
  portName,
  portNumber,
  wildcardDns1123Subdomain,
} from "../names.ts";
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressRule,
  IngressTLS,
  TypedLocalObjectReference,
} from "../schema/types.ts";

export const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];
const FORBIDDEN_PARTS = ["//", "/./", "/../", "%2f", "%2F"];
const FORBIDDEN_ENDS = ["/..", "/."];

export function validateNewIngress(ingress: Ingress): FieldError[] {
  const annotation = ingress.metadata.annotations?.[CLASS_ANNOTATION];
  const name = ingress.spec?.ingressClassName;
  const errors = validateIngress(ingress);
  if (annotation === undefined || name === undefined || annotation === name) return errors;
  const message = "must match `ingressClassName` when both are specified";
  return [...errors, invalid(`annotations.${CLASS_ANNOTATION}`, annotation, message)];
}

/** @param old the state before, for an update: what was wrong there may stay */
export function validateIngress({ spec = {} }: Ingress, old?: Ingress): FieldError[] {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  const errors: FieldError[] = [];
  if (rules.length === 0 && !defaultBackend) {
    errors.push(invalid("spec", spec.rules ?? null, "either `defaultBackend` or `rules` must be specified"));
  }
  if (defaultBackend) errors.push(...validateBackend(defaultBackend, "spec.defaultBackend"));
  const anyWildcard = (old?.spec?.rules ?? []).some((rule) =>
    rule.host?.includes("*") && validatePaths(rule, "").length > 0
  );
  rules.forEach((rule, i) => errors.push(...validateRule(rule, `spec.rules[${i}]`, anyWildcard)));
  const anySecret = (old?.spec?.tls ?? []).some(({ secretName }) =>
    secretName && dns1123Subdomain(secretName).length > 0
  );
  tls.forEach((entry, i) => errors.push(...validateTls(entry, `spec.tls[${i}]`, anySecret)));
  if (ingressClassName !== undefined) {
    errors.push(...check("spec.ingressClassName", ingressClassName, dns1123Subdomain));
  }
  return errors;
}

const validateHost = (host: string, path: string): FieldError[] =>
  check(path, host, host.includes("*") ? wildcardDns1123Subdomain : dns1123Subdomain);

function validateTls({ hosts = [], secretName }: IngressTLS, path: string, anySecret: boolean): FieldError[] {
  return [
    ...hosts.flatMap((host, i) => validateHost(host, `${path}.hosts[${i}]`)),
    ...secretName && !anySecret ? check(`${path}.secretName`, secretName, dns1123Subdomain) : [],
  ];
}

function validateRule(rule: IngressRule, path: string, anyWildcard: boolean): FieldError[] {
  const { host = "" } = rule;
  const errors: FieldError[] = [];
  if (host !== "") {
    if (parseIp(host)) errors.push(invalid(`${path}.host`, host, "must be a DNS name, not an IP address"));
    errors.push(...validateHost(host, `${path}.host`));
  }
  return host.includes("*") && anyWildcard ? errors : [...errors, ...validatePaths(rule, path)];
}

function validatePaths({ http }: IngressRule, path: string): FieldError[] {
  if (!http) return [];
  if (!http.paths?.length) return [required(`${path}.http.paths`)];
  return http.paths.flatMap((one, i) => validatePath(one, `${path}.http.paths[${i}]`));
}

function validatePath({ path: value = "", pathType, backend }: HTTPIngressPath, path: string): FieldError[] {
  // What is not there and what is empty look the same to a client that leaves it out.
  if (pathType === undefined) return [required(`${path}.pathType`, "pathType must be specified")];
  const errors: FieldError[] = [];
  const wrong = (message: string) => errors.push(invalid(`${path}.path`, value, message));
  if (pathType === "Exact" || pathType === "Prefix") {
    if (!value.startsWith("/")) wrong("must be an absolute path");
    for (const part of FORBIDDEN_PARTS) if (value.includes(part)) wrong(`must not contain '${part}'`);
    for (const end of FORBIDDEN_ENDS) if (value.endsWith(end)) wrong(`cannot end with '${end}'`);
  } else if (pathType === "ImplementationSpecific") {
    if (value !== "" && !value.startsWith("/")) wrong("must be an absolute path");
  } else errors.push(notSupported(`${path}.pathType`, pathType, PATH_TYPES));
  return [...errors, ...validateBackend(backend ?? {}, `${path}.backend`)];
}

function validateBackend({ resource, service }: IngressBackend, path: string): FieldError[] {
  if (resource && service) return [invalid(path, "", "cannot set both resource and service backends")];
  if (resource) return validateResource(resource, `${path}.resource`);
  if (!service) return [invalid(path, "", "resource or service backend is required")];
  const at = `${path}.service`;
  const errors = service.name ? check(`${at}.name`, service.name, dns1123Label) : [required(`${at}.name`)];
  const { name = "", number = 0 } = service.port ?? {};
  if (name !== "" && number !== 0) errors.push(invalid(path, "", "cannot set both port name & port number"));
  else if (name !== "") errors.push(...check(`${at}.port.name`, name, portName));
  else if (number !== 0) {
    errors.push(...portNumber(number).map((message) => invalid(`${at}.port.number`, number, message)));
  } else errors.push(required(path, "port name or number is required"));
  return errors;
}

/** Errors of a reference to something of any kind: names that a path can hold. */
export function validateResource({ apiGroup, kind = "", name = "" }: Partial<TypedLocalObjectReference>, path: string) {
  return [
    // A reference without a group has `null` there.
    ...typeof apiGroup === "string" ? check(`${path}.apiGroup`, apiGroup, dns1123Subdomain) : [],
    ...kind === "" ? [required(`${path}.kind`)] : check(`${path}.kind`, kind, pathSegmentName),
    ...name === "" ? [required(`${path}.name`)] : check(`${path}.name`, name, pathSegmentName),
  ];
}

export function validateIngressStatus({ status }: Ingress, old: Ingress): FieldError[] {
  const existing = (old.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ? [ip] : []);
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip = "", hostname = "" }, i) => {
    const path = `status.loadBalancer.ingress[${i}]`;
    const errors = ip === "" ? [] : validateIp(`${path}.ip`, ip, existing);
    if (hostname === "") return errors;
    errors.push(...check(`${path}.hostname`, hostname, dns1123Subdomain));
    if (parseIp(hostname)) errors.push(invalid(`${path}.hostname`, hostname, "must be a DNS name, not an IP address"));
    return errors;
  });
}
