/** An image's files as a tree, made once and shared by all containers of it. */
import type { Image } from "../../images/image.ts";
import { programNames } from "../programs/names.ts";
import type { Entry } from "./entry.ts";
import { baseName } from "./file_system.ts";

const known = new WeakMap<Image, ReadonlyMap<string, Entry>>();
/** When images were built, in milliseconds. */
const BUILT = Date.UTC(2026, 0, 1);

const FOLDERS =
  "bin boot dev etc home lib media mnt opt proc root run sbin srv sys tmp usr usr/bin usr/lib usr/local " +
  "usr/local/bin usr/sbin usr/share var var/cache var/lib var/log var/run var/spool var/tmp var/www dev/shm dev/pts";
const DEVICES = ["null", "zero", "full", "random", "urandom", "tty", "stdin", "stdout", "stderr"];

export function imageFiles(image: Image): ReadonlyMap<string, Entry> {
  let files = known.get(image);
  if (files === undefined) known.set(image, files = build(image));
  return files;
}

function build(image: Image): Map<string, Entry> {
  const files = new Map<string, Entry>();
  const folder = (path: string, mode = 0o755) => files.set(path, { kind: "folder", mode, mtime: BUILT, uid: 0 });
  const file = (path: string, content: string, mode = 0o644) => {
    for (let slash = path.indexOf("/", 1); slash > 0; slash = path.indexOf("/", slash + 1)) {
      if (!files.has(path.slice(0, slash))) folder(path.slice(0, slash));
    }
    files.set(path, { kind: "file", content, mode, mtime: BUILT, uid: 0 });
  };
  for (const name of image.shell ? FOLDERS.split(" ") : ["dev", "etc", "proc", "sys", "tmp", "var"]) folder(`/${name}`);
  folder("/tmp", 0o1777);
  if (image.shell) folder("/var/tmp", 0o1777);
  for (const name of DEVICES) files.set(`/dev/${name}`, { kind: "device", mode: 0o666, mtime: BUILT, uid: 0 });
  for (const name of programNames(image)) file(`/bin/${name}`, "", 0o755);
  // The image's own program may lie anywhere.
  const [own = ""] = image.entrypoint;
  if (own.startsWith("/") && programNames(image).includes(baseName(own))) file(own, "", 0o755);
  for (const name of Object.keys(image.programs ?? {})) {
    file(name.startsWith("/") ? name : `/usr/sbin/${name}`, "", 0o755);
  }
  for (const user of [{ name: "root", id: 0, home: "/root" }, ...image.users ?? []]) {
    const line = `${user.name}:x:${user.id}:${user.id}:${user.name}:${user.home}:${
      user.id === 0 ? "/bin/sh" : "/sbin/nologin"
    }\n`;
    const before = files.get("/etc/passwd");
    file("/etc/passwd", (before?.kind === "file" ? before.content as string : "") + line);
    const groups = files.get("/etc/group");
    file("/etc/group", `${groups?.kind === "file" ? groups.content : ""}${user.name}:x:${user.id}:\n`);
  }
  if (image.os !== undefined) file("/etc/os-release", image.os);
  for (const [path, content] of Object.entries(image.files)) {
    file(path, content, content.startsWith("#!") ? 0o755 : 0o644);
  }
  for (const path of image.folders ?? []) folder(path, 0o755);
  return files;
}
