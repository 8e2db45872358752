/**
 * What `kubectl exec` and `attach` speak, whatever carries it: standard streams, the terminal's size, the end.
 *
 * Source: `k8s.io/apimachinery/pkg/util/remotecommand/constants.go`, `k8s.io/kubelet/pkg/cri/streaming/remotecommand`.
 */
import type { Status } from "../../kinds/schema/types.ts";

/** Which streams the client asked for in its request's query. */
export interface RemoteCommandOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

/** The server's end of a remote command. */
export interface RemoteCommand {
  /** What the client types; ends when it closes its side. Empty when no stdin was asked for. */
  readonly stdin: ReadableStream<Uint8Array>;
  /** The terminal's sizes as they change, when there is a terminal. */
  readonly resizes: ReadableStream<TerminalSize>;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  stdout(chunk: Uint8Array): void;
  stderr(chunk: Uint8Array): void;
  /** Tells how it ended and closes all. Only the first call counts. */
  finish(status: Status): void;
}

/** The query's options, as kubectl (`stdin=true`) and other clients (`stdin=1`) write them. */
export function remoteCommandOptions(query: URLSearchParams): RemoteCommandOptions {
  const flag = (name: string) => ["true", "1"].includes(query.get(name) ?? "");
  const tty = flag("tty");
  // A terminal has one output.
  return { stdin: flag("stdin"), stdout: flag("stdout"), stderr: flag("stderr") && !tty, tty };
}

export const SUCCESS: Status = { metadata: {}, status: "Success" };

/** The end of a command by itself: success, or the exit code as kubectl reads it. */
export function exitStatus(code: number): Status {
  if (code === 0) return SUCCESS;
  return {
    metadata: {},
    status: "Failure",
    reason: "NonZeroExitCode",
    message: `command terminated with non-zero exit code: exit status ${code}`,
    details: { causes: [{ reason: "ExitCode", message: String(code) }] },
  };
}

/** A stream that is written to from outside, for what a client sends. */
export function pipe<T>(): { readonly readable: ReadableStream<T>; push(value: T): void; end(): void } {
  let controller!: ReadableStreamDefaultController<T>;
  let ended = false;
  const readable = new ReadableStream<T>({
    start(given) {
      controller = given;
    },
    cancel() {
      ended = true;
    },
  });
  return {
    readable,
    push(value) {
      if (!ended) controller.enqueue(value);
    },
    end() {
      if (ended) return;
      ended = true;
      controller.close();
    },
  };
}
