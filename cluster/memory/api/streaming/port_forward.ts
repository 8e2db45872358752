/**
 * Forwarded ports: connections of a client into a pod, over SPDY streams (kubectl) or WebSocket channels (the
 * JavaScript client).
 *
 * Source: `k8s.io/kubelet/pkg/cri/streaming/portforward`.
 */
import type { WebSocket } from "ws";
import { pipe } from "./remote_command.ts";
import { type ByteChannel, SpdyConnection, type SpdyStream } from "./spdy_connection.ts";
import { concat } from "./spdy_frame.ts";

/** One connection of the client to one port of the pod. */
export interface ForwardedConnection {
  readonly port: number;
  /** What the client sends; ends when it closes its side. */
  readonly input: ReadableStream<Uint8Array>;
  output(chunk: Uint8Array): void;
  /** Ends the connection; a message says why it could not be served. */
  end(error?: string): void;
}

export const PORT_FORWARD_PROTOCOL = "portforward.k8s.io";

/** The WebSocket protocol in whose messages kubectl from 1.31 on hides its SPDY connection. */
export const TUNNELLED_PORT_FORWARD_PROTOCOL = "SPDY/3.1+portforward.k8s.io";

/**
 * kubectl's port-forward: for each connection an error stream and a data stream with the same request id.
 *
 * @returns the connection, to be fed with the client's bytes
 */
export function spdyPortForward(
  channel: ByteChannel,
  serve: (connection: ForwardedConnection) => void,
  onclose?: () => void,
): SpdyConnection {
  const errors = new Map<string, SpdyStream>();
  return new SpdyConnection(channel, (stream) => {
    const { streamtype, port = "", requestid = port } = stream.headers;
    if (streamtype === "error") {
      errors.set(requestid, stream);
      return;
    }
    const error = errors.get(requestid);
    errors.delete(requestid);
    const input = pipe<Uint8Array>();
    stream.ondata = (chunk) => input.push(chunk.slice());
    stream.onend = input.end;
    serve({
      port: Number(port),
      input: input.readable,
      output: (chunk) => stream.write(chunk),
      end(message) {
        if (message !== undefined) error?.write(new TextEncoder().encode(message));
        error?.end();
        stream.end();
      },
    });
  }, onclose);
}

/** kubectl's port-forward inside a WebSocket's binary messages. */
export function tunnelledPortForward(socket: WebSocket, serve: (connection: ForwardedConnection) => void): void {
  const channel: ByteChannel = { write: (bytes) => socket.send(bytes), close: () => socket.close(1000) };
  const connection = spdyPortForward(channel, serve);
  socket.on("message", (data: Uint8Array) => connection.receive(new Uint8Array(data)));
  socket.on("close", () => connection.disconnected());
  socket.on("error", () => connection.disconnected());
}

/**
 * The JavaScript client's port-forward: for the port at place i of `ports`, channel 2i carries data and 2i + 1 errors;
 * each channel begins with the port's number in two bytes, the low one first.
 */
export function websocketPortForward(
  socket: WebSocket,
  ports: readonly number[],
  serve: (connection: ForwardedConnection) => void,
): void {
  const send = (channel: number, payload: Uint8Array) => {
    if (socket.readyState === socket.OPEN) socket.send(concat([Uint8Array.of(channel), payload]));
  };
  const inputs = ports.map(() => pipe<Uint8Array>());
  socket.on("message", (data: Uint8Array) => {
    if (data.length > 1 && data[0] % 2 === 0) inputs[data[0] / 2]?.push(new Uint8Array(data.subarray(1)));
  });
  const left = () => inputs.forEach((input) => input.end());
  socket.on("close", left);
  socket.on("error", left);
  let open = ports.length;
  ports.forEach((port, i) => {
    const number = Uint8Array.of(port & 0xff, port >> 8);
    send(2 * i, number);
    send(2 * i + 1, number);
    serve({
      port,
      input: inputs[i].readable,
      output: (chunk) => send(2 * i, chunk),
      end(message) {
        if (message !== undefined) send(2 * i + 1, new TextEncoder().encode(message));
        if (--open === 0) socket.close(1000);
      },
    });
  });
}
