/** Errors of a Service. Source: `pkg/apis/core/validation/validation.go`. */
import { validateEndpointIp } from "../../endpoint_address.ts";
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from "../../field_error.ts";
import { validateCidr, validateIp } from "../../ip_address.ts";
import { check, dns1123Label, dns1123Subdomain, portNumber, qualifiedName } from "../../names.ts";
import { validateLabels } from "../../object_meta.ts";
import type { Service, ServicePort, ServiceSpec } from "../../schema/types.ts";
import { validatePortReference } from "../pod/validation/ports.ts";
import { validateClusterIps } from "./cluster_ip_validation.ts";
import { isExternallyAccessible, isHeadless, needsHealthCheckPort } from "./types.ts";

const HINTS = "service.kubernetes.io/topology-aware-hints";
const MODE = "service.kubernetes.io/topology-mode";
const SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
const ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'";
const LONGEST_AFFINITY = 86_400;

/** @param old the state before, for an update: values that were there may stay */
export function validateService(service: Service, old: Service | undefined): FieldError[] {
  const spec = service.spec ?? {};
  const errors: FieldError[] = [];
  const { [HINTS]: hints, [MODE]: mode } = service.metadata.annotations ?? {};
  if (hints !== undefined && mode !== undefined && hints !== mode) {
    const message = `must match annotations[${HINTS}] when both are specified`;
    errors.push(invalid(`metadata.annotations[${MODE}]`, mode, message));
  }
  const { ports = [] } = spec;
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== "ExternalName") errors.push(required("spec.ports"));
  errors.push(...validateByType(spec));
  const names = new Set<string>();
  ports.forEach((port, i) => errors.push(...validatePort(port, ports.length > 1, names, `spec.ports[${i}]`)));
  if (spec.selector) errors.push(...validateLabels(spec.selector, "spec.selector"));
  errors.push(...validateAffinity(spec), ...validateClusterIps(spec, old?.spec));
  (spec.externalIPs ?? []).forEach((ip, i) => {
    const path = `spec.externalIPs[${i}]`;
    const wrong = validateIp(path, ip, old?.spec?.externalIPs);
    errors.push(...wrong.length > 0 ? wrong : validateEndpointIp(path, ip));
  });
  if (!spec.type) errors.push(required("spec.type"));
  else if (!["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"].includes(spec.type)) {
    errors.push(notSupported("spec.type", spec.type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]));
  }
  errors.push(...validateNodePorts(spec), ...validateUniquePorts(ports), ...validateSourceRanges(service, old));
  if (spec.allocateLoadBalancerNodePorts !== undefined && spec.type !== "LoadBalancer") {
    errors.push(forbidden("spec.allocateLoadBalancerNodePorts", ONLY_LOAD_BALANCER));
  }
  if (spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts === undefined) {
    errors.push(required("allocateLoadBalancerNodePorts"));
  }
  return [...errors, ...validateLoadBalancerClass(spec), ...validateTrafficPolicies(spec)];
}

