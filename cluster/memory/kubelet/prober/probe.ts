/**
 * Asks a container once: a request, a connection, a command or a gRPC health check.
 *
 * Source: `pkg/kubelet/prober/prober.go`, `pkg/probe/{http,tcp,exec,grpc}`.
 */
import type { Container as ContainerSpec, Probe } from "../../kinds/schema/types.ts";
import type { Container } from "../container.ts";
import { execute } from "../lifecycle_hook.ts";

export interface ProbeOutcome {
  readonly ok: boolean;
  /** What went wrong, or was said. */
  readonly output: string;
}

/** A port by its number or by the name that the container gave it. */
function portOf(port: number | string | undefined, spec: ContainerSpec): number {
  const named = spec.ports?.find(({ name }) => name === port)?.containerPort;
  return named ?? Number(port);
}

/** @param podIP where the container is reached, unless the probe names a host */
export async function runProbe(
  probe: Probe,
  spec: ContainerSpec,
  container: Container,
  podIP: string,
): Promise<ProbeOutcome> {
  const process = container.process!;
  if (probe.exec !== undefined) {
    const { code, output } = await execute(container, probe.exec.command ?? []);
    return { ok: code === 0, output: code < 0 ? `${output}: unknown` : output };
  }
  if (probe.httpGet !== undefined) {
    const { path = "/", scheme = "HTTP", host, httpHeaders = [] } = probe.httpGet;
    const port = portOf(probe.httpGet.port, spec);
    const address = `${host || podIP}:${port}`;
    const url = `${scheme.toLowerCase()}://${address}${path.startsWith("/") ? "" : "/"}${path}`;
    const refused = `Get "${url}": dial tcp ${address}: connect: connection refused`;
    const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name.toLowerCase(), value]));
    const answer = await process.http({ port, path, headers, https: scheme === "HTTPS" });
    if (answer === undefined) {
      return { ok: false, output: process.listens(port) ? `Get "${url}": EOF` : refused };
    }
    if (answer.status >= 200 && answer.status < 400) return { ok: true, output: answer.body };
    return { ok: false, output: `HTTP probe failed with statuscode: ${answer.status}` };
  }
  if (probe.tcpSocket !== undefined) {
    const port = portOf(probe.tcpSocket.port, spec);
    if (process.listens(port)) return { ok: true, output: "" };
    return { ok: false, output: `dial tcp ${probe.tcpSocket.host || podIP}:${port}: connect: connection refused` };
  }
  if (probe.grpc !== undefined) {
    const { port, service = "" } = probe.grpc;
    const health = process.grpcHealth?.(port, service);
    if (health === "SERVING") return { ok: true, output: "service healthy" };
    if (health !== undefined) return { ok: false, output: `service unhealthy (responded with "${health}")` };
    const output = `timeout: failed to connect service "${podIP}:${port}" within ${probe.timeoutSeconds ?? 1}s: ` +
      "context deadline exceeded";
    return { ok: false, output };
  }
  return { ok: true, output: "" };
}
