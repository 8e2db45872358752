/**
 * Paths of the node that a pod mounts: what has to be there already, and what is made.
 *
 * Source: `pkg/volume/hostpath/host_path.go` (checkTypeInternal).
 */
import type { Entry } from "../runtime/files/entry.ts";
import { VolumeLayer } from "../runtime/files/volume_layer.ts";
import type { VolumeContent } from "../runtime/runtime.ts";
import { MountError } from "./mount_error.ts";

type Sort = "folder" | "file" | "socket" | "character device" | "block device";

function sortOf(entry: Entry): Sort | undefined {
  if (entry.kind === "device") return entry.type ?? "character device";
  return entry.kind === "link" ? undefined : entry.kind;
}

const WANTED: Readonly<Record<string, readonly [sort: Sort, name: string]>> = {
  Directory: ["folder", "directory"],
  DirectoryOrCreate: ["folder", "directory"],
  File: ["file", "file"],
  FileOrCreate: ["file", "file"],
  Socket: ["socket", "socket file"],
  CharDevice: ["character device", "character device"],
  BlockDevice: ["block device", "block device"],
};

/** What is at a path of the node. */
export const onNode = (node: VolumeContent, path: string): Entry | undefined =>
  new VolumeLayer({ ...node, root: "" }, "", 0).get(clean(path));

/**
 * Makes a path of a node ready to be mounted.
 *
 * @param node all of the node's files
 * @param type "" (anything goes, and a folder is made where nothing is), "Directory", "FileOrCreate" …
 * @throws {MountError} for something else than `type` says
 */
export function prepareHostPath(node: VolumeContent, path: string, type: string, now: number): VolumeContent {
  const layer = new VolumeLayer({ ...node, root: "" }, "", 0);
  const inside = clean(path);
  const found = layer.get(inside);
  if (found === undefined && (type === "" || type === "DirectoryOrCreate")) {
    layer.set(inside, { kind: "folder", mode: 0o755, mtime: now, uid: 0 });
  } else if (found === undefined && type === "FileOrCreate") {
    layer.set(inside, { kind: "file", content: "", mode: 0o644, mtime: now, uid: 0 });
  } else if (type !== "") {
    const [sort, name] = WANTED[type] ?? [];
    if (sort === undefined) throw new MountError(`${type} is an invalid volume type`);
    if (found === undefined || sortOf(found) !== sort) {
      throw new MountError(`hostPath type check failed: ${path} is not a ${name}`);
    }
  }
  return { ...node, root: inside };
}

/** Removes a path of a node with all that is in it. */
export function removePath({ files, special }: VolumeContent, path: string): void {
  const inside = clean(path);
  for (const map of [files, special]) {
    for (const key of [...map?.keys() ?? []]) if (key === inside || key.startsWith(`${inside}/`)) map!.delete(key);
  }
}

const clean = (path: string) => path.replace(/\/+/g, "/").replace(/^\/|\/$/g, "");