function validateByType(spec: ServiceSpec): FieldError[] {
  if (spec.type === "LoadBalancer" || spec.type === "NodePort") {
    if (!isHeadless(spec)) return [];
    return [invalid("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${spec.type} services`)];
  }
  if (spec.type !== "ExternalName") return [];
  const errors: FieldError[] = [];
  const message = "may not be set for ExternalName services";
  if (spec.clusterIPs?.length) errors.push(forbidden("spec.clusterIPs", message));
  if (spec.ipFamilies?.length) errors.push(forbidden("spec.ipFamilies", message));
  if (spec.ipFamilyPolicy !== undefined) errors.push(forbidden("spec.ipFamilyPolicy", message));
  const name = (spec.externalName ?? "").replace(/\.$/, "");
  if (name === "") errors.push(required("spec.externalName"));
  else errors.push(...check("spec.externalName", name, dns1123Subdomain));
  return errors;
}

function validatePort(port: ServicePort, named: boolean, names: Set<string>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { name = "", protocol = "" } = port;
  if (name !== "") {
    errors.push(...check(`${path}.name`, name, dns1123Label));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
  } else if (named) errors.push(required(`${path}.name`));
  errors.push(...portNumber(port.port ?? 0).map((message) => invalid(`${path}.port`, port.port ?? 0, message)));
  if (protocol === "") errors.push(required(`${path}.protocol`));
  else if (!["SCTP", "TCP", "UDP"].includes(protocol)) {
    errors.push(notSupported(`${path}.protocol`, protocol, ["SCTP", "TCP", "UDP"]));
  }
  errors.push(...validatePortReference(port.targetPort, `${path}.targetPort`));
  if (port.appProtocol !== undefined) errors.push(...check(`${path}.appProtocol`, port.appProtocol, qualifiedName));
  return errors;
}

function validateAffinity({ sessionAffinity, sessionAffinityConfig: config }: ServiceSpec): FieldError[] {
  if (!sessionAffinity) return [required("spec.sessionAffinity")];
  const path = "spec.sessionAffinityConfig";
  if (sessionAffinity === "None") {
    return config === undefined ? [] : [forbidden(path, "must not be set when session affinity is None")];
  }
  if (sessionAffinity !== "ClientIP") {
    return [notSupported("spec.sessionAffinity", sessionAffinity, ["ClientIP", "None"])];
  }
  const when = "when session affinity type is ClientIP";
  if (config === undefined) return [required(path, when)];
  if (config.clientIP === undefined) return [required(`${path}.clientIP`, when)];
  const timeout = config.clientIP.timeoutSeconds;
  if (timeout === undefined) return [required(`${path}.clientIP.timeoutSeconds`, when)];
  if (timeout > 0 && timeout <= LONGEST_AFFINITY) return [];
  const message = `must be greater than 0 and less than ${LONGEST_AFFINITY}`;
  return [invalid(`${path}.clientIP.timeoutSeconds`, timeout, message)];
}

function validateNodePorts({ type, ports = [] }: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  ports.forEach(({ nodePort }, i) => {
    if (type !== "ClusterIP" || !nodePort) return;
    errors.push(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  });
  ports.forEach(({ nodePort, protocol }, i) => {
    if (!nodePort) return;
    if (seen.has(`${protocol}/${nodePort}`)) errors.push(duplicate(`spec.ports[${i}].nodePort`, nodePort));
    seen.add(`${protocol}/${nodePort}`);
  });
  return errors;
}

function validateUniquePorts(ports: readonly ServicePort[]): FieldError[] {
  const seen = new Set<string>();
  return ports.flatMap(({ protocol = "", port = 0 }, i) => {
    const key = `${protocol}/${port}`;
    // The value is the key by which the server looks: its own type, with nothing else in it.
    const value = { Name: "", Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
    if (seen.has(key)) return [duplicate(`spec.ports[${i}]`, value)];
    seen.add(key);
    return [];
  });
}

function validateSourceRanges({ metadata, spec = {} }: Service, old: Service | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const { loadBalancerSourceRanges: ranges = [], type } = spec;
  const annotation = metadata.annotations?.[SOURCE_RANGES];
  if (ranges.length > 0) {
    const path = "spec.LoadBalancerSourceRanges";
    if (type !== "LoadBalancer") errors.push(forbidden(path, ONLY_LOAD_BALANCER));
    const existing = old?.spec?.loadBalancerSourceRanges?.map((range) => range.trim());
    ranges.forEach((range, i) => errors.push(...validateCidr(`${path}[${i}]`, range.trim(), existing)));
  } else if (annotation !== undefined) {
    const path = `metadata.annotations[${SOURCE_RANGES}]`;
    if (type !== "LoadBalancer") errors.push(forbidden(path, ONLY_LOAD_BALANCER));
    if (old?.metadata.annotations?.[SOURCE_RANGES] !== annotation && annotation.trim() !== "") {
      for (const range of annotation.trim().split(",")) errors.push(...validateCidr(path, range.trim()));
    }
  }
  return errors;
}

export function validateLoadBalancerClass({ type, loadBalancerClass }: ServiceSpec): FieldError[] {
  if (loadBalancerClass === undefined) return [];
  if (type === "LoadBalancer") return check("spec.loadBalancerClass", loadBalancerClass, qualifiedName);
  return [forbidden("spec.loadBalancerClass", ONLY_LOAD_BALANCER)];
}

function validateTrafficPolicies(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const { externalTrafficPolicy: external = "", internalTrafficPolicy: internal, healthCheckNodePort: port = 0 } = spec;
  if (!isExternallyAccessible(spec)) {
    if (external !== "") {
      const message = "may only be set for externally-accessible services";
      errors.push(invalid("spec.externalTrafficPolicy", external, message));
    }
  } else if (external === "") errors.push(required("spec.externalTrafficPolicy"));
  else if (external !== "Cluster" && external !== "Local") {
    errors.push(notSupported("spec.externalTrafficPolicy", external, ["Cluster", "Local"]));
  }
  if (!needsHealthCheckPort(spec)) {
    if (port !== 0) {
      const message = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
      errors.push(invalid("spec.healthCheckNodePort", port, message));
    }
  } else if (port === 0) errors.push(required("spec.healthCheckNodePort"));
  else errors.push(...portNumber(port).map((message) => invalid("spec.healthCheckNodePort", port, message)));
  if (internal === undefined) {
    if (["ClusterIP", "LoadBalancer", "NodePort"].includes(spec.type ?? "")) {
      errors.push(required("spec.internalTrafficPolicy"));
    }
  } else if (internal !== "Cluster" && internal !== "Local") {
    errors.push(notSupported("spec.internalTrafficPolicy", internal, ["Cluster", "Local"]));
  }
  const distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];
  if (spec.trafficDistribution !== undefined && !distributions.includes(spec.trafficDistribution)) {
    errors.push(notSupported("spec.trafficDistribution", spec.trafficDistribution, distributions));
  }
  return errors;
}
