/**
 * `exec`, `attach` and `portforward` of pods: requests that become connections.
 *
 * Source: `pkg/registry/core/pod/rest/subresources.go`.
 */
import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { admitRequest, errorResponse, type HandlerOptions } from "../http/handler.ts";
import { type ApiRequest, text } from "../http/message.ts";
import type { ResourceInfo } from "../http/request_info.ts";
import { badRequest, failure, internalError, StatusError } from "../status.ts";
import type { KubeletConnection } from "./kubelet_connection.ts";
import { PlainTextError } from "./plain_text_error.ts";
import { checkScheduled, containerOf, podOf } from "./pod_target.ts";
import { remoteCommandOptions } from "./remote_command.ts";
import { acceptPortForward, acceptRemoteCommand, type Upgrade } from "./upgrade.ts";

export interface PodUpgradeOptions extends Pick<HandlerOptions, "core" | "authenticate"> {
  readonly kubelet: KubeletConnection;
}

/** Takes over a connection, or answers on it why it cannot. */
export function podUpgrade(options: PodUpgradeOptions) {
  return async (request: ApiRequest, raw: IncomingMessage, socket: Duplex, head: Uint8Array): Promise<void> => {
    const upgrade = { request: raw, socket, head: Buffer.from(head) };
    try {
      await serve(options, request, upgrade);
    } catch (error) {
      refuse(socket, error);
    }
  };
}

async function serve(options: PodUpgradeOptions, request: ApiRequest, upgrade: Upgrade): Promise<void> {
  const { info } = await admitRequest(options, request);
  if (!info.isResource || info.group !== "" || info.resource !== "pods") {
    throw failure(404, "NotFound", "the server could not find the requested resource", {});
  }
  const pod = podOf(options.core.store, info.namespace, info.name);
  if (info.subresource === "portforward") {
    checkScheduled(pod);
    const ports = request.query.getAll("ports").flatMap((text) => text.split(",")).map(Number);
    return await acceptPortForward(
      upgrade,
      ports,
      (connection) =>
        void options.kubelet.portForward(pod, connection).catch((error: Error) => connection.end(error.message)),
    );
  }
  if (info.subresource === "exec" || info.subresource === "attach") {
    return await command(options, request, info, upgrade);
  }
  throw failure(404, "NotFound", "the server could not find the requested resource", {});
}

async function command(
  { core, kubelet }: PodUpgradeOptions,
  { query }: ApiRequest,
  info: ResourceInfo,
  upgrade: Upgrade,
) {
  const pod = podOf(core.store, info.namespace, info.name);
  const container = containerOf(pod, query.get("container") ?? "");
  checkScheduled(pod);
  const words = query.getAll("command");
  if (info.subresource === "exec" && words.length === 0) {
    throw badRequest("you must specify at least one command for the container");
  }
  kubelet.checkContainer(pod, container);
  const options = remoteCommandOptions(query);
  const session = await acceptRemoteCommand(upgrade, options);
  try {
    if (info.subresource === "exec") await kubelet.exec(pod, container, words, options, session);
    else await kubelet.attach(pod, container, options, session);
  } catch (error) {
    // The connection is no HTTP any more: the client learns of it as the end of the command.
    session.finish((error instanceof StatusError ? error : internalError((error as Error).message)).status);
  }
}

/** Answers why not, and closes. */
function refuse(socket: Duplex, error: unknown): void {
  const { status, headers, body = "" } = error instanceof PlainTextError
    ? text(error.status, error.message)
    : errorResponse(error);
  const answer = typeof body === "string" ? body : new TextDecoder().decode(body);
  const lines = [
    `HTTP/1.1 ${status} Error`,
    `Content-Type: ${headers["Content-Type"]}`,
    `Content-Length: ${Buffer.byteLength(answer)}`,
    "Connection: close",
  ];
  if (socket.writable) socket.end(`${lines.join("\r\n")}\r\n\r\n${answer}`);
}
