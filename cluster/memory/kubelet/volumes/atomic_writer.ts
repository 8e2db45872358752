/**
 * Files that change all at once: they lie in a folder named after its time, "..data" leads there, and a link for each
 * leads through that. What is written anew goes into a new folder, and one link is changed.
 *
 * Source: `pkg/volume/util/atomic_writer.go`.
 */
import { bytesOf, type Content } from "../runtime/files/entry.ts";
import type { VolumeContent } from "../runtime/runtime.ts";

export interface FileProjection {
  readonly content: Content;
  /** Permission bits, 0o644. */
  readonly mode: number;
}

/** By path in the volume. */
export type Payload = ReadonlyMap<string, FileProjection>;

const DATA = "..data";

/**
 * Writes what a volume is to hold; nothing when it holds that already.
 *
 * @param now milliseconds
 */
export function writeAtomically(volume: VolumeContent, payload: Payload, now: number): void {
  const special = volume.special ??= new Map();
  const link = special.get(DATA);
  const old = link?.kind === "link" ? link.target : undefined;
  if (old !== undefined && holds(volume, old, payload)) return;
  const owned = { mtime: now, uid: 0 };
  const folder = folderName(now);
  special.set(folder, { kind: "folder", mode: 0o755, ...owned });
  for (const [path, { content, mode }] of payload) {
    volume.files.set(`${folder}/${path}`, content);
    special.set(`${folder}/${path}`, { kind: "file", content: "", mode, ...owned });
  }
  const shown = new Set([...payload.keys()].map((path) => path.split("/")[0]));
  for (const [path, entry] of [...special]) {
    const gone = entry.kind === "link" && path !== DATA && !shown.has(path);
    if (gone || (old !== undefined && isIn(path, old))) special.delete(path);
  }
  for (const path of [...volume.files.keys()]) if (old !== undefined && isIn(path, old)) volume.files.delete(path);
  special.set(DATA, { kind: "link", target: folder, mode: 0o777, ...owned });
  for (const name of shown) {
    if (!special.has(name)) special.set(name, { kind: "link", target: `${DATA}/${name}`, mode: 0o777, ...owned });
  }
}

/** A part of a volume as it is now, for who does not follow its changes: a subPath. */
export function snapshot({ files, special = new Map() }: VolumeContent, subPath: string): VolumeContent {
  const link = special.get(DATA);
  if (link?.kind !== "link") return { files, special };
  const [prefix, path] = [`${link.target}/`, subPath.replace(/^\/+|\/+$/g, "")];
  const now = <T>(map: ReadonlyMap<string, T>) =>
    new Map(
      [...map].filter(([key]) => key.startsWith(prefix) && isIn(key.slice(prefix.length), path))
        .map(([key, value]) => [key.slice(prefix.length), value]),
    );
  return { files: now(files), special: now(special) };
}

const isIn = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

function holds({ files, special }: VolumeContent, folder: string, payload: Payload): boolean {
  const held = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
  return held.length === payload.size && [...payload].every(([path, { content, mode }]) => {
    const own = files.get(`${folder}/${path}`);
    return own !== undefined && special?.get(`${folder}/${path}`)?.mode === mode && sameContent(own, content);
  });
}

function sameContent(a: Content, b: Content): boolean {
  if (typeof a === "string" && typeof b === "string") return a === b;
  const [first, second] = [bytesOf(a), bytesOf(b)];
  return first.length === second.length && first.every((byte, i) => byte === second[i]);
}

/** "..2026_01_31_12_00_00.1234567890" */
function folderName(now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(/[-T:]/g, "_");
  return `..${time}.${(Math.imul(now % 2 ** 31, 0x9e3779b1) >>> 0).toString().padStart(10, "0")}`;
}
