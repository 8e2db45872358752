/**
 * What runs containers. The kubelet decides when a container is started, asked and stopped; what happens inside it is
 * behind this interface, so that a container can be anything from a sleeping server to a whole shell.
 *
 * A runtime lives on the injected clock alone and never touches the host: no program of it is run, no file of it read.
 */
import type { Clock } from "../../clock.ts";
import type { Image } from "../images/image.ts";
import type { Entry } from "./files/entry.ts";
import type { Network } from "./network.ts";

/** A file or folder that is put into a container. */
export interface Mount {
  readonly path: string;
  readonly readOnly: boolean;
  /** A part of the volume instead of all of it. */
  readonly subPath?: string;
  readonly volume: VolumeContent;
}

/** A volume's files by their path in it, "config/app.yaml". Containers that share the volume share the map. */
export interface VolumeContent {
  readonly files: Map<string, string | Uint8Array>;
  /** Folders, links, and what is known of files beside their content. */
  special?: Map<string, Entry>;
  /** The part of the map that this volume is, "var/log"; all of it unless said. */
  readonly root?: string;
}

/** How much a container may use. */
export interface Limits {
  /** In bytes; more is killed. */
  readonly memory?: number;
  /** In thousandths of a CPU. */
  readonly cpu?: number;
}

/** All that a container is started with. */
export interface ContainerConfig {
  readonly image: Image;
  /** "1.27" */
  readonly imageTag?: string;
  /** The program and its arguments; the image's own unless said. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly user?: number;
  readonly hostname: string;
  readonly podIP: string;
  readonly mounts: readonly Mount[];
  /** In bytes; more is killed. */
  readonly memoryLimit?: number;
  /** In thousandths of a CPU. */
  readonly cpuLimit?: number;
  readonly stdin: boolean;
  /** Its input ends with the first client that leaves. */
  readonly stdinOnce?: boolean;
  readonly tty: boolean;
  readonly terminationMessagePath: string;
  readonly namespace?: string;
  readonly podName?: string;
  readonly nodeName?: string;
  readonly group?: number;
  /** Groups beside its own. */
  readonly groups?: readonly number[];
  readonly readOnlyRoot?: boolean;
  /** Its /etc/hosts, where it is not the usual one. */
  readonly hosts?: string;
  /** Its /etc/resolv.conf. */
  readonly resolvConf?: string;
  readonly network?: Network;
  /** Whether a port is another container's: all of a pod share their ports. */
  readonly isTaken?: (port: number) => boolean;
  /** What the program kube-apiserver serves. */
  readonly apiServer?: ApiServer;
  /** The container whose processes it sees. */
  readonly target?: ContainerProcess;
  /** Told of what must not happen. */
  readonly report?: (error: unknown) => void;
}

export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

/** Where a process writes. */
export interface Output {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Takes the bytes instead, where what is written need not be text. */
  bytes?(stream: "stdout" | "stderr", chunk: Uint8Array): void;
}

/** What a client sends to a process. */
export interface Input {
  readonly stdin?: ReadableStream<Uint8Array>;
  readonly tty?: boolean;
  readonly resizes?: ReadableStream<TerminalSize>;
}

export interface ExitStatus {
  readonly code: number;
  /** The kernel ended it for using too much memory. */
  readonly outOfMemory?: boolean;
}

export interface HttpRequest {
  readonly port: number;
  readonly path: string;
  readonly host?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly https: boolean;
  /** GET unless said. */
  readonly method?: string;
  readonly body?: string;
  /** The client's address. */
  readonly from?: string;
  /** What the client proves itself with, PEM. */
  readonly clientCertificate?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What comes after the body, as it comes: a watch, a log that is followed. @returns what ends it */
  readonly stream?: (write: (text: string) => void, end: () => void) => () => void;
}

/** The cluster's API as a server inside it shows it. */
export interface ApiServer {
  /** What it proves itself with, PEM. */
  readonly certificate: string;
  request(request: HttpRequest): Promise<HttpResponse>;
}

/** What a container uses at the moment: thousandths of a CPU and bytes. */
export interface Usage {
  readonly cpu: number;
  readonly memory: number;
  /** What it has written beside its volumes, in bytes. */
  readonly disk?: number;
  readonly processes?: number;
}

/** What a gRPC server answers when asked how one of its services is. */
export type GrpcHealth = "SERVING" | "NOT_SERVING" | "NOT_FOUND";

/** What all processes can do. */
export interface Process {
  /** Calls `listener` once when the process has ended, at once if it has. */
  onExit(listener: (status: ExitStatus) => void): void;
  /** A process may ignore anything but SIGKILL. */
  signal(name: "SIGTERM" | "SIGKILL" | "SIGINT" | "SIGHUP" | "SIGQUIT" | "SIGUSR1"): void;
}

/** A container's first process, and through it the container. */
export interface ContainerProcess extends Process {
  /** Runs a command beside it. @throws {StartError} when there is no such command */
  exec(command: readonly string[], output: Output, input?: Input): Process;
  /** Joins what it writes, and writes to it what a client sends. */
  attach(output: Output, input?: Input): Process;
  /** Whether something listens on a TCP port. */
  listens(port: number): boolean;
  /** What is answered on a port, undefined where nothing speaks HTTP. */
  http(request: HttpRequest): Promise<HttpResponse | undefined>;
  /** The certificates that a port shows to who asks for a server name, in PEM; undefined where no TLS is spoken. */
  certificate?(port: number, serverName: string): string | undefined;
  /** What a port answers to a line of text, undefined where it says nothing. */
  line?(port: number, text: string): string | undefined;
  /** What a gRPC server says of the health of a service; undefined where nothing speaks gRPC. */
  grpcHealth?(port: number, service: string): GrpcHealth | undefined;
  readFile(path: string): string | undefined;
  usage(): Usage;
  /** Gives it other limits than it was started with. */
  resize(limits: Limits): void;
}

export interface Runtime {
  /** @throws {StartError} when the command cannot be started */
  start(config: ContainerConfig, output: Output, clock: Clock): ContainerProcess;
}

/** A command that cannot be started, in runc's words: `exec: "x": executable file not found in $PATH`. */
export class StartError extends Error {
  override readonly name = "StartError";
}
