/** Turns an HTTP request that asks for an upgrade into a remote command or forwarded ports. */
import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { badRequest, failure } from "../status.ts";
import {
  type ForwardedConnection,
  PORT_FORWARD_PROTOCOL,
  spdyPortForward,
  TUNNELLED_PORT_FORWARD_PROTOCOL,
  tunnelledPortForward,
  websocketPortForward,
} from "./port_forward.ts";
import type { RemoteCommand, RemoteCommandOptions } from "./remote_command.ts";
import type { ByteChannel, SpdyConnection } from "./spdy_connection.ts";
import { SPDY_REMOTE_COMMAND_PROTOCOLS, spdyRemoteCommand } from "./spdy_remote_command.ts";
import { WEBSOCKET_REMOTE_COMMAND_PROTOCOLS, websocketRemoteCommand } from "./websocket_remote_command.ts";

/** A request that node:http hands over with its raw connection. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client has already sent beyond the request. */
  readonly head: Buffer;
}

/** @throws {StatusError} when the client speaks no protocol that the server does; nothing has been answered then */
export async function acceptRemoteCommand(upgrade: Upgrade, options: RemoteCommandOptions): Promise<RemoteCommand> {
  if (asksFor(upgrade, "websocket")) {
    const protocol = choose(offered(upgrade, "sec-websocket-protocol"), WEBSOCKET_REMOTE_COMMAND_PROTOCOLS);
    return websocketRemoteCommand(await acceptWebSocket(upgrade, protocol), options);
  }
  if (!asksFor(upgrade, "spdy/3.1")) throw badRequest("Upgrade request required");
  const protocol = choose(offered(upgrade, "x-stream-protocol-version"), SPDY_REMOTE_COMMAND_PROTOCOLS);
  acceptSpdy(upgrade, protocol);
  const { connection, ready } = spdyRemoteCommand(channelOf(upgrade.socket), protocol, options);
  connect(upgrade, connection);
  return await ready;
}

/**
 * @param ports the ports in the request's query, which only WebSocket clients without SPDY give
 * @param serve told of every connection that the client opens
 * @throws {StatusError} when the client speaks no protocol that the server does; nothing has been answered then
 */
export async function acceptPortForward(
  upgrade: Upgrade,
  ports: readonly number[],
  serve: (connection: ForwardedConnection) => void,
): Promise<void> {
  if (asksFor(upgrade, "websocket")) {
    const protocols = [TUNNELLED_PORT_FORWARD_PROTOCOL, "v4.channel.k8s.io", ""];
    const protocol = choose(offered(upgrade, "sec-websocket-protocol"), protocols);
    const socket = await acceptWebSocket(upgrade, protocol);
    if (protocol === TUNNELLED_PORT_FORWARD_PROTOCOL) tunnelledPortForward(socket, serve);
    else websocketPortForward(socket, ports, serve);
    return;
  }
  if (!asksFor(upgrade, "spdy/3.1")) throw badRequest("Upgrade request required");
  const protocol = choose(offered(upgrade, "x-stream-protocol-version"), [PORT_FORWARD_PROTOCOL]);
  acceptSpdy(upgrade, protocol);
  connect(upgrade, spdyPortForward(channelOf(upgrade.socket), serve));
}

function asksFor({ request }: Upgrade, protocol: string): boolean {
  return (request.headers.upgrade ?? "").toLowerCase() === protocol;
}

/** The protocols that a client offers, the best first; clients may send one header each. */
function offered({ request }: Upgrade, header: string): string[] {
  const value = request.headers[header];
  const text = Array.isArray(value) ? value.join(",") : value ?? "";
  return text.split(",").map((protocol) => protocol.trim()).filter((protocol) => protocol !== "");
}

function choose(client: readonly string[], server: readonly string[]): string {
  if (client.length === 0 && server.includes("")) return "";
  const chosen = client.find((protocol) => server.includes(protocol));
  if (chosen !== undefined) return chosen;
  const list = (protocols: readonly string[]) => `[${protocols.filter((protocol) => protocol !== "").join(" ")}]`;
  const why = `unable to negotiate protocol: client supports ${list(client)}, server accepts ${list(server)}`;
  throw failure(403, "Forbidden", `unable to upgrade: ${why}`);
}

/** The libraries are loaded by the first client that needs them. */
async function acceptWebSocket({ request, socket, head }: Upgrade, protocol: string): Promise<WebSocket> {
  const { WebSocketServer } = await import("ws");
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => protocol || false });
  return await new Promise((resolve, reject) => {
    socket.once("error", reject);
    server.handleUpgrade(request, socket, head, resolve);
  });
}

function acceptSpdy({ socket }: Upgrade, protocol: string): void {
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Connection: Upgrade",
    "Upgrade: SPDY/3.1",
    `X-Stream-Protocol-Version: ${protocol}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
}

function channelOf(socket: Duplex): ByteChannel {
  return { write: (bytes) => void (socket.writable && socket.write(bytes)), close: () => void socket.end() };
}

function connect({ socket, head }: Upgrade, connection: SpdyConnection): void {
  if (head.length > 0) connection.receive(head);
  socket.on("data", (chunk: Uint8Array) => connection.receive(chunk));
  socket.on("close", () => connection.disconnected());
  socket.on("error", () => connection.disconnected());
}
