/**
 * Asks a container once: a request, a connection, a command or a gRPC health check.
 *
 * Source: `pkg/kubelet/prober/prober.go`, `pkg/probe/{http,tcp,exec,grpc}`.
 */
import type { Probe } from "../../kinds/schema/types.ts";
import type { Container } from "../container.ts";
import { expand } from "../container_env.ts";
import { execute } from "../lifecycle_hook.ts";
import { dial, httpGet, listenerOn, podAddress, type PodTarget, PortError, portOf, urlOf } from "./http_get.ts";

/**
 * What came of it: "errored" when it could not be asked, which tells nothing of the container; "warning" is a success
 * that somebody should look at.
 */
export interface ProbeOutcome {
  readonly result: "success" | "warning" | "failure" | "errored";
  /** What went wrong, or was said. */
  readonly output: string;
}

/** Of an answer or an output, more is not read. */
const LONGEST = 10 * 1024;

const success = (output = ""): ProbeOutcome => ({ result: "success", output: output.slice(0, LONGEST) });
const failure = (output: string): ProbeOutcome => ({ result: "failure", output: output.slice(0, LONGEST) });
const errored = (output: string): ProbeOutcome => ({ result: "errored", output });

/** Asks once. What cannot be asked, such as a port without a number, is "errored". */
export async function runProbe(probe: Probe, target: PodTarget, container: Container): Promise<ProbeOutcome> {
  try {
    if (probe.exec !== undefined) return await execProbe(probe.exec.command ?? [], target, container);
    if (probe.httpGet !== undefined) return await httpProbe(probe.httpGet, target);
    if (probe.tcpSocket !== undefined) {
      const { host, port } = probe.tcpSocket;
      const peer = await dial(target, host || podAddress(target), portOf(port, target.spec));
      return typeof peer === "string" ? failure(peer) : success();
    }
    return probe.grpc === undefined ? success() : grpcProbe(probe, target);
  } catch (error) {
    if (error instanceof PortError) return errored(error.message);
    throw error;
  }
}

/** What is said of a container that does not answer in time. */
export function timedOut(probe: Probe, target: PodTarget): ProbeOutcome {
  const seconds = `${probe.timeoutSeconds ?? 1}s`;
  if (probe.grpc !== undefined) return failure(`timeout: health rpc did not complete within ${seconds}`);
  if (probe.exec !== undefined) {
    const command = JSON.stringify((probe.exec.command ?? []).join(" "));
    return failure(`command timed out: ${command} timed out after ${seconds}`);
  }
  const url = JSON.stringify(probe.httpGet === undefined ? "" : urlOf(probe.httpGet, target));
  return failure(`Get ${url}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)`);
}

async function execProbe(
  command: readonly string[],
  { spec, node }: PodTarget,
  container: Container,
): Promise<ProbeOutcome> {
  const env = new Map(
    (spec.env ?? []).filter((one) => one.valueFrom === undefined).map((one) => [one.name, one.value]),
  );
  const words = command.map((word) => expand(word, (name) => env.get(name)));
  const { code, output } = await execute(container, words, node.clock);
  if (code === undefined) return errored(output);
  return code === 0 ? success(output) : failure(output);
}

async function httpProbe(action: NonNullable<Probe["httpGet"]>, target: PodTarget): Promise<ProbeOutcome> {
  const answer = await httpGet(action, target);
  if (typeof answer === "string") return failure(answer);
  const { status, body } = answer;
  if (status < 200 || status >= 400) return failure(`HTTP probe failed with statuscode: ${status}`);
  if (status < 300) return success(body);
  return { result: "warning", output: `Probe terminated redirects, Response body: ${body.slice(0, LONGEST)}` };
}

function grpcProbe({ grpc, timeoutSeconds = 1 }: Probe, target: PodTarget): ProbeOutcome {
  const { port, service = "" } = grpc!;
  const health = listenerOn(target, port)?.grpcHealth?.(port, service);
  switch (health) {
    case "SERVING":
      return success("service healthy");
    case "NOT_SERVING":
      return failure(`service unhealthy (responded with ${JSON.stringify(health)})`);
    case "NOT_FOUND":
      return failure("error: health rpc probe failed: rpc error: code = NotFound desc = unknown service");
    case undefined: {
      // Whoever does not speak gRPC is tried until the time is over.
      const address = JSON.stringify(`${podAddress(target)}:${port}`);
      return failure(
        `timeout: failed to connect service ${address} within ${timeoutSeconds}s: context deadline exceeded`,
      );
    }
  }
}
