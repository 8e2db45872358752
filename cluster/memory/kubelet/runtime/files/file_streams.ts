/** Files and devices as processes read and write them. */
import { contentOf, type Sink, type Source } from "../streams.ts";
import { byteLength, type Entry, FileError } from "./entry.ts";
import type { FileSystem } from "./file_system.ts";

const BLOCK = 4096;

/** As many bytes as anybody reads. */
export function endless(path: string, random: () => number): Source {
  return {
    read: () =>
      Promise.resolve(
        path === "/dev/zero"
          ? "\0".repeat(BLOCK)
          : Array.from({ length: 64 }, () => String.fromCharCode(Math.floor(random() * 256))).join(""),
      ),
    unread() {},
  };
}

/** Writes into a file. @throws {FileError} when it cannot be opened */
export function fileSink(files: FileSystem, path: string, append: boolean, uid: number): Sink {
  const before: Entry | undefined = files.find(path);
  if (path === "/dev/full") {
    return {
      write: () => {
        throw new FileError("ENOSPC", path);
      },
    };
  }
  if (!append || before === undefined) files.write(path, "", { uid });
  else if (before.kind === "file") files.append(path, "", { uid });
  else if (before.kind === "folder") throw new FileError("EISDIR", path);
  return { write: (bytes) => bytes === "" ? undefined : files.append(path, contentOf(bytes), { uid }) };
}

/** How long a file is, in bytes. */
export const sizeOf = (entry: Entry): number => entry.kind === "file" ? byteLength(entry.content) : 0;
