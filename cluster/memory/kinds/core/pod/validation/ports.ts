/** Ports of containers. Source: `pkg/apis/core/validation/validation.go`. */
import { child, duplicate, type FieldError, invalid, notSupported, required } from "../../../field_error.ts";
import { portName, portNumber } from "../../../names.ts";
import type { Container, ContainerPort, PodSpec } from "../../../schema/types.ts";

const PROTOCOLS = ["SCTP", "TCP", "UDP"];

export function validateContainerPorts(ports: readonly ContainerPort[] = [], path: string): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, i) => {
    const at = child(path, i);
    const errors: FieldError[] = [];
    const { name = "", containerPort = 0, hostPort = 0, protocol = "" } = port;
    if (name !== "") {
      const wrong = portName(name);
      if (wrong.length > 0) errors.push(...wrong.map((message) => invalid(child(at, "name"), name, message)));
      else if (names.has(name)) errors.push(duplicate(child(at, "name"), name));
      else names.add(name);
    }
    if (containerPort === 0) errors.push(required(child(at, "containerPort")));
    else errors.push(...numbered(containerPort, child(at, "containerPort")));
    if (hostPort !== 0) errors.push(...numbered(hostPort, child(at, "hostPort")));
    if (protocol === "") errors.push(required(child(at, "protocol")));
    else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(child(at, "protocol"), protocol, PROTOCOLS));
    return errors;
  });
}

const numbered = (port: number, path: string) => portNumber(port).map((message) => invalid(path, port, message));

/** A port's number or name, as probes and services refer to it. */
export function validatePortReference(port: number | string | undefined, path: string): FieldError[] {
  if (typeof port === "string") return portName(port).map((message) => invalid(path, port, message));
  return numbered(port ?? 0, path);
}

/** Two ports of the node cannot be the same. */
export function hostPortConflicts(containers: readonly Container[], path: string): FieldError[] {
  const used = new Set<string>();
  return containers.flatMap((container, i) =>
    (container.ports ?? []).flatMap(({ protocol = "", hostIP = "", hostPort = 0 }, j) => {
      if (hostPort === 0) return [];
      const port = `${protocol}/${hostIP}/${hostPort}`;
      if (used.has(port)) return [duplicate(child(path, i, "ports", j, "hostPort"), port)];
      used.add(port);
      return [];
    })
  );
}

/** In the node's network, a container's port is the node's. */
export function validateHostNetworkPorts(spec: PodSpec, path: string, isPod: boolean): FieldError[] {
  if (!spec.hostNetwork) return [];
  return (spec.containers ?? []).flatMap((container, i) =>
    (container.ports ?? []).flatMap(({ hostPort = 0, containerPort }, j) => {
      if (hostPort === containerPort || !isPod && hostPort === 0) return [];
      const at = child(path, "containers", i, "ports", j, "hostPort");
      return [invalid(at, hostPort, "must match `containerPort` when `hostNetwork` is true")];
    })
  );
}
