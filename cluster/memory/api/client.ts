/**
 * How controllers, the scheduler and the kubelets talk to the API: the verbs of a real client, in process.
 *
 * Each component has a client with an identity of its own; its requests go through authorization, admission and
 * validation as anybody's. Objects that come back are the stored ones: never mutate them.
 */
import type { Kind } from "../kinds/kind.ts";
import type { KubeObject, Partially } from "../kinds/object.ts";

/** A reference to a kind by what a client knows of it. Any {@linkcode Kind} is one. */
export type KindRef<T extends KubeObject = KubeObject> = Pick<Kind, "group" | "version" | "plural" | "kind"> & {
  /** Never set: carries the type of the kind's objects. */
  readonly object?: T;
};

export interface ListOptions {
  /** All namespaces unless said. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ObjectList<T> {
  readonly items: readonly T[];
  /** Where a watch continues. */
  readonly resourceVersion: string;
}

export interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
  /** The state before, where the change replaced one. */
  readonly previous?: T;
}

export interface DeleteOptions {
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  /** Seconds. */
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export type PatchType = "json" | "merge" | "strategic";

/** All methods reject with a StatusError. `namespace` is undefined for cluster-wide kinds. */
export interface Client {
  /** @param subresource one that is read as something of its own: "scale" */
  get<T extends KubeObject>(
    kind: KindRef<T>,
    namespace: string | undefined,
    name: string,
    subresource?: string,
  ): Promise<T>;
  list<T extends KubeObject>(kind: KindRef<T>, options?: ListOptions): Promise<ObjectList<T>>;
  create<T extends KubeObject>(kind: KindRef<T>, object: Partially<T>): Promise<T>;
  /**
   * Writes `object` over the state whose resourceVersion it carries.
   *
   * @param subresource one that takes the whole object, "finalize", "approval", or what is read there, "scale"
   */
  update<T extends KubeObject>(kind: KindRef<T>, object: T, subresource?: string): Promise<T>;
  /** Writes the status (and nothing else) of `object`, at the resourceVersion it carries. */
  updateStatus<T extends KubeObject>(kind: KindRef<T>, object: T): Promise<T>;
  /** @param subresource "status", "binding", "ephemeralcontainers"… */
  patch<T extends KubeObject>(
    kind: KindRef<T>,
    namespace: string | undefined,
    name: string,
    patch: { readonly type: PatchType; readonly body: unknown; readonly subresource?: string },
  ): Promise<T>;
  delete(kind: KindRef, namespace: string | undefined, name: string, options?: DeleteOptions): Promise<void>;
  /** Posts to a subresource: a Binding, an Eviction. */
  post(
    kind: KindRef,
    namespace: string | undefined,
    name: string,
    subresource: string,
    body: unknown,
  ): Promise<unknown>;
  /** Every change after `resourceVersion`, each as a task of the clock. Returns what stops it. */
  watch<T extends KubeObject>(
    kind: KindRef<T>,
    resourceVersion: string,
    listener: (event: WatchEvent<T>) => void,
  ): { stop(): void };
}
