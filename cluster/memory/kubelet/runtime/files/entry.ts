/** What a folder of a container holds, and where such things are kept. */
import { Buffer } from "node:buffer";

/** Text, or bytes where they are no text. */
export type Content = string | Uint8Array;

export interface Owned {
  /** Permission bits, 0o644. */
  readonly mode: number;
  /** Milliseconds of the clock. */
  readonly mtime: number;
  readonly uid: number;
}

export type Entry =
  | Owned & { readonly kind: "file"; readonly content: Content }
  | Owned & { readonly kind: "folder" }
  | Owned & { readonly kind: "link"; readonly target: string }
  /** A character device unless said. */
  | Owned & { readonly kind: "device"; readonly type?: "socket" | "block device" };

/** Files by their absolute path in it, without links followed; the layer's own root is "". "/etc/hosts" */
export interface Layer {
  get(path: string): Entry | undefined;
  set(path: string, entry: Entry): void;
  delete(path: string): void;
  /** The names of what lies directly in a folder, in any order. */
  names(folder: string): Iterable<string>;
}

export type FileErrorCode =
  | "ENOENT"
  | "ENOTDIR"
  | "EISDIR"
  | "EEXIST"
  | "ENOTEMPTY"
  | "EACCES"
  | "EROFS"
  | "ENOSPC"
  | "ELOOP"
  | "EBUSY"
  | "EINVAL";

/** In the C library's words. */
export const REASONS: Readonly<Record<FileErrorCode, string>> = {
  ENOENT: "No such file or directory",
  ENOTDIR: "Not a directory",
  EISDIR: "Is a directory",
  EEXIST: "File exists",
  ENOTEMPTY: "Directory not empty",
  EACCES: "Permission denied",
  EROFS: "Read-only file system",
  ENOSPC: "No space left on device",
  ELOOP: "Too many levels of symbolic links",
  EBUSY: "Resource busy",
  EINVAL: "Invalid argument",
};

/** Why something cannot be done with a file. */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly reason: string;
  constructor(readonly code: FileErrorCode, readonly path: string) {
    // Programs look for the code at the beginning, as Node.js writes it.
    super(`${code}: ${REASONS[code].toLowerCase()}, open '${path}'`);
    this.reason = REASONS[code];
  }
}

/** "-rw-r--r--", "drwxrwxrwt", as `ls` and `tar` show the mode of a kind of entry. */
export function modeText(mode: number, kind: Entry["kind"]): string {
  const letters = "rwxrwxrwx";
  const type = kind === "folder" ? "d" : kind === "link" ? "l" : kind === "device" ? "c" : "-";
  const bits = [...letters].map((letter, i) => (mode & (1 << (8 - i))) !== 0 ? letter : "-").join("");
  return `${type}${mode & 0o1000 ? `${bits.slice(0, 8)}t` : bits}`;
}

const encoder = new TextEncoder();

/** The length in bytes. */
export function byteLength(content: Content): number {
  return typeof content === "string" ? Buffer.byteLength(content) : content.length;
}

export const textOf = (content: Content): string =>
  typeof content === "string" ? content : new TextDecoder().decode(content);

export const bytesOf = (content: Content): Uint8Array =>
  typeof content === "string" ? encoder.encode(content) : content;
