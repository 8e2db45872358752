/** Ports of a pod's containers that get in each other's way. Source: `pkg/api/pod/warnings.go`. */
import { child } from "../../field_error.ts";
import type { ContainerPort, PodSpec } from "../../schema/types.ts";
import { eachContainer } from "./containers.ts";

interface Port {
  readonly path: string;
  readonly port: ContainerPort;
}

export function portWarnings(spec: PodSpec, path: string): string[] {
  const ports: Port[] = [];
  for (const [container, at] of eachContainer(spec, path)) {
    for (const [i, port] of (container.ports ?? []).entries()) ports.push({ path: child(at, "ports", i), port });
  }
  return [...overlaps(ports), ...names(ports)];
}

function overlaps(ports: readonly Port[]): string[] {
  const warnings: string[] = [];
  const byNumber = new Map<string, Port[]>();
  for (const { path, port } of ports) {
    const { hostIP = "", hostPort = 0 } = port;
    if (hostIP !== "" && hostPort === 0) warnings.push(`${path}: hostIP set without hostPort: ${goText(port)}`);
    const key = `${port.containerPort}/${port.protocol}`;
    const others = byNumber.get(key) ?? [];
    for (const other of others) {
      const { hostIP: otherIP = "", hostPort: otherPort = 0 } = other.port;
      if (hostIP === otherIP && hostPort === otherPort) {
        warnings.push(`${path}: duplicate port definition with ${other.path}`);
      } else if (hostPort === 0 || otherPort === 0) {
        warnings.push(`${path}: overlapping port definition with ${other.path}`);
      } else if (hostPort === otherPort && (hostIP === "") !== (otherIP === "")) {
        warnings.push(`${path}: dangerously ambiguous port definition with ${other.path}`);
      }
    }
    byNumber.set(key, [...others, { path, port }]);
  }
  return warnings;
}

/** What Go prints for a port. */
const goText = ({ name = "", hostPort = 0, containerPort, protocol = "", hostIP = "" }: ContainerPort) =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;

function names(ports: readonly Port[]): string[] {
  const first = new Map<string, string>();
  return ports.flatMap(({ path, port: { name } }) => {
    if (!name) return [];
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, path);
      return [];
    }
    const text = `duplicate port name ${JSON.stringify(name)} with ${other}`;
    return [`${path}: ${text}, services and probes that select ports by name will use ${other}`];
  });
}
