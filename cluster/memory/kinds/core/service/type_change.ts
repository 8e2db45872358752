/**
 * What goes when a service's type changes and its owner did not say otherwise: values that only the old type needs.
 *
 * Source: dropTypeDependentFields of `pkg/registry/core/service/strategy.go`.
 */
import { equalJson } from "../../json.ts";
import type { Draft } from "../../object.ts";
import type { Service, ServiceSpec } from "../../schema/types.ts";
import { isExternallyAccessible, needsClusterIp, needsHealthCheckPort, needsNodePort } from "./types.ts";

export function dropTypeDependentFields(service: Draft<Service>, old: Service): void {
  const [spec, before] = [service.spec, old.spec];
  if (!spec || !before) return;
  /** Whether the change made a need go away. */
  const lost = (needs: (spec: ServiceSpec) => boolean) => needs(before) && !needs(spec);
  const same = (...fields: readonly (keyof ServiceSpec)[]) =>
    fields.every((field) => equalJson(spec[field] ?? null, before[field] ?? null));

  if (lost(needsClusterIp)) {
    if (same("clusterIP", "clusterIPs")) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    if (same("ipFamilies")) delete spec.ipFamilies;
    if (same("ipFamilyPolicy")) delete spec.ipFamilyPolicy;
  }
  const oldNodePorts = new Set(before.ports?.map(({ nodePort }) => nodePort));
  if (lost(needsNodePort) && (spec.ports ?? []).every(({ nodePort }) => !nodePort || oldNodePorts.has(nodePort))) {
    for (const port of spec.ports ?? []) delete port.nodePort;
  }
  if (lost(needsHealthCheckPort) && same("healthCheckNodePort")) delete spec.healthCheckNodePort;
  if (lost(({ type }) => type === "LoadBalancer")) {
    if (same("allocateLoadBalancerNodePorts")) delete spec.allocateLoadBalancerNodePorts;
    if (same("loadBalancerClass")) delete spec.loadBalancerClass;
  }
  if (lost(isExternallyAccessible) && same("externalTrafficPolicy")) delete spec.externalTrafficPolicy;
  if (spec.type !== "LoadBalancer" && service.status) service.status.loadBalancer = {};
}
