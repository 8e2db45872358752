/** The users of a container, as its /etc/passwd has them now. */
import type { FileSystem } from "./files/file_system.ts";

/** What a user is called; undefined for a number that has no name. */
export function userName(files: FileSystem, uid: number): string | undefined {
  const lines = (files.readText("/etc/passwd") ?? "").split("\n").map((line) => line.split(":"));
  return lines.find((fields) => fields[2] === String(uid))?.[0];
}
