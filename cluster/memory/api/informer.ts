/**
 * A local view of all objects of a kind, kept up to date by a watch: what Kubernetes calls a shared informer.
 *
 * Objects are the stored ones, so a view costs a reference each. Handlers run as tasks of the clock, after the view
 * has the change.
 */
import type { KubeObject } from "../kinds/object.ts";
import type { Client, KindRef, WatchEvent } from "./client.ts";

/** Gives the values under which an object is found by {@linkcode Informer.by}: a node's name, an owner's uid. */
export type Indexer<T> = (object: T) => readonly string[];

export interface Handler<T> {
  added?(object: T): void;
  updated?(object: T, previous: T): void;
  deleted?(object: T): void;
}

export class Informer<T extends KubeObject = KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<string, { readonly indexer: Indexer<T>; readonly found: Map<string, Map<string, T>> }>();
  readonly #handlers: Handler<T>[] = [];
  #watch: { stop(): void } | undefined;
  #starting: Promise<this> | undefined;

  /** @param report told of handlers that throw, which keeps neither the others nor the view from the change */
  constructor(readonly client: Client, readonly kind: KindRef<T>, readonly report: (error: unknown) => void = raise) {}

  /** Adds an index, before the informer starts or later. */
  index(name: string, indexer: Indexer<T>): this {
    if (this.#indexes.has(name)) return this;
    const index = { indexer, found: new Map<string, Map<string, T>>() };
    this.#indexes.set(name, index);
    for (const [key, object] of this.#objects) {
      for (const value of indexer(object)) put(index.found, value, key, object);
    }
    return this;
  }

  /** Adds a handler. One that comes late is told of the objects that are there. */
  on(handler: Handler<T>): this {
    this.#handlers.push(handler);
    for (const object of this.#objects.values()) this.#tell(() => handler.added?.(object));
    return this;
  }

  /** Lists, then follows every change. Those who start it at once wait for the same list; a failed one is tried anew. */
  start(): Promise<this> {
    return this.#starting ??= this.#begin().catch((error) => {
      this.#starting = undefined;
      throw error;
    });
  }

  async #begin(): Promise<this> {
    const { items, resourceVersion } = await this.client.list(this.kind);
    for (const object of items) this.#apply({ type: "ADDED", object });
    this.#watch = this.client.watch<T>(this.kind, resourceVersion, (event) => this.#apply(event));
    return this;
  }

  stop(): void {
    this.#watch?.stop();
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#objects.get(keyOf(namespace, name));
  }

  /** All objects, or those of a namespace, in the order in which they came. */
  list(namespace?: string): T[] {
    const objects = [...this.#objects.values()];
    return namespace === undefined ? objects : objects.filter(({ metadata }) => metadata.namespace === namespace);
  }

  /** The objects that an index has under `value`. */
  by(index: string, value: string): T[] {
    const found = this.#indexes.get(index);
    if (found === undefined) throw new Error(`${this.kind.plural} have no index "${index}"`);
    return [...found.found.get(value)?.values() ?? []];
  }

  #apply({ type, object }: WatchEvent<T>): void {
    const key = keyOf(object.metadata.namespace, object.metadata.name!);
    const previous = this.#objects.get(key);
    for (const { indexer, found } of this.#indexes.values()) {
      if (previous !== undefined) { for (const value of indexer(previous)) drop(found, value, key); }
      if (type !== "DELETED") { for (const value of indexer(object)) put(found, value, key, object); }
    }
    if (type === "DELETED") this.#objects.delete(key);
    else this.#objects.set(key, object);
    for (const handler of this.#handlers) {
      this.#tell(() => {
        if (type === "DELETED") handler.deleted?.(object);
        else if (previous === undefined) handler.added?.(object);
        else handler.updated?.(object, previous);
      });
    }
  }

  #tell(handle: () => void): void {
    try {
      handle();
    } catch (error) {
      this.report(error);
    }
  }
}

function raise(error: unknown): never {
  throw error;
}

/** "namespace/name", or "name" for cluster-wide objects: the key of a work queue. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The two parts of {@linkcode keyOf}'s key. */
export function splitKey(key: string): { readonly namespace: string | undefined; readonly name: string } {
  const slash = key.indexOf("/");
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

function put<T>(found: Map<string, Map<string, T>>, value: string, key: string, object: T): void {
  let objects = found.get(value);
  if (objects === undefined) found.set(value, objects = new Map());
  objects.set(key, object);
}

function drop<T>(found: Map<string, Map<string, T>>, value: string, key: string): void {
  const objects = found.get(value);
  objects?.delete(key);
  if (objects?.size === 0) found.delete(value);
}

/** The informers that components share, one a kind. */
export class Informers {
  readonly #byKind = new Map<string, Informer>();

  /** @param report told of handlers that throw */
  constructor(readonly client: Client, readonly report?: (error: unknown) => void) {}

  for<T extends KubeObject>(kind: KindRef<T>): Informer<T> {
    const id = `${kind.group}/${kind.plural}`;
    let informer = this.#byKind.get(id);
    if (informer === undefined) {
      this.#byKind.set(id, informer = new Informer(this.client, kind as KindRef, this.report));
    }
    return informer as unknown as Informer<T>;
  }

  /** Starts those that do not run yet. */
  async start(): Promise<void> {
    for (const informer of this.#byKind.values()) await informer.start();
  }

  stop(): void {
    for (const informer of this.#byKind.values()) informer.stop();
  }
}
