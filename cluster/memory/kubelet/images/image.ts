/** An image as the kubelet and the runtime know it: data, and small functions for the programs that serve. */
import type { ProxyTable } from "../../network/proxy.ts";
import type { FileError } from "../runtime/files/entry.ts";
import type { Connected } from "../runtime/network.ts";
import type { ApiServer, GrpcHealth, HttpRequest, HttpResponse } from "../runtime/runtime.ts";

/** What a program of an image is given when it is started. */
export interface ServerContext {
  /** The words after the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The image's tag, "1.27". */
  readonly tag: string;
  readonly pid: number;
  readonly hostname: string;
  readonly podIP: string;
  /** A number of a process that it starts. */
  takePid(): number;
  /** Milliseconds of the clock. */
  now(): number;
  /** Writes a line. */
  out(line: string): void;
  err(line: string): void;
  /** The text of a file, undefined where there is none. Makes the container's files: ask only when needed. */
  readFile(path: string): string | undefined;
  /** The names in a folder, none where there is no such folder. */
  names(folder: string): readonly string[];
  writeFile(path: string, text: string): void;
  /** Runs `task` after `ms` milliseconds, again and again, until the program ends. */
  every(ms: number, task: () => void): void;
  /** Runs `task` once, `ms` milliseconds from now, unless the program ends before. */
  after(ms: number, task: () => void): void;
  /** Ends the program. */
  exit(code: number): void;
  /** The address of a name, undefined where nobody knows it. */
  resolve(host: string): Promise<string | undefined>;
  /** Opens a connection. @param ms how long it waits, a minute unless given */
  connect(address: string, port: number, ms?: number): Promise<Connected>;
  /** Whether another program of the pod listens on a TCP port. */
  isTaken(port: number): boolean;
  /** Why it can make nothing in a folder, undefined where it can. */
  refusal(folder: string): FileError | undefined;
  readonly apiServer?: ApiServer;
  /** What it forwards by, where it is a proxy that a controller directs. */
  proxyTable(): ProxyTable | undefined;
}

/** A program that serves until it is told to stop. */
export interface Serving {
  /** TCP ports that it listens on. */
  readonly ports: readonly number[];
  /** Bytes that it uses beyond those of an idle container. */
  readonly memory?: number;
  /** Thousandths of a CPU. */
  readonly cpu?: number;
  /** What it calls itself in a list of processes, "nginx: master process nginx". */
  readonly title?: string;
  /** Processes that it has beside itself, as a list of processes shows them. */
  readonly workers?: readonly { readonly pid: number; readonly title: string; readonly uid: number }[];
  /** Answers a request; a program without it speaks no HTTP. */
  http?(request: HttpRequest): HttpResponse | undefined | Promise<HttpResponse | undefined>;
  /** The certificates that a port shows to who asks for a server name, in PEM; undefined where it speaks no TLS. */
  certificate?(port: number, serverName: string): string | undefined;
  /** Says how a service is; a program without it speaks no gRPC. */
  grpcHealth?(port: number, service: string): GrpcHealth | undefined;
  /** Answers a line of text, as far as its protocol is one of lines; undefined says nothing. */
  line?(text: string): string | undefined;
  /** Writes its last words before a signal ends it. @returns the exit code, 0 unless given */
  stop?(signal: string): number | void;
  /** Reads its configuration anew. */
  reload?(): void | Promise<void>;
}

/** Starts a program. A number is the code that it exits with at once. */
export type Server = (context: ServerContext) => Serving | number | Promise<Serving | number>;

export interface ImageUser {
  readonly name: string;
  readonly id: number;
  readonly home: string;
}

export interface Image {
  /** With the registry: "docker.io/library/nginx". */
  readonly repository: string;
  /** In bytes, as a registry counts it. */
  readonly size: number;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  /** The user that it runs as; root unless said. */
  readonly user?: number;
  /** Programs of its own that serve, by name or path; "nginx". */
  readonly programs: Readonly<Record<string, Server>>;
  /** Its files that matter, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Its folders beyond the usual ones. */
  readonly folders?: readonly string[];
  /** Users beside root. */
  readonly users?: readonly ImageUser[];
  /** Its /etc/os-release. */
  readonly os?: string;
  /** It has a shell and the usual small programs. */
  readonly shell: boolean;
  /** The small programs that it has beyond the usual ones: "curl", "dig". */
  readonly tools?: readonly string[];
  /** Signals that its programs end on, SIGTERM unless said. */
  readonly stopSignal?: string;
  /** In bytes, when idle. */
  readonly memory: number;
}
