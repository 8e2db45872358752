/**
 * A remote command over SPDY/3.1, as kubectl up to 1.30 speaks it: the client opens a stream for each purpose.
 *
 * Source: `k8s.io/kubelet/pkg/cri/streaming/remotecommand/httpstream.go`.
 */
import type { Status } from "../../kinds/schema/types.ts";
import { pipe, type RemoteCommand, type RemoteCommandOptions, type TerminalSize } from "./remote_command.ts";
import { type ByteChannel, SpdyConnection, type SpdyStream } from "./spdy_connection.ts";

/** The versions of the protocol, the best first. Before the fourth, an error is plain text and there is no exit code. */
export const SPDY_REMOTE_COMMAND_PROTOCOLS = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v3.channel.k8s.io",
  "v2.channel.k8s.io",
  "channel.k8s.io",
] as const;

export interface SpdyRemoteCommand {
  readonly connection: SpdyConnection;
  /** Resolves when the client has opened all the streams that it asked for. */
  readonly ready: Promise<RemoteCommand>;
}

/** @param protocol one of {@linkcode SPDY_REMOTE_COMMAND_PROTOCOLS} */
export function spdyRemoteCommand(
  channel: ByteChannel,
  protocol: string,
  options: RemoteCommandOptions,
): SpdyRemoteCommand {
  const streams = new Map<string, SpdyStream>();
  const wanted = wantedStreams(protocol, options);
  const gone = new AbortController();
  const stdin = pipe<Uint8Array>();
  const resizes = pipe<TerminalSize>();
  if (!options.stdin) stdin.end();
  if (!wanted.has("resize")) resizes.end();
  const { promise: ready, resolve } = Promise.withResolvers<RemoteCommand>();

  const connection = new SpdyConnection(channel, (stream) => {
    const type = stream.headers.streamtype ?? "";
    streams.set(type, stream);
    if (type === "stdin") {
      stream.ondata = stdin.push;
      stream.onend = stdin.end;
    } else if (type === "resize") {
      stream.ondata = (chunk) => pushSize(chunk, resizes.push);
      stream.onend = resizes.end;
    }
    if ([...wanted].every((name) => streams.has(name))) resolve(command);
  }, () => {
    stdin.end();
    resizes.end();
    gone.abort();
  });

  let finished = false;
  const command: RemoteCommand = {
    stdin: stdin.readable,
    resizes: resizes.readable,
    signal: gone.signal,
    stdout: (chunk) => streams.get("stdout")?.write(chunk),
    stderr: (chunk) => streams.get("stderr")?.write(chunk),
    finish(status) {
      if (finished) return;
      finished = true;
      streams.get("error")?.write(encodeStatus(protocol, status));
      for (const stream of streams.values()) stream.end();
      connection.close();
    },
  };
  return { connection, ready };
}

function wantedStreams(protocol: string, { stdin, stdout, stderr, tty }: RemoteCommandOptions): Set<string> {
  const hasResize = /^v[345]\./.test(protocol);
  const names = [["stdin", stdin], ["stdout", stdout], ["stderr", stderr], ["resize", tty && hasResize]] as const;
  return new Set(["error", ...names.filter(([, asked]) => asked).map(([name]) => name)]);
}

function encodeStatus(protocol: string, status: Status): Uint8Array {
  const hasStatus = /^v[45]\./.test(protocol);
  if (hasStatus) return new TextEncoder().encode(JSON.stringify(status));
  return new TextEncoder().encode(status.status === "Success" ? "" : status.message ?? "");
}

/** A size as kubectl writes it, `{"Width":80,"Height":24}`; anything else is passed over. */
export function pushSize(chunk: Uint8Array, push: (size: TerminalSize) => void): void {
  for (const line of new TextDecoder().decode(chunk).split("\n")) {
    try {
      const { Width: width, Height: height } = JSON.parse(line) as { Width: number; Height: number };
      if (Number.isInteger(width) && Number.isInteger(height)) push({ width, height });
    } catch {
      // An empty or broken line says no size.
    }
  }
}
