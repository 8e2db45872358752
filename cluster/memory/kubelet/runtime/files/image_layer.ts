/** A container's own files: those of its image, which all containers of it share, and what it changed. */
import { byteLength, type Entry, type Layer } from "./entry.ts";

export class ImageLayer implements Layer {
  readonly #own = new Map<string, Entry | undefined>();
  readonly #image: ReadonlyMap<string, Entry>;

  /** @param image the image's files by path; never changed */
  constructor(image: ReadonlyMap<string, Entry>) {
    this.#image = image;
  }

  /** What was written beyond the image, in bytes. */
  get size(): number {
    let size = 0;
    for (const entry of this.#own.values()) if (entry?.kind === "file") size += byteLength(entry.content);
    return size;
  }

  get(path: string): Entry | undefined {
    return this.#own.has(path) ? this.#own.get(path) : this.#image.get(path);
  }

  set(path: string, entry: Entry): void {
    this.#own.set(path, entry);
  }

  delete(path: string): void {
    if (this.#image.has(path)) this.#own.set(path, undefined);
    else this.#own.delete(path);
  }

  *names(folder: string): Iterable<string> {
    const seen = new Set<string>();
    for (const path of [...this.#own.keys(), ...this.#image.keys()]) {
      const slash = path.lastIndexOf("/");
      if (slash !== folder.length || !path.startsWith(folder) || path === "") continue;
      const name = path.slice(slash + 1);
      if (seen.has(name) || this.get(path) === undefined) continue;
      seen.add(name);
      yield name;
    }
  }
}
