/**
 * What etcd is to Kubernetes: every object under a key, one revision counter over all writes, and a history from which
 * a watch can resume.
 *
 * A bucket holds one resource ("apps/deployments"); a key names an object in it ("namespace/name", or "name" when it
 * has no namespace). Stored objects are never mutated: each write stores a new object, which all readers share.
 */

/** The part of an object that the store itself reads and writes. */
export interface Storable {
  readonly metadata: { readonly resourceVersion?: string };
}

/** One state of one object. */
export interface Entry<T extends Storable = Storable> {
  readonly key: string;
  readonly object: T;
  /** The revision of the write that made this state; `object.metadata.resourceVersion` is the same as text. */
  readonly revision: number;
}

/** One write, as watchers see it. */
export interface Change<T extends Storable = Storable> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly bucket: string;
  /** The new state; of a deletion, the last state with the deletion's revision. */
  readonly entry: Entry<T>;
  /** The state before, absent for an addition. */
  readonly previous?: Entry<T>;
}

/** An open watch. */
export interface Watch {
  stop(): void;
}

/** Why a write did not happen. The API turns it into a Status. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  constructor(readonly reason: "exists" | "missing" | "conflict" | "expired" | "future", message: string) {
    super(message);
  }
}

export interface StoreOptions {
  /** How many changes a bucket remembers for watches that resume; 10,000 unless said. */
  readonly history?: number;
}

export class Store {
  readonly #buckets = new Map<string, Bucket>();
  readonly #history: number;
  #revision = 0;

  constructor({ history = 10_000 }: StoreOptions = {}) {
    this.#history = history;
  }

  /** The revision of the latest write anywhere. */
  get revision(): number {
    return this.#revision;
  }

  get<T extends Storable>(bucket: string, key: string): Entry<T> | undefined {
    return this.#buckets.get(bucket)?.entries.get(key) as Entry<T> | undefined;
  }

  /** The entries whose key starts with `prefix` ("" for all, "namespace/" for one namespace), ordered by key. */
  list<T extends Storable>(bucket: string, prefix = ""): readonly Entry<T>[] {
    return (this.#buckets.get(bucket)?.list(prefix) ?? []) as readonly Entry<T>[];
  }

  /**
   * The entries as they were when `revision` was the latest, ordered by key.
   *
   * @throws {StoreError} `expired` when the history does not reach back to it, `future` when it is not there yet
   */
  listAt<T extends Storable>(bucket: string, prefix: string, revision: number): readonly Entry<T>[] {
    if (revision > this.#revision) throw future(revision, this.#revision);
    return this.#bucket(bucket).listAt(prefix, revision) as readonly Entry<T>[];
  }

  /** How many entries a bucket holds. */
  count(bucket: string): number {
    return this.#buckets.get(bucket)?.entries.size ?? 0;
  }

  /** @throws {StoreError} `exists` */
  create<T extends Storable>(bucket: string, key: string, object: T): Entry<T> {
    const into = this.#bucket(bucket);
    if (into.entries.has(key)) throw new StoreError("exists", `${bucket} "${key}" already exists`);
    return this.#write(into, "ADDED", key, object, undefined);
  }

  /**
   * @param expected the revision that the caller changed; a write on top of another one is refused
   * @throws {StoreError} `missing` or `conflict`
   */
  update<T extends Storable>(bucket: string, key: string, object: T, expected?: number): Entry<T> {
    const into = this.#bucket(bucket);
    return this.#write(into, "MODIFIED", key, object, this.#current<T>(into, key, expected));
  }

  /**
   * @param last the state to tell watchers; the stored one unless said
   * @throws {StoreError} `missing` or `conflict`
   */
  delete<T extends Storable>(bucket: string, key: string, expected?: number, last?: T): Entry<T> {
    const from = this.#bucket(bucket);
    const previous = this.#current<T>(from, key, expected);
    return this.#write(from, "DELETED", key, last ?? previous.object, previous);
  }

  /**
   * Calls `listener` for every change of `bucket` after revision `since` (now unless said), in order, the remembered
   * ones before this returns and the others as part of the write. The listener must not write.
   *
   * @throws {StoreError} `expired` when the history no longer reaches back to `since`, `future` when it is not there yet
   */
  watch<T extends Storable>(bucket: string, listener: (change: Change<T>) => void, since = this.#revision): Watch {
    if (since > this.#revision) throw future(since, this.#revision);
    const from = this.#bucket(bucket);
    for (const change of from.since(since)) listener(change as Change<T>);
    const call = listener as (change: Change) => void;
    from.listeners.add(call);
    return { stop: () => void from.listeners.delete(call) };
  }

  /** Forgets the changes up to `revision`: watches can only resume after it, where something was forgotten. */
  compact(revision: number): void {
    for (const bucket of this.#buckets.values()) bucket.compact(revision);
  }

  #bucket(name: string): Bucket {
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) this.#buckets.set(name, bucket = new Bucket(name, this.#history));
    return bucket;
  }

  #current<T extends Storable>(bucket: Bucket, key: string, expected: number | undefined): Entry<T> {
    const entry = bucket.entries.get(key) as Entry<T> | undefined;
    if (entry === undefined) throw new StoreError("missing", `${bucket.name} "${key}" not found`);
    if (expected !== undefined && expected !== entry.revision) {
      throw new StoreError("conflict", `${bucket.name} "${key}" is at revision ${entry.revision}, not ${expected}`);
    }
    return entry;
  }

  #write<T extends Storable>(
    bucket: Bucket,
    type: Change["type"],
    key: string,
    object: T,
    previous: Entry<T> | undefined,
  ): Entry<T> {
    const revision = ++this.#revision;
    const metadata = { ...object.metadata, resourceVersion: String(revision) };
    const entry: Entry<T> = { key, object: { ...object, metadata }, revision };
    bucket.apply({ type, bucket: bucket.name, entry, previous });
    return entry;
  }
}

