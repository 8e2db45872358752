/**
 * A volume as a layer of files. The volume's content is shared: what one container writes, another one reads, and what
 * the kubelet renews is renewed for all.
 */
import type { VolumeContent } from "../runtime.ts";
import type { Entry, Layer } from "./entry.ts";

const FOLDER_MODE = 0o777;
const FILE_MODE = 0o644;

export class VolumeLayer implements Layer {
  readonly #volume: VolumeContent;
  readonly #root: string;
  readonly #since: number;

  /**
   * @param root a part of the volume instead of all of it, "config/app"
   * @param since when files of unknown age were made, in milliseconds
   */
  constructor(volume: VolumeContent, root: string, since: number) {
    this.#volume = volume;
    this.#root = [volume.root ?? "", root].filter((part) => part !== "").join("/").replace(/^\/+|\/+$/g, "");
    this.#since = since;
  }

  get(path: string): Entry | undefined {
    const { files, special } = this.#volume;
    const key = this.#key(path);
    const known = special?.get(key);
    const content = files.get(key);
    if (content !== undefined) {
      return {
        kind: "file",
        content,
        mode: known?.mode ?? FILE_MODE,
        mtime: known?.mtime ?? this.#since,
        uid: known?.uid ?? 0,
      };
    }
    if (known !== undefined && known.kind !== "file") return known;
    if (key === "") return { kind: "folder", mode: FOLDER_MODE, mtime: this.#since, uid: 0 };
    for (const paths of [files.keys(), special?.keys() ?? []]) {
      for (const other of paths) {
        if (other.startsWith(`${key}/`)) return { kind: "folder", mode: FOLDER_MODE, mtime: this.#since, uid: 0 };
      }
    }
    // The root of a mount is there even before anything is in it.
    return path === "" ? { kind: "folder", mode: FOLDER_MODE, mtime: this.#since, uid: 0 } : undefined;
  }

  set(path: string, entry: Entry): void {
    const key = this.#key(path);
    const special = this.#volume.special ??= new Map();
    if (entry.kind === "file") {
      this.#volume.files.set(key, entry.content);
      special.set(key, { ...entry, content: "" });
    } else {
      this.#volume.files.delete(key);
      special.set(key, entry);
    }
  }

  delete(path: string): void {
    this.#volume.files.delete(this.#key(path));
    this.#volume.special?.delete(this.#key(path));
  }

  *names(folder: string): Iterable<string> {
    const key = this.#key(folder);
    const prefix = key === "" ? "" : `${key}/`;
    const seen = new Set<string>();
    for (const paths of [this.#volume.files.keys(), this.#volume.special?.keys() ?? []]) {
      for (const path of paths) {
        if (!path.startsWith(prefix) || path === key) continue;
        const [name] = path.slice(prefix.length).split("/");
        if (name === "" || seen.has(name)) continue;
        seen.add(name);
        yield name;
      }
    }
  }

  #key(path: string): string {
    const inside = path.replace(/^\//, "");
    return this.#root === "" ? inside : inside === "" ? this.#root : `${this.#root}/${inside}`;
  }
}
