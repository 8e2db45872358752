/** A container's files as just-bash wants to see them. */
import type { FsStat, IFileSystem } from "just-bash";
import type { Machine } from "../machine.ts";
import { contentOf, fromBytes } from "../streams.ts";
import { byteLength, bytesOf, type Content, type Entry, FileError, textOf } from "./entry.ts";
import { normalize } from "./file_system.ts";

export function bashFiles({ files, config, clock }: Machine): IFileSystem {
  const uid = config.user ?? 0;
  const content = (given: Content, encoding: unknown): Content =>
    typeof given === "string" && (encoding === "binary" || encoding === "latin1") ? contentOf(given) : given;
  const encodingOf = (options: unknown) =>
    typeof options === "string" ? options : (options as { readonly encoding?: string } | undefined)?.encoding;
  const copy = (source: string, target: string, recursive: boolean): void => {
    const entry = files.stat(source);
    if (entry.kind !== "folder") return files.write(target, files.read(source), { uid, mode: entry.mode });
    if (!recursive) throw new FileError("EISDIR", source);
    if (target === source || target.startsWith(`${source}/`)) throw new FileError("EINVAL", target);
    files.makeFolder(target, { recursive: true, uid });
    for (const name of files.names(source)) copy(`${source}/${name}`, `${target}/${name}`, true);
  };
  const link = (path: string, target: string) =>
    files.put(path, { kind: "link", target, mode: 0o777, mtime: clock.now(), uid });
  // Calls answer at once; what they throw has to come as a rejection.
  const soon = <T>(act: () => T): Promise<T> => new Promise((resolve) => resolve(act()));
  return {
    readFile: (path, options) =>
      soon(() => {
        const encoding = encodingOf(options);
        const found = files.read(path);
        return encoding === "binary" || encoding === "latin1" ? fromBytes(bytesOf(found)) : textOf(found);
      }),
    readFileBuffer: (path) => soon(() => bytesOf(files.read(path))),
    writeFile: (path, given, options) => soon(() => files.write(path, content(given, encodingOf(options)), { uid })),
    appendFile: (path, given, options) => soon(() => files.append(path, content(given, encodingOf(options)), { uid })),
    exists: (path) => soon(() => files.find(path) !== undefined),
    stat: (path) => soon(() => statOf(files.stat(path))),
    lstat: (path) => soon(() => statOf(files.stat(path, false))),
    mkdir: (path, { recursive } = {}) => soon(() => files.makeFolder(path, { recursive, uid })),
    readdir: (path) => soon(() => files.names(path)),
    readdirWithFileTypes: (path) =>
      soon(() =>
        files.names(path).map((name) => {
          const kind = files.find(`${path}/${name}`, false)?.kind;
          return {
            name,
            isFile: kind === "file" || kind === "device",
            isDirectory: kind === "folder",
            isSymbolicLink: kind === "link",
          };
        })
      ),
    rm: (path, { recursive, force } = {}) =>
      soon(() => {
        if (force && files.find(path, false) === undefined) return;
        files.remove(path, { recursive, uid });
      }),
    cp: (source, target, { recursive = false } = {}) => soon(() => copy(source, target, recursive)),
    mv: (source, target) =>
      soon(() => {
        const entry = files.stat(source, false);
        if (entry.kind === "link") link(target, entry.target);
        else copy(source, target, true);
        files.remove(source, { recursive: true, uid });
      }),
    resolvePath: (base, path) => normalize(base, path) || "/",
    getAllPaths: () => [],
    chmod: (path, mode) => soon(() => files.change(path, { mode })),
    symlink: (target, path) =>
      soon(() => {
        if (files.find(path, false) !== undefined) throw new FileError("EEXIST", path);
        link(path, target);
      }),
    link: (existing, path) => soon(() => files.write(path, files.read(existing), { uid })),
    readlink: (path) =>
      soon(() => {
        const entry = files.stat(path, false);
        if (entry.kind !== "link") throw new FileError("EINVAL", path);
        return entry.target;
      }),
    realpath: (path) =>
      soon(() => {
        files.stat(path);
        return files.resolve(path) || "/";
      }),
    utimes: (path, _accessed, modified) => soon(() => files.change(path, { mtime: modified.getTime() })),
  };
}

function statOf(entry: Entry): FsStat {
  return {
    isFile: entry.kind === "file" || entry.kind === "device",
    isDirectory: entry.kind === "folder",
    isSymbolicLink: entry.kind === "link",
    mode: entry.mode,
    size: entry.kind === "file" ? byteLength(entry.content) : 0,
    mtime: new Date(entry.mtime),
  };
}
