/**
 * `exec`, `attach` and `portforward` of pods: requests that become connections.
 *
 * Source: `pkg/registry/core/pod/rest/subresources.go`.
 */
import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { admitRequest, errorResponse } from "../http/handler.ts";
import { type ApiRequest, type ApiResponse, text } from "../http/message.ts";
import { PlainTextError } from "./plain_text_error.ts";
import { type PodCommandOptions, runPodCommand } from "./pod_command.ts";
import { checkScheduled, podOf } from "./pod_target.ts";
import { acceptPortForward, acceptRemoteCommand, type Upgrade } from "./upgrade.ts";

/** Takes over a connection, or answers on it why it cannot. */
export function podUpgrade(options: PodCommandOptions) {
  return async (request: ApiRequest, raw: IncomingMessage, socket: Duplex, head: Uint8Array): Promise<void> => {
    const upgrade = { request: raw, socket, head: Buffer.from(head) };
    try {
      await serve(options, request, upgrade);
    } catch (error) {
      refuse(socket, error);
    }
  };
}

async function serve(options: PodCommandOptions, request: ApiRequest, upgrade: Upgrade): Promise<void> {
  const { info } = await admitRequest(options, request);
  if (!info.isResource || info.group !== "" || info.resource !== "pods" || info.subresource !== "portforward") {
    return await runPodCommand(options, request, info, (streams) => acceptRemoteCommand(upgrade, streams));
  }
  const pod = podOf(options.core.store, info.namespace, info.name);
  checkScheduled(pod);
  const ports = request.query.getAll("ports").flatMap((text) => text.split(",")).map(Number);
  await acceptPortForward(
    upgrade,
    ports,
    (connection) =>
      void options.kubelet.portForward(pod, connection).catch((error: Error) => connection.end(error.message)),
  );
}

/** What a client is answered whose connection is not taken over. */
export const refusalOf = (error: unknown): ApiResponse =>
  error instanceof PlainTextError ? text(error.status, error.message) : errorResponse(error);

/** Answers why not, and closes. */
function refuse(socket: Duplex, error: unknown): void {
  const { status, headers, body = "" } = refusalOf(error);
  const answer = typeof body === "string" ? body : new TextDecoder().decode(body);
  const lines = [
    `HTTP/1.1 ${status} Error`,
    `Content-Type: ${headers["Content-Type"]}`,
    `Content-Length: ${Buffer.byteLength(answer)}`,
    "Connection: close",
  ];
  if (socket.writable) socket.end(`${lines.join("\r\n")}\r\n\r\n${answer}`);
}
