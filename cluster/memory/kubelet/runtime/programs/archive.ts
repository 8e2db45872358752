/**
 * `tar`, as `kubectl cp` and people use it: creates, lists and unpacks archives, through gzip where asked for.
 *
 * Source: POSIX, pax, "ustar Interchange Format".
 */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { bytesOf, FileError } from "../files/entry.ts";
import { type FileSystem, pathIn } from "../files/file_system.ts";
import { fromBytes, toBytes } from "../streams.ts";
import { fail, out, pathOf, type Program, type ProgramContext, readAll, reasonOf, track } from "./program.ts";

// They work in threads of their own, while others go on.
const [pack, unpackGzip] = [promisify(gzip), promisify(gunzip)];
const packBytes = (bytes: Uint8Array): Promise<Uint8Array> => pack(bytes);
const unpackBytes = (bytes: Uint8Array): Promise<Uint8Array> => unpackGzip(bytes, { maxOutputLength: LARGEST });

const BLOCK = 512;
const LARGEST = 1 << 26;

interface Member {
  readonly name: string;
  readonly kind: "file" | "folder" | "link";
  readonly mode: number;
  readonly uid: number;
  /** Seconds. */
  readonly mtime: number;
  readonly content: Uint8Array;
  readonly target: string;
}

interface Options {
  readonly letters: string;
  readonly file: string;
  readonly folder: string;
  readonly strip: number;
  readonly paths: readonly string[];
}

const tar: Program = async (args, context) => {
  const options = parse(args, context);
  const { letters, file } = options;
  const unpacks = letters.includes("x") || letters.includes("t");
  if (!unpacks && !letters.includes("c")) {
    return await fail(context, "tar: must specify exactly one of -c, -t, -x", 1);
  }
  try {
    if (!unpacks) return await create(options, context);
    const { files } = context.process.machine;
    let bytes = file === "-" ? toBytes(await readAll(context)) : bytesOf(files.read(pathOf(context, file)));
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = await track(context, unpackBytes(bytes));
    return await unpack(bytes, options, context);
  } catch (error) {
    if (error instanceof RangeError || !(error instanceof FileError)) {
      if ((error as { readonly code?: string }).code?.startsWith("Z_") || error instanceof RangeError) {
        return await fail(context, "tar: invalid tar magic");
      }
      throw error;
    }
    return await fail(context, `tar: ${error.path}: ${reasonOf(error)}`);
  }
};

/** `-xmf - -C /dir`, and the older `xf -`. */
function parse(args: readonly string[], context: ProgramContext): Options {
  let [letters, file, folder, strip] = ["", "-", context.cwd, 0];
  const paths: string[] = [];
  const words = args.map((arg, i) => i === 0 && /^[a-zA-Z]+$/.test(arg) ? `-${arg}` : arg);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word.startsWith("--strip-components")) strip = Number(word.includes("=") ? word.split("=")[1] : words[++i]);
    else if (word.startsWith("--")) {
      letters += { "--create": "c", "--extract": "x", "--list": "t", "--gzip": "z" }[word] ?? "";
    } else if (/^-./.test(word)) {
      letters += word.slice(1);
      if (word.includes("f")) file = words[++i] ?? "-";
      if (word.includes("C")) folder = pathOf(context, words[++i] ?? ".");
    } else paths.push(word);
  }
  return { letters, file, folder, strip, paths };
}

async function create({ letters, file, folder, paths }: Options, context: ProgramContext): Promise<number> {
  const { files, config } = context.process.machine;
  const members: Member[] = [];
  let code = 0;
  if (paths.some((path) => path.startsWith("/"))) await fail(context, "tar: removing leading '/' from member names");
  for (const path of paths) {
    try {
      collect(
        path.startsWith("/") ? path : pathIn(folder, path),
        path.replace(/^\/+/, ""),
        files,
        members,
      );
    } catch (error) {
      code = await fail(context, `tar: ${path}: ${reasonOf(error)}`);
    }
  }
  const parts = members.flatMap((
    member,
  ) => [header(member), member.content, new Uint8Array(padding(member.content.length))]);
  let bytes = join([...parts, new Uint8Array(2 * BLOCK)]);
  if (letters.includes("z")) bytes = await track(context, packBytes(bytes));
  if (file === "-") await context.stdout.write(fromBytes(bytes));
  else files.write(pathOf(context, file), bytes, { uid: config.user });
  if (letters.includes("v") && file !== "-") await out(context, members.map(({ name }) => `${name}\n`).join(""));
  return code;
}

function collect(path: string, name: string, files: FileSystem, members: Member[]): void {
  const entry = files.stat(path, false);
  const common = { mode: entry.mode & 0o7777, uid: entry.uid, mtime: Math.floor(entry.mtime / 1000), target: "" };
  const none = new Uint8Array();
  if (entry.kind === "link") members.push({ ...common, name, kind: "link", content: none, target: entry.target });
  else if (entry.kind === "folder") {
    const folder = name === "" ? "./" : `${name.replace(/\/$/, "")}/`;
    members.push({ ...common, name: folder, kind: "folder", content: none });
    for (const inner of files.names(path)) {
      collect(pathIn(path.replace(/(?<=.)\/$/, ""), inner), `${folder}${inner}`, files, members);
    }
  } else if (entry.kind === "file") members.push({ ...common, name, kind: "file", content: bytesOf(entry.content) });
}

const padding = (size: number) => (BLOCK - size % BLOCK) % BLOCK;

