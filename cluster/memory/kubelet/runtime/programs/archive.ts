/** `tar`, as `kubectl cp` and people use it: creates, lists and unpacks archives, through gzip where asked for; and `gzip`. */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { bytesOf, FileError, modeText } from "../files/entry.ts";
import { type FileSystem, pathIn } from "../files/file_system.ts";
import { fromBytes, textOrBytes, toBytes } from "../streams.ts";
import { hasGnuPrograms } from "./dialect.ts";
import { fail, out, pathOf, type Program, type ProgramContext, readAll, reasonOf, track } from "./program.ts";
import { type Member, membersOf, packed } from "./ustar.ts";

// They work in threads of their own, while others go on.
const [pack, unpackGzip] = [promisify(gzip), promisify(gunzip)];
const packBytes = (bytes: Uint8Array): Promise<Uint8Array> => pack(bytes);
const unpackBytes = (bytes: Uint8Array): Promise<Uint8Array> => unpackGzip(bytes, { maxOutputLength: LARGEST });

const LARGEST = 1 << 26;

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
    if (error instanceof FileError) return await fail(context, `tar: ${error.path}: ${error.reason}`);
    // What zlib cannot unpack, and sizes that are no numbers.
    const isUnreadable = error instanceof RangeError || (error as { readonly code?: string }).code?.startsWith("Z_");
    if (isUnreadable) return await fail(context, "tar: invalid tar magic");
    throw error;
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
  const gnu = hasGnuPrograms(context.process.machine);
  if (paths.some((path) => path.startsWith("/"))) {
    await fail(
      context,
      gnu ? "tar: Removing leading `/' from member names" : "tar: removing leading '/' from member names",
    );
  }
  for (const path of paths) {
    try {
      const full = path.startsWith("/") ? path : pathIn(folder, path);
      collect(full, path.replace(/^\/+/, ""), files, members);
    } catch (error) {
      const reason = reasonOf(error);
      code = gnu
        ? await fail(context, `tar: ${path}: Cannot stat: ${reason}`, 2)
        : await fail(context, `tar: ${path}: ${reason}`);
    }
  }
  if (gnu && code !== 0) await fail(context, "tar: Exiting with failure status due to previous errors");
  let bytes = packed(members);
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
