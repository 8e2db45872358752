/**
 * Services: what is allocated for them, and given back.
 *
 * Source: `pkg/registry/core/service/storage/{storage,alloc}.go`.
 */
import type { Clock } from "../../clock.ts";
import { needsClusterIp, needsHealthCheckPort, needsNodePort } from "../../kinds/core/service/types.ts";
import { invalid as invalidField } from "../../kinds/field_error.ts";
import { equalJson } from "../../kinds/json.ts";
import type { Draft, KubeObject } from "../../kinds/object.ts";
import type { Service, ServiceSpec } from "../../kinds/schema/types.ts";
import type { Store } from "../../store/store.ts";
import type { Call } from "../registry/call.ts";
import type { StorageHooks } from "../registry/storage_hooks.ts";
import { internalError, invalid, type StatusError } from "../status.ts";
import { NodePorts, PortError, type PortOperation } from "./node_ports.ts";
import { fillFamilies } from "./service_families.ts";
import { AddressError, ServiceIps } from "./service_ips.ts";

export function serviceStorage({ store, clock }: { readonly store: Store; readonly clock: Clock }): StorageHooks {
  const ips = new ServiceIps(store, clock);
  const ports = new NodePorts(clock);
  return {
    beginCreate(object, call) {
      const service = object as Draft<Service>;
      const spec = service.spec ??= {};
      if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
      fillFamilies(service, undefined);
      dropPolicy(spec);
      return allocate(service, call, takeAddresses, (operation) => {
        if (needsNodePort(spec)) takePorts(service, operation);
        if (needsHealthCheckPort(spec)) takeHealthCheckPort(service, operation);
        return [];
      });
    },
    beginUpdate(object, old, call) {
      const service = object as Draft<Service>;
      const before = old as Service;
      service.spec ??= {};
      keepAllocated(service.spec, before.spec ?? {});
      syncAddresses(service.spec, before.spec ?? {});
      fillFamilies(service, before);
      dropPolicy(service.spec);
      return allocate(service, call, (_, dryRun) => changeAddresses(service, before, dryRun), (operation) => {
        changePorts(service, before, operation);
        return addressesToRelease(service, before);
      });
    },
    afterDelete(object) {
      const { metadata, spec = {} } = object as Service;
      const endpoints = `${metadata.namespace}/${metadata.name}`;
      if (store.get("endpoints", endpoints) !== undefined) store.delete("endpoints", endpoints);
      for (const ip of addressesOf(spec)) ips.giveBack(ip);
      for (const port of nodePortsOf(spec)) ports.giveBack(port);
      if (spec.healthCheckNodePort) ports.giveBack(spec.healthCheckNodePort);
    },
  };

  /** Takes addresses and ports together: all of them, or none. */
  function allocate(
    service: Draft<Service>,
    call: Call,
    take: (service: Draft<Service>, dryRun: boolean) => readonly string[],
    withPorts: (operation: PortOperation) => readonly string[],
  ) {
    const { dryRun } = call;
    const taken = take(service, dryRun);
    const operation = ports.begin(dryRun);
    const finish = (written: boolean, release: readonly string[]) => {
      operation.finish(written);
      if (!dryRun) { for (const ip of written ? release : taken) ips.giveBack(ip); }
    };
    try {
      const release = withPorts(operation);
      return (written: boolean) => finish(written, release);
    } catch (error) {
      finish(false, []);
      throw error;
    }
  }

  function takeAddresses(service: Draft<Service>, dryRun: boolean): readonly string[] {
    const spec = service.spec!;
    if (!needsClusterIp(spec) || spec.clusterIPs?.[0] === "None") return [];
    const [asked = ""] = spec.clusterIPs ?? [];
    const ip = asked === "" ? anyAddress(service, dryRun) : asked;
    if (asked !== "") {
      try {
        ips.take(asked, service as KubeObject, dryRun);
      } catch (error) {
        if (!(error instanceof AddressError)) throw error;
        throw refused(service, "spec.clusterIPs", spec.clusterIPs, `failed to allocate IP ${asked}: ${error.message}`);
      }
    }
    spec.clusterIPs = [ip];
    spec.clusterIP = ip;
    return [ip];
  }

  function anyAddress(service: Draft<Service>, dryRun: boolean): string {
    const ip = dryRun ? ips.dryRun : ips.takeAny(service as KubeObject);
    if (ip !== undefined) return ip;
    const name = JSON.stringify(service.metadata.name);
    throw internalError(`failed to allocate a serviceIP for Service ${name}: range is full`);
  }

  function changeAddresses(service: Draft<Service>, { spec: old = {} }: Service, dryRun: boolean): readonly string[] {
    return old.type === "ExternalName" && needsClusterIp(service.spec!) ? takeAddresses(service, dryRun) : [];
  }
}

/** The addresses that a service no longer has: all of them, once it is a mere name. */
function addressesToRelease({ spec }: Draft<Service>, { spec: old = {} }: Service): readonly string[] {
  return spec!.type === "ExternalName" ? addressesOf(old) : [];
}

/** Kubernetes fills the policy in for all services, and does not show that of a mere name. */
function dropPolicy(spec: Draft<ServiceSpec>): void {
  if (spec.type === "ExternalName") delete spec.internalTrafficPolicy;
}

