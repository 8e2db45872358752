/**
 * The seam: everything above talks to a cluster, real or in memory, through this alone.
 *
 * Behind it is always the Kubernetes API: over HTTPS with the credentials of a kubeconfig, or, where the server is in
 * this very process, the same requests handed to it without a socket. Objects are the server's JSON as it came: no field
 * is dropped because a client library does not know it yet, and times stay text.
 */
import type { Text } from "./text.ts";

/** What a cluster may be able to do beyond the API of Kubernetes itself. */
export const CAPABILITIES = ["node-shell", "virtual-time", "gateway-api"] as const;
export type Capability = typeof CAPABILITIES[number];

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An object of the API: what every kind has, and the rest by name. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ApiObjectMeta;
  readonly [field: string]: unknown;
}

export interface ApiObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
    readonly controller?: boolean;
  }[];
  readonly [field: string]: unknown;
}

/** A kind, as manifests name it. */
export interface KindName {
  /** "v1", "apps/v1". */
  readonly apiVersion: string;
  readonly kind: string;
}

/** One object by name. `namespace` is absent for cluster-wide kinds. */
export interface ObjectRef extends KindName {
  readonly namespace?: string;
  readonly name: string;
}

/** Objects of a kind; of all namespaces unless said. Selectors are written as kubectl takes them. */
export interface ObjectQuery extends KindName {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export type Patch =
  | { readonly type: "merge" | "strategic"; readonly body: Readonly<Record<string, unknown>> }
  | { readonly type: "json"; readonly body: readonly unknown[] };

/** A container of a pod; `container` may be left out where there is one only. */
export interface ContainerRef {
  readonly namespace: string;
  readonly name: string;
  readonly container?: string;
}

/** What came of a command in a container. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The verbs that checks and exercises need. All reject with an {@linkcode ApiError} when the server refuses. */
export interface ObjectClient {
  /** The object, or undefined where there is none (or no such kind). */
  get(ref: ObjectRef): Promise<ApiObject | undefined>;
  list(query: ObjectQuery): Promise<readonly ApiObject[]>;
  create(object: ApiObject): Promise<ApiObject>;
  /** Creates the object, or merges it into the one that is there. */
  apply(object: ApiObject): Promise<ApiObject>;
  /** @param options `subresource`: the part of the object that is patched alone, such as status or approval */
  patch(ref: ObjectRef, patch: Patch, options?: { readonly subresource?: string }): Promise<ApiObject>;
  /** Deletes the object; true when there was one. */
  delete(ref: ObjectRef, options?: { readonly gracePeriodSeconds?: number }): Promise<boolean>;
  /** Whether the objects of a kind live in namespaces; undefined where the cluster has no such kind. */
  namespaced(kind: KindName): Promise<boolean | undefined>;
  /** Runs a command to its end, at most for a minute of the cluster's time, or until `overdue` is aborted. */
  exec(
    container: ContainerRef,
    command: readonly string[],
    options?: { readonly overdue?: AbortSignal },
  ): Promise<ExecResult>;
  /** What a container has written; with `previous`, what its run before the last restart had. */
  logs(container: ContainerRef, options?: { readonly previous?: boolean }): Promise<string>;
  /** Calls `onChange` for what is there and then for every change, until the server ends it or `signal` does. */
  watch(query: ObjectQuery, onChange: () => void, signal: AbortSignal): Promise<void>;
}

/** A cluster that answers. */
export interface Cluster extends AsyncDisposable {
  /** How a person knows it: "the memory cluster", "context kind-kind". */
  readonly label: Text;
  readonly kubeconfig: KubeconfigRef;
  readonly capabilities: ReadonlySet<Capability>;
  readonly objects: ObjectClient;
  /**
   * Lets `ms` milliseconds of the cluster's time pass.
   *
   * @returns true when the cluster knows that nothing more will happen without new input, however long one waits; only
   * a cluster with virtual time can know.
   */
  pass(ms: number, signal?: AbortSignal): Promise<boolean>;
  /** The cluster's time, in milliseconds since the epoch. */
  now(): number;
}

/** Where clients find the server and its credentials. */
export interface KubeconfigRef {
  /** The kubeconfig's path, absent where it is in memory only. */
  readonly path?: string;
  readonly context: string;
  /** The server's URL, without a slash at the end. */
  readonly server: string;
}

/** The server said no. `message` is the server's own. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** @param causes which fields are wrong and why, where the server says */
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    readonly causes: readonly { readonly field?: string; readonly message?: string }[] = [],
  ) {
    super(message);
  }
}

/** "Deployment web" or, with `namespace`, "Deployment shop/web". */
export function describeRef(ref: Pick<ObjectRef, "kind" | "name" | "namespace">, withNamespace = false): string {
  return `${ref.kind} ${withNamespace && ref.namespace !== undefined ? `${ref.namespace}/` : ""}${ref.name}`;
}
