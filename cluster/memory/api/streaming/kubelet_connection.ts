/**
 * What the API server asks of the kubelet of a pod's node: logs, commands, ports.
 *
 * Source: `pkg/kubelet/server/server.go`. In process, these are calls; the errors are what the kubelet's own server
 * would answer, which the API server passes on.
 */
import type { Pod } from "../../kinds/schema/types.ts";
import type { ForwardedConnection } from "./port_forward.ts";
import type { RemoteCommand, RemoteCommandOptions } from "./remote_command.ts";

/** The query of `pods/log`, checked. */
export interface LogOptions {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly sinceSeconds?: number;
  /** Milliseconds since the epoch. */
  readonly sinceTime?: number;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly stream: "All" | "Stdout" | "Stderr";
}

/** A log being read: what there is, then what comes, until the end or until it is stopped. */
export interface LogReader {
  /** @param end called once after the last chunk */
  start(write: (text: string) => void, end: () => void): void;
  stop(): void;
}

/** All methods throw a StatusError for what cannot be done. */
export interface KubeletConnection {
  logs(pod: Pod, options: LogOptions): LogReader;
  /** Checks that the container can be asked, before the connection is upgraded. */
  checkContainer(pod: Pod, container: string, purpose: "exec" | "attach"): void;
  /** Runs a command in a container, from its start to `session.finish`. */
  exec(
    pod: Pod,
    container: string,
    command: readonly string[],
    options: RemoteCommandOptions,
    session: RemoteCommand,
  ): Promise<void>;
  /** Joins a container's own process. */
  attach(pod: Pod, container: string, options: RemoteCommandOptions, session: RemoteCommand): Promise<void>;
  portForward(pod: Pod, connection: ForwardedConnection): Promise<void>;
}