function header({ name, kind, mode, uid, mtime, content, target }: Member): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  let [prefix, short] = ["", name];
  if (new TextEncoder().encode(name).length > 100) {
    const slash = name.lastIndexOf("/", 155);
    [prefix, short] = [name.slice(0, slash), name.slice(slash + 1)];
  }
  put(0, short);
  put(
    100,
    `${octal(mode, 7)}\0${octal(uid, 7)}\0${octal(0, 7)}\0${octal(content.length, 11)}\0${octal(mtime, 11)}\0        `,
  );
  put(156, kind === "folder" ? "5" : kind === "link" ? "2" : "0");
  put(157, target);
  put(257, "ustar\x0000root");
  put(297, "root");
  put(345, prefix);
  put(148, `${octal(block.reduce((sum, byte) => sum + byte, 0), 6)}\0 `);
  return block;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The members of an archive. A name too long for a header comes before it, as GNU's tar and pax have it. */
function* membersOf(bytes: Uint8Array): Iterable<Member> {
  const decoder = new TextDecoder();
  let long: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0;) {
    const block = bytes.subarray(at, at + BLOCK);
    const text = (from: number, length: number) =>
      decoder.decode(block.subarray(from, from + length)).replace(/\0[^]*$/, "");
    const octal = (from: number, length: number) => Number.parseInt(text(from, length).trim() || "0", 8);
    const size = octal(124, 12);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + size + padding(size);
    const type = text(156, 1);
    if (type === "L") long = decoder.decode(content).replace(/\0[^]*$/, "");
    else if (type === "x") long = /\d+ path=([^\n]*)\n/.exec(decoder.decode(content))?.[1] ?? long;
    if (type === "L" || type === "x" || type === "g") continue;
    const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
    const name = long ?? (prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`);
    long = undefined;
    const kind = type === "5" || name.endsWith("/") ? "folder" : type === "2" ? "link" : "file";
    yield {
      name,
      kind,
      mode: octal(100, 8),
      uid: octal(108, 8),
      mtime: octal(136, 12),
      content: content.slice(),
      target: text(157, 100),
    };
  }
}

async function unpack(bytes: Uint8Array, options: Options, context: ProgramContext): Promise<number> {
  const { letters, folder, strip, paths } = options;
  const { files, config } = context.process.machine;
  const uid = config.user ?? 0;
  for (const member of membersOf(bytes)) {
    const name = member.name.replace(/^\/+/, "").split("/").slice(strip).join("/");
    if (name === "" || name.split("/").includes("..")) continue;
    if (paths.length > 0 && !paths.some((path) => name === path || name.startsWith(`${path.replace(/\/$/, "")}/`))) {
      continue;
    }
    if (letters.includes("t")) {
      const size = String(member.content.length).padStart(9);
      await out(
        context,
        letters.includes("v") ? `${modeText(member.mode, member.kind)} root/root ${size} ${name}\n` : `${name}\n`,
      );
      continue;
    }
    if (letters.includes("v")) await out(context, `${name}\n`);
    const path = pathIn(folder, name);
    if (member.kind === "folder") files.makeFolder(path, { recursive: true, uid });
    else {
      const above = path.slice(0, path.lastIndexOf("/"));
      if (above !== "") files.makeFolder(above, { recursive: true, uid });
      if (member.kind === "link") {
        files.put(path, { kind: "link", target: member.target, mode: 0o777, mtime: member.mtime * 1000, uid });
      } else if (letters.includes("O")) await context.stdout.write(fromBytes(member.content));
      else files.write(path, textOrBytes(member.content), { uid, mode: member.mode & 0o777 });
    }
  }
  return 0;
}

function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}

/** "-rw-r--r--" */
export function modeText(mode: number, kind: string): string {
  const letters = "rwxrwxrwx";
  const type = kind === "folder" ? "d" : kind === "link" ? "l" : kind === "device" ? "c" : "-";
  const bits = [...letters].map((letter, i) => (mode & (1 << (8 - i))) !== 0 ? letter : "-").join("");
  return `${type}${mode & 0o1000 ? `${bits.slice(0, 8)}t` : bits}`;
}

/** `gzip`, `gunzip` and `zcat`, of the input or of files that they replace. */
const gzipProgram = (unzips: boolean, keeps: boolean): Program => async (args, context) => {
  const { files, config } = context.process.machine;
  const flags = args.filter((arg) => arg.startsWith("-")).join("");
  const unpacks = unzips || flags.includes("d");
  const turn = (bytes: Uint8Array) => track(context, unpacks ? unpackBytes(bytes) : packBytes(bytes));
  const paths = args.filter((arg) => !arg.startsWith("-"));
  try {
    if (paths.length === 0) await context.stdout.write(fromBytes(await turn(toBytes(await readAll(context)))));
    for (const path of paths) {
      const full = pathOf(context, path);
      const result = await turn(bytesOf(files.read(full)));
      if (keeps || flags.includes("c")) await context.stdout.write(fromBytes(result));
      else {
        files.write(unpacks ? full.replace(/\.gz$/, "") : `${full}.gz`, textOrBytes(result), { uid: config.user });
        if (!flags.includes("k")) files.remove(full, { uid: config.user });
      }
    }
    return 0;
  } catch (error) {
    if (error instanceof FileError) return await fail(context, `gzip: ${error.path}: ${error.reason}`);
    return await fail(context, "gzip: invalid magic");
  }
};

export const ARCHIVES: Readonly<Record<string, Program>> = {
  tar,
  gzip: gzipProgram(false, false),
  gunzip: gzipProgram(true, false),
  zcat: gzipProgram(true, true),
};
