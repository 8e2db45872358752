/**
 * `exec` and `attach` of pods, whatever carries their streams.
 *
 * Source: `pkg/registry/core/pod/rest/subresources.go`.
 */
import { admitRequest, type HandlerOptions } from "../http/handler.ts";
import type { ApiRequest } from "../http/message.ts";
import type { RequestInfo } from "../http/request_info.ts";
import { notServed } from "../http/resources.ts";
import { badRequest, internalError, StatusError } from "../status.ts";
import type { KubeletConnection } from "./kubelet_connection.ts";
import { checkScheduled, containerOf, podOf } from "./pod_target.ts";
import { type RemoteCommand, type RemoteCommandOptions, remoteCommandOptions } from "./remote_command.ts";

export interface PodCommandOptions extends Pick<HandlerOptions, "core" | "authenticate"> {
  readonly kubelet: KubeletConnection;
}

/** Opens the streams that the client asked for. */
export type AcceptCommand = (options: RemoteCommandOptions) => RemoteCommand | Promise<RemoteCommand>;

/** Runs a command from its request to its end; `accept` is called once nothing speaks against it. */
export type CommandHandler = (request: ApiRequest, accept: AcceptCommand) => Promise<void>;

/** Commands of clients in this process, who need no connection for the streams. */
export function commandHandler(options: PodCommandOptions): CommandHandler {
  return async (request, accept) => {
    const { info } = await admitRequest(options, request);
    await runPodCommand(options, request, info, accept);
  };
}

/** @throws {StatusError | PlainTextError} before the streams are opened; afterwards they tell of errors */
export async function runPodCommand(
  { core, kubelet }: PodCommandOptions,
  { query }: ApiRequest,
  info: RequestInfo,
  accept: AcceptCommand,
): Promise<void> {
  if (!info.isResource || info.group !== "" || info.resource !== "pods") throw notServed();
  if (info.subresource !== "exec" && info.subresource !== "attach") throw notServed();
  const pod = podOf(core.store, info.namespace, info.name);
  const container = containerOf(pod, query.get("container") ?? "");
  checkScheduled(pod);
  const words = query.getAll("command");
  if (info.subresource === "exec" && words.length === 0) {
    throw badRequest("you must specify at least one command for the container");
  }
  kubelet.checkContainer(pod, container, info.subresource);
  const options = remoteCommandOptions(query);
  const session = await accept(options);
  try {
    if (info.subresource === "exec") await kubelet.exec(pod, container, words, options, session);
    else await kubelet.attach(pod, container, options, session);
  } catch (error) {
    // The connection is no HTTP any more: the client learns of it as the end of the command.
    session.finish((error instanceof StatusError ? error : internalError((error as Error).message)).status);
  }
}
