/**
 * The adapter to the runtime: HTTPS on the loopback interface.
 *
 * Nothing else knows sockets. A client that goes away, sends too much, or never reads what it asked for costs no more
 * than its own connection.
 */
import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { failure } from "../status.ts";
import type { User } from "../user.ts";
import type { Handler } from "./handler.ts";
import { type ApiRequest, apiRequest, type ApiResponse, type Sink } from "./message.ts";

/** The largest body that is read, in bytes. Source: `k8s.io/apiserver/pkg/server/config.go` (MaxRequestBodyBytes). */
export const LARGEST_BODY = 3 * 1024 * 1024;
/** Answers above this many bytes are compressed for clients that take it. */
const GZIP_FROM = 128 * 1024;

export interface ServerOptions {
  readonly handler: Handler;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  /** The authority of clients' certificates, PEM. */
  readonly clientAuthority: string;
  /** A free one unless given. */
  readonly port?: number;
  /** "127.0.0.1" unless given. */
  readonly host?: string;
  /** Takes over connections that are upgraded: exec, attach, port-forward. Without it they are closed. */
  readonly upgrade?: UpgradeHandler;
}

/**
 * Takes over a connection after `Connection: Upgrade`.
 *
 * @param request what the client asked for; its body is empty
 * @param socket the connection, for the handler to write the answer to, and to close
 * @param head what the client sent beyond the request already
 */
export type UpgradeHandler = (
  request: ApiRequest,
  raw: IncomingMessage,
  socket: Socket,
  head: Uint8Array,
) => void | Promise<void>;

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** "https://127.0.0.1:6443" */
  readonly url: string;
}

/** Listens, and serves until disposed. @rejects when the port is taken */
export async function listen(options: ServerOptions): Promise<RunningServer> {
  const { handler, host = "127.0.0.1", port = 0 } = options;
  const { createServer } = await import("node:https");
  const server = createServer({
    cert: options.certificate,
    key: options.key,
    ca: options.clientAuthority,
    requestCert: true,
    rejectUnauthorized: false,
  }, (incoming, outgoing) => void serve(handler, incoming, outgoing));
  // Watches and long lists take as long as they take.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 180_000;
  const connections = new Set<Socket>();
  server.on("secureConnection", (socket: Socket) => {
    connections.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => connections.delete(socket));
  });
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  server.on("clientError", (_error: Error, socket: Socket) => socket.destroy());
  server.on("upgrade", (incoming: IncomingMessage, socket: Socket, head: Uint8Array) => {
    socket.on("error", () => socket.destroy());
    if (options.upgrade === undefined) socket.destroy();
    else {void Promise.resolve(options.upgrade(requestOf(incoming), incoming, socket, head)).catch(() =>
        socket.destroy()
      );}
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const actual = (server.address() as AddressInfo).port;
  return {
    port: actual,
    url: `https://${host}:${actual}`,
    [Symbol.asyncDispose]: () => close(server, connections),
  };
}

async function close(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of connections) socket.destroy();
  await closed;
}

async function serve(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  incoming.on("error", () => {});
  outgoing.on("error", () => {});
  const response = await handler(requestOf(incoming));
  if (outgoing.destroyed) return;
  await send(incoming, outgoing, response);
}

export function requestOf(incoming: IncomingMessage): ApiRequest {
  return apiRequest({
    method: incoming.method ?? "GET",
    target: incoming.url ?? "/",
    headers: incoming.headers as ApiRequest["headers"],
    values: (name) => incoming.headersDistinct[name] ?? [],
    body: () => readBody(incoming),
    certificateUser: certificateUser(incoming.socket as TLSSocket),
  });
}

/** Reading a certificate costs more than many a request; a connection has the same one all its life. */
const certificateUsers = new WeakMap<TLSSocket, { readonly user: User | undefined }>();

function certificateUser(socket: TLSSocket): User | undefined {
  let known = certificateUsers.get(socket);
  if (known === undefined) certificateUsers.set(socket, known = { user: userOf(socket) });
  return known.user;
}

/** Whom a certificate names: its common name, in the groups that its organizations are; and which one it was. */
function userOf(socket: TLSSocket): User | undefined {
  if (!socket.authorized) return undefined;
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  if (!subject?.CN) return undefined;
  const groups = subject.O === undefined ? [] : [subject.O].flat();
  const id = `X509SHA256=${fingerprint256.replaceAll(":", "").toLowerCase()}`;
  return { name: [subject.CN].flat()[0], groups, extra: { "authentication.kubernetes.io/credential-id": [id] } };
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > LARGEST_BODY) {
      throw failure(
        413,
        "RequestEntityTooLarge",
        `Request entity too large: limit is ${LARGEST_BODY}`,
        {},
      );
    }
    chunks.push(chunk);
  }
  if (chunks.length === 1) return chunks[0];
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

async function send(incoming: IncomingMessage, outgoing: ServerResponse, response: ApiResponse): Promise<void> {
  const { status, headers, stream } = response;
  // A connection is kept without a word of it, as by Go's server.
  outgoing.removeHeader("Connection");
  if (stream !== undefined) {
    outgoing.writeHead(status, headers as Record<string, string | string[]>);
    outgoing.flushHeaders();
    pour(incoming, outgoing, stream);
    return;
  }
  let body: Uint8Array = response.body === undefined ? new Uint8Array() : Buffer.from(response.body as string);
  const more: Record<string, string> = {};
  if (body.length > GZIP_FROM && /\bgzip\b/.test(String(incoming.headers["accept-encoding"] ?? ""))) {
    const { gzip } = await import("node:zlib");
    const plain = body;
    body = await new Promise<Uint8Array>((resolve, reject) =>
      gzip(plain, { level: 1 }, (error, result) => error ? reject(error) : resolve(result))
    );
    more["Content-Encoding"] = "gzip";
    more["Vary"] = "Accept-Encoding";
  }
  if (status !== 304) more["Content-Length"] = String(body.length);
  outgoing.writeHead(status, { ...headers as Record<string, string | string[]>, ...more });
  outgoing.end(incoming.method === "HEAD" || status === 304 ? undefined : body);
}

function pour(incoming: IncomingMessage, outgoing: ServerResponse, stream: NonNullable<ApiResponse["stream"]>): void {
  const sink: Sink = {
    write: (chunk) => void outgoing.write(chunk),
    end: () => void outgoing.end(),
    get waiting() {
      return outgoing.writableLength;
    },
  };
  const stop = stream(sink);
  outgoing.on("close", stop);
  incoming.on("aborted", stop);
}