const addressesOf = ({ type, clusterIPs = [] }: ServiceSpec): readonly string[] =>
  type === "ExternalName" || clusterIPs[0] === "None" ? [] : clusterIPs;

const nodePortsOf = ({ ports = [] }: ServiceSpec): readonly number[] =>
  ports.flatMap(({ nodePort }) => nodePort ? [nodePort] : []);

function refused(service: Draft<Service>, field: string, value: unknown, why: string): StatusError {
  const errors = [invalidField(field, value, why)];
  return invalid({ group: "", name: "Service" }, service.metadata.name ?? "", errors);
}

const allocatesPorts = ({ type, allocateLoadBalancerNodePorts: allocates }: Draft<ServiceSpec>): boolean =>
  type === "NodePort" || type === "LoadBalancer" && allocates !== false;

function takePorts(service: Draft<Service>, operation: PortOperation): void {
  const spec = service.spec!;
  const byPort = new Map<number, number>();
  spec.ports?.forEach((port, i) => {
    if (!port.nodePort && !allocatesPorts(spec)) return;
    const known = byPort.get(port.port);
    if (known === undefined) {
      // The same port by another protocol may have asked for one.
      const asked = spec.ports!.find((other) => other.port === port.port && other.nodePort)?.nodePort;
      if (asked) takePort(service, i, asked, operation);
      port.nodePort = asked || anyPort(operation);
      byPort.set(port.port, port.nodePort);
    } else if (!port.nodePort) port.nodePort = known;
    else if (port.nodePort !== known) takePort(service, i, port.nodePort, operation);
  });
}

function takePort(service: Draft<Service>, i: number, port: number, operation: PortOperation): void {
  try {
    operation.take(port);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    throw refused(service, `spec.ports[${i}].nodePort`, port, error.message);
  }
}

function anyPort(operation: PortOperation): number {
  try {
    return operation.takeAny();
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    throw internalError(`failed to allocate a nodePort: ${error.message}`);
  }
}

function takeHealthCheckPort({ spec }: Draft<Service>, operation: PortOperation): void {
  const asked = spec!.healthCheckNodePort;
  if (!asked) {
    spec!.healthCheckNodePort = anyPort(operation);
    return;
  }
  try {
    operation.take(asked);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    throw internalError(`failed to allocate requested HealthCheck NodePort ${asked}: ${error.message}`);
  }
}

function changePorts(service: Draft<Service>, { spec: old = {} }: Service, operation: PortOperation): void {
  const spec = service.spec!;
  const before = nodePortsOf(old);
  if (needsNodePort(spec)) {
    const taken = new Set(before);
    spec.ports?.forEach((port, i) => {
      if (!port.nodePort) {
        if (allocatesPorts(spec)) port.nodePort = anyPort(operation);
      } else if (!taken.has(port.nodePort)) {
        takePort(service, i, port.nodePort, operation);
        taken.add(port.nodePort);
      }
    });
    const now = nodePortsOf(spec as ServiceSpec);
    for (const port of before) if (!now.includes(port)) operation.release(port);
  } else if (needsNodePort(old)) { for (const port of before) operation.release(port); }

  const [needed, needs] = [needsHealthCheckPort(old), needsHealthCheckPort(spec)];
  if (!needed && needs) takeHealthCheckPort(service, operation);
  if (needed && !needs && old.healthCheckNodePort) operation.release(old.healthCheckNodePort);
}

/** Who does not say what was allocated keeps it. */
function keepAllocated(spec: Draft<ServiceSpec>, old: ServiceSpec): void {
  if (needsClusterIp(old) && needsClusterIp(spec)) {
    spec.clusterIP ||= old.clusterIP;
    if (!spec.clusterIPs?.length && old.clusterIPs?.length) spec.clusterIPs = [...old.clusterIPs];
  }
  if (needsNodePort(old) && needsNodePort(spec)) {
    const before = nodePortsOf(old);
    const used = new Set(nodePortsOf(spec as ServiceSpec).filter((port) => before.includes(port)));
    const byName = new Map(old.ports?.map(({ name = "", nodePort }) => [name, nodePort]));
    for (const port of spec.ports ?? []) {
      const known = byName.get(port.name ?? "");
      if (!port.nodePort && known && !used.has(known)) port.nodePort = known;
    }
  }
  if (needsHealthCheckPort(old) && needsHealthCheckPort(spec)) {
    spec.healthCheckNodePort ||= old.healthCheckNodePort;
  }
}

/** `clusterIP` and `clusterIPs` say the same; a client may know only the one. */
function syncAddresses(spec: Draft<ServiceSpec>, old: ServiceSpec): void {
  if (old.clusterIPs?.length && !spec.clusterIPs?.length && old.clusterIP === spec.clusterIP) {
    spec.clusterIPs = [...old.clusterIPs];
  }
  if ((old.clusterIP ?? "") === (spec.clusterIP ?? "") || !equalJson(old.clusterIPs ?? [], spec.clusterIPs ?? [])) {
    return;
  }
  if (spec.clusterIP) spec.clusterIPs = [spec.clusterIP];
  else delete spec.clusterIPs;
}
