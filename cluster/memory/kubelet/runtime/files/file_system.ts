/**
 * The files that the processes of one container see: its image's, its own and its mounts', as one tree.
 *
 * All is in memory and all calls answer at once. Nothing of the host is ever read.
 */
import { byteLength, type Content, type Entry, FileError, type Layer, textOf } from "./entry.ts";

export interface MountPoint {
  /** "/etc/config" */
  readonly path: string;
  readonly layer: Layer;
  readonly readOnly: boolean;
}

export interface FileSystemOptions {
  readonly root: Layer;
  readonly mounts: readonly MountPoint[];
  /** Milliseconds. */
  readonly now: () => number;
  readonly readOnlyRoot?: boolean;
  /** How many bytes may be written beyond what the image has; more is refused as a full disk would. */
  readonly limit?: number;
}

interface Place {
  readonly path: string;
  readonly mount: MountPoint;
  /** The path in the mount. */
  readonly inside: string;
}

const LONGEST_CHAIN = 40;
const LIMIT = 64 * 1024 * 1024;

/** An absolute path without ".", ".." and double slashes; "/" is "". */
export function normalize(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${base}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.length === 0 ? "" : `/${parts.join("/")}`;
}

/** The path of what is in a folder, "/" among them. */
export const pathIn = (folder: string, name: string): string => `${folder === "/" ? "" : folder}/${name}`;

/** The last part of a path: "/usr/bin/curl" → "curl". */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The files of one container. */
export class FileSystem {
  readonly #mounts: readonly MountPoint[];
  readonly #now: () => number;
  readonly #limit: number;
  #written = 0;

  constructor({ root, mounts, now, readOnlyRoot = false, limit = LIMIT }: FileSystemOptions) {
    const all = [...mounts, { path: "", layer: root, readOnly: readOnlyRoot }];
    this.#mounts = all.sort((a, b) => b.path.length - a.path.length);
    this.#now = now;
    this.#limit = limit;
  }

  get mounts(): readonly MountPoint[] {
    return this.#mounts;
  }

  /** The path with all links followed; the last part need not exist. @throws {FileError} */
  resolve(path: string, followLast = true): string {
    let parts = normalize("", path).split("/").slice(1);
    let at = "";
    for (let i = 0, links = 0; i < parts.length; i++) {
      const next = `${at}/${parts[i]}`;
      const entry = this.#entry(next);
      if (entry?.kind === "link" && (followLast || i < parts.length - 1)) {
        if (++links > LONGEST_CHAIN) throw new FileError("ELOOP", path);
        parts = [...normalize(at, entry.target).split("/").slice(1), ...parts.slice(i + 1)];
        [at, i] = ["", -1];
      } else if (entry !== undefined && entry.kind === "file" && i < parts.length - 1) {
        throw new FileError("ENOTDIR", path);
      } else at = next;
    }
    return at;
  }

