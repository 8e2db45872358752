/**
 * A remote command over a WebSocket, as kubectl from 1.31 on and the JavaScript client speak it: the first byte of each
 * message is its channel.
 *
 * Source: `k8s.io/client-go/tools/remotecommand/websocket.go`, `k8s.io/apiserver/pkg/util/wsstream`.
 */
import type { WebSocket } from "ws";
import type { Status } from "../../kinds/schema/types.ts";
import { internalError } from "../status.ts";
import { pipe, type RemoteCommand, type RemoteCommandOptions, type TerminalSize } from "./remote_command.ts";
import { concat } from "./spdy_frame.ts";
import { pushSize } from "./spdy_remote_command.ts";

/** The versions of the protocol, the best first; those with base64 carry text messages. */
export const WEBSOCKET_REMOTE_COMMAND_PROTOCOLS = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v4.base64.channel.k8s.io",
  "channel.k8s.io",
  "base64.channel.k8s.io",
  "",
] as const;

const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

export function websocketRemoteCommand(socket: WebSocket, options: RemoteCommandOptions): RemoteCommand {
  const isText = socket.protocol.includes("base64");
  const stdin = pipe<Uint8Array>();
  const resizes = pipe<TerminalSize>();
  const gone = new AbortController();
  if (!options.stdin) stdin.end();
  if (!options.tty) resizes.end();

  socket.on("message", (data: Uint8Array) => {
    const [channel, payload] = isText ? decodeText(data) : [data[0], data.subarray(1)];
    if (channel === CHANNEL.stdin && options.stdin && payload.length > 0) stdin.push(payload.slice());
    else if (channel === CHANNEL.resize && options.tty) pushSize(payload, resizes.push);
    else if (channel === CHANNEL.close && payload[0] === CHANNEL.stdin) stdin.end();
  });
  const left = () => {
    stdin.end();
    resizes.end();
    gone.abort();
  };
  socket.on("close", left);
  socket.on("error", left);

  const send = (channel: number, payload: Uint8Array) => {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(isText ? encodeText(channel, payload) : concat([Uint8Array.of(channel), payload]));
  };
  // Clients take the first messages as a sign that the streams are there.
  for (const [channel, asked] of [[CHANNEL.stdout, options.stdout], [CHANNEL.stderr, options.stderr]] as const) {
    if (asked) send(channel, new Uint8Array(0));
  }
  let finished = false;
  return {
    stdin: stdin.readable,
    resizes: resizes.readable,
    signal: gone.signal,
    stdout: (chunk) => options.stdout && send(CHANNEL.stdout, chunk),
    stderr: (chunk) => options.stderr && send(CHANNEL.stderr, chunk),
    finish(status) {
      if (finished) return;
      finished = true;
      send(CHANNEL.error, encodeStatus(socket.protocol, translated(socket.protocol, status)));
      socket.close(1000);
    },
  };
}

/**
 * The newest version is spoken by the API server itself, which asks the kubelet in the older way: what that says of a
 * command that did not come to its end is to it an error of its own.
 *
 * Source: `k8s.io/apiserver/pkg/util/proxy/streamtranslator.go`.
 */
function translated(protocol: string, status: Status): Status {
  const ended = status.status === "Success" || status.reason === "NonZeroExitCode";
  return ended || protocol !== "v5.channel.k8s.io" ? status : internalError(status.message ?? "").status;
}

function encodeStatus(protocol: string, status: Status): Uint8Array {
  const hasStatus = protocol.startsWith("v");
  const text = hasStatus ? JSON.stringify(status) : status.status === "Success" ? "" : status.message ?? "";
  return new TextEncoder().encode(text);
}

/** A text message: the channel as a digit, then base64. */
function decodeText(data: Uint8Array): [number, Uint8Array] {
  const text = new TextDecoder().decode(data);
  try {
    return [Number(text[0]), Uint8Array.from(atob(text.slice(1)), (character) => character.charCodeAt(0))];
  } catch {
    return [-1, new Uint8Array(0)];
  }
}

function encodeText(channel: number, payload: Uint8Array): string {
  return `${channel}${btoa(Array.from(payload, (byte) => String.fromCharCode(byte)).join(""))}`;
}
