/** Runs a command in a container over the official client's WebSocket. */
import type { KubeConfig, V1Status } from "@kubernetes/client-node";
import { Buffer } from "node:buffer";
import { Writable } from "node:stream";
import { ApiError, type ContainerRef, type ExecResult } from "../cluster.ts";

/** For so long, in milliseconds, a command is waited for: one that never ends must not hold up what asked. */
export const EXEC_LIMIT = 60_000;

/**
 * @param overdue aborted when the command has had its time; that is {@linkcode EXEC_LIMIT} of real time unless said
 * @throws {ApiError} the command could not be started, or did not end in time
 */
export async function exec(
  config: KubeConfig,
  pod: ContainerRef,
  command: readonly string[],
  overdue: AbortSignal = AbortSignal.timeout(EXEC_LIMIT),
): Promise<ExecResult> {
  const { Exec } = await import("@kubernetes/client-node");
  const [stdout, stderr] = [collector(), collector()];
  const status = await new Promise<V1Status>((resolve, reject) => {
    const expired = () => reject(overdueError(command));
    overdue.addEventListener("abort", expired, { once: true });
    new Exec(config).exec(
      pod.namespace,
      pod.name,
      pod.container ?? "",
      [...command],
      stdout.stream,
      stderr.stream,
      null,
      false,
      resolve,
    ).then((socket) => {
      if (overdue.aborted) socket.close();
      else overdue.addEventListener("abort", () => socket.close(), { once: true });
      socket.on(
        "close",
        () => reject(new ApiError(500, "InternalError", "the connection closed before the command did")),
      );
    }, (error) => reject(new ApiError(500, "InternalError", (error as Error).message ?? String(error))));
  });
  return { exitCode: exitCodeOf(status), stdout: stdout.text(), stderr: stderr.text() };
}

/** What the end of a command says. @throws {ApiError} it could not be started */
export function exitCodeOf({ status, code = 500, reason = "", message, details }: CommandEnd): number {
  const exitCode = details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  if (exitCode !== undefined) return Number(exitCode);
  if (status === "Success") return 0;
  throw new ApiError(code, reason, message ?? "the command could not be run");
}

/** The part of a Status that tells how a command ended. */
interface CommandEnd {
  readonly status?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

export const overdueError = (command: readonly string[]): ApiError =>
  new ApiError(504, "Timeout", `the command did not end in time: ${command.join(" ")}`);

function collector() {
  const chunks: Uint8Array[] = [];
  const stream = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => new TextDecoder().decode(Buffer.concat(chunks)) };
}