  /** What is at a path, undefined where nothing is. */
  find(path: string, followLast = true): Entry | undefined {
    try {
      return this.#entry(this.resolve(path, followLast));
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  /** @throws {FileError} */
  stat(path: string, followLast = true): Entry {
    const entry = this.#entry(this.resolve(path, followLast));
    if (entry === undefined) throw new FileError("ENOENT", path);
    return entry;
  }

  /** @throws {FileError} */
  read(path: string): Content {
    const entry = this.stat(path);
    if (entry.kind === "folder") throw new FileError("EISDIR", path);
    return entry.kind === "file" ? entry.content : "";
  }

  readText(path: string): string | undefined {
    const entry = this.find(path);
    return entry?.kind === "file" ? textOf(entry.content) : undefined;
  }

  /** @throws {FileError} */
  write(
    path: string,
    content: Content,
    { uid = 0, mode }: { readonly uid?: number; readonly mode?: number } = {},
  ): void {
    const place = this.#writable(path);
    const before = place.mount.layer.get(place.inside);
    if (before?.kind === "folder") throw new FileError("EISDIR", path);
    if (before?.kind === "device") return;
    if (before === undefined) this.#checkParent(place.path, path, uid);
    else if (!mayWrite(before, uid)) throw new FileError("EACCES", path);
    this.#charge(byteLength(content) - (before?.kind === "file" ? byteLength(before.content) : 0), path);
    const entry: Entry = {
      kind: "file",
      content,
      mode: mode ?? before?.mode ?? 0o644,
      mtime: this.#now(),
      uid: before?.uid ?? uid,
    };
    place.mount.layer.set(place.inside, entry);
  }

  /** Costs what is added, however long the file is. @throws {FileError} */
  append(path: string, content: Content, options: { readonly uid?: number } = {}): void {
    const before = this.find(path);
    if (before?.kind !== "file") return this.write(path, content, options);
    const place = this.#writable(path);
    if (!mayWrite(before, options.uid ?? 0)) throw new FileError("EACCES", path);
    this.#charge(byteLength(content), path);
    place.mount.layer.set(place.inside, { ...before, content: join(before.content, content), mtime: this.#now() });
  }

  /** @throws {FileError} */
  names(path: string): string[] {
    const resolved = this.resolve(path);
    const entry = this.#entry(resolved);
    if (entry === undefined) throw new FileError("ENOENT", path);
    if (entry.kind !== "folder") throw new FileError("ENOTDIR", path);
    const { mount, inside } = this.#place(resolved);
    const names = new Set(mount.layer.names(inside));
    for (const { path: at } of this.#mounts) {
      if (at !== "" && at.startsWith(`${resolved}/`)) names.add(at.slice(resolved.length + 1).split("/")[0]);
    }
    return [...names].sort();
  }

  /** @throws {FileError} */
  makeFolder(path: string, options: { readonly recursive?: boolean; readonly uid?: number } = {}): void {
    const { recursive = false, uid = 0 } = options;
    const existing = this.find(path);
    if (existing !== undefined) {
      if (recursive && existing.kind === "folder") return;
      throw new FileError("EEXIST", path);
    }
    const place = this.#writable(path);
    const parent = place.path.slice(0, place.path.lastIndexOf("/"));
    if (recursive && parent !== "") this.makeFolder(parent, options);
    this.#checkParent(place.path, path, uid);
    place.mount.layer.set(place.inside, { kind: "folder", mode: 0o755, mtime: this.#now(), uid });
  }

  /** @throws {FileError} */
  remove(
    path: string,
    { recursive = false, uid = 0 }: { readonly recursive?: boolean; readonly uid?: number } = {},
  ): void {
    const place = this.#writable(path, false);
    const entry = this.#entry(place.path);
    if (entry === undefined) throw new FileError("ENOENT", path);
    if (this.#mounts.some(({ path: at }) => at === place.path)) throw new FileError("EBUSY", path);
    this.#checkParent(place.path, path, uid);
    if (entry.kind === "folder") {
      const names = this.names(place.path);
      if (names.length > 0 && !recursive) throw new FileError("ENOTEMPTY", path);
      for (const name of names) this.remove(`${place.path}/${name}`, { recursive, uid });
    } else if (entry.kind === "file") this.#charge(-byteLength(entry.content), path);
    place.mount.layer.delete(place.inside);
  }

  /** Writes a link, or another mode, time or owner. @throws {FileError} */
  put(path: string, entry: Entry): void {
    const place = this.#writable(path, false);
    this.#checkParent(place.path, path, 0);
    place.mount.layer.set(place.inside, entry);
  }

  /** @throws {FileError} */
  change(path: string, change: Partial<Pick<Entry, "mode" | "mtime" | "uid">>): void {
    const entry = this.stat(path);
    const place = this.#writable(path);
    place.mount.layer.set(place.inside, { ...entry, ...change });
  }

  /** Why a user can make nothing in a folder, undefined where that can be done. */
  refusal(folder: string, uid = 0): FileError | undefined {
    const path = `${folder}/.new`;
    try {
      this.#checkParent(this.#writable(path).path, path, uid);
      return undefined;
    } catch (error) {
      if (error instanceof FileError) return error;
      throw error;
    }
  }

  #entry(path: string): Entry | undefined {
    const { mount, inside } = this.#place(path);
    const entry = mount.layer.get(inside);
    if (entry !== undefined || path === "") return entry ?? { kind: "folder", mode: 0o755, mtime: 0, uid: 0 };
    // The folders above a mount are there with it.
    const above = this.#mounts.some(({ path: at }) => at.startsWith(`${path}/`));
    return above ? { kind: "folder", mode: 0o755, mtime: 0, uid: 0 } : undefined;
  }

  #place(path: string): Place {
    const mount = this.#mounts.find(({ path: at }) => at === path || path.startsWith(`${at}/`)) ?? this.#mounts.at(-1)!;
    return { path, mount, inside: path.slice(mount.path.length) };
  }

  #writable(path: string, followLast = true): Place {
    const place = this.#place(this.resolve(path, followLast));
    if (place.mount.readOnly) throw new FileError("EROFS", path);
    return place;
  }

  #checkParent(resolved: string, path: string, uid: number): void {
    const parent = this.#entry(resolved.slice(0, Math.max(0, resolved.lastIndexOf("/"))));
    if (parent === undefined) throw new FileError("ENOENT", path);
    if (parent.kind !== "folder") throw new FileError("ENOTDIR", path);
    if (!mayWrite(parent, uid)) throw new FileError("EACCES", path);
  }

  #charge(bytes: number, path: string): void {
    if (bytes > 0 && this.#written + bytes > this.#limit) throw new FileError("ENOSPC", path);
    this.#written = Math.max(0, this.#written + bytes);
  }
}

const mayWrite = ({ mode, uid: owner }: Entry, uid: number) =>
  uid === 0 || (owner === uid && (mode & 0o200) !== 0) || (mode & 0o002) !== 0;

function join(a: Content, b: Content): Content {
  if (typeof a === "string" && typeof b === "string") return a + b;
  const [first, second] = [a, b].map((part) => typeof part === "string" ? new TextEncoder().encode(part) : part);
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
