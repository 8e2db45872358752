/** An image as the kubelet and the runtime know it. */

/** What the program that an image starts is to the outside. */
export interface Service {
  /** TCP ports that it listens on. */
  readonly ports: readonly number[];
  /** Pages that it serves, by path; without any, and without a root, it speaks no HTTP. */
  readonly pages?: Readonly<Record<string, string>>;
  /** The folder whose files it serves. */
  readonly root?: string;
  /** What it writes to its log when it starts. */
  readonly greeting?: readonly string[];
  /** Environment without which it refuses to start (one of each list), and what it says then. */
  readonly needs?: { readonly env: readonly string[]; readonly message: string };
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
  /** Programs of its own that serve, by name; "nginx". */
  readonly services: Readonly<Record<string, Service>>;
  /** Its files that matter, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** It has a shell and the usual small programs. */
  readonly shell: boolean;
  /** In bytes, when idle. */
  readonly memory: number;
}