const future = (asked: number, current: number) =>
  new StoreError("future", `Too large resource version: ${asked}, current: ${current}`);

class Bucket {
  readonly entries = new Map<string, Entry>();
  readonly listeners = new Set<(change: Change) => void>();
  #changes: Change[] = [];
  /** Changes up to this revision are forgotten. */
  #forgotten = 0;
  /** Ordered by key, as of the latest list; never changed, since readers hold it. */
  #sorted: readonly Entry[] = [];
  /** The keys that were written since. */
  readonly #unsorted = new Set<string>();

  constructor(readonly name: string, readonly history: number) {}

  apply(change: Change) {
    const { type, entry } = change;
    if (type === "DELETED") this.entries.delete(entry.key);
    else this.entries.set(entry.key, entry);
    this.#unsorted.add(entry.key);
    this.#changes.push(change);
    // A few are forgotten at once, so that it costs a write next to nothing.
    if (this.#changes.length >= this.history * 1.125) this.#forget(this.#changes.length - this.history);
    for (const listener of this.listeners) listener(change);
  }

  compact(revision: number): void {
    const kept = this.#changes.findIndex(({ entry }) => entry.revision > revision);
    this.#forget(kept < 0 ? this.#changes.length : kept);
  }

  /** Forgets the first so many changes. */
  #forget(count: number): void {
    if (count === 0) return;
    this.#forgotten = this.#changes[count - 1].entry.revision;
    this.#changes = this.#changes.slice(count);
  }

  list(prefix: string): readonly Entry[] {
    if (this.#unsorted.size > 0) this.#sort();
    return within(this.#sorted, prefix);
  }

  listAt(prefix: string, revision: number): readonly Entry[] {
    const entries = new Map(this.list(prefix).map((entry) => [entry.key, entry]));
    // Undoes what happened since, the latest change first.
    for (const { entry, previous } of this.since(revision).toReversed()) {
      if (!entry.key.startsWith(prefix)) continue;
      if (previous === undefined) entries.delete(entry.key);
      else entries.set(entry.key, previous);
    }
    return [...entries.values()].sort((a, b) => a.key < b.key ? -1 : 1);
  }

  /** Merges what was written since the latest list into its order. */
  #sort(): void {
    const written = [...this.#unsorted].sort();
    this.#unsorted.clear();
    const merged: Entry[] = [];
    let i = 0;
    for (const key of written) {
      while (i < this.#sorted.length && this.#sorted[i].key < key) merged.push(this.#sorted[i++]);
      if (i < this.#sorted.length && this.#sorted[i].key === key) i++;
      const entry = this.entries.get(key);
      if (entry !== undefined) merged.push(entry);
    }
    while (i < this.#sorted.length) merged.push(this.#sorted[i++]);
    this.#sorted = merged;
  }

  since(revision: number): readonly Change[] {
    if (revision < this.#forgotten) {
      throw new StoreError("expired", `too old resource version: ${revision} (${this.#forgotten})`);
    }
    let start = this.#changes.length;
    while (start > 0 && this.#changes[start - 1].entry.revision > revision) start--;
    return this.#changes.slice(start);
  }
}

/** The part of ordered entries whose keys start with `prefix`. */
function within(entries: readonly Entry[], prefix: string): readonly Entry[] {
  if (prefix === "") return entries;
  const start = lowerBound(entries, prefix);
  let end = start;
  while (end < entries.length && entries[end].key.startsWith(prefix)) end++;
  return entries.slice(start, end);
}

/** The first index whose key is not before `key`. */
function lowerBound(entries: readonly Entry[], key: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle].key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
