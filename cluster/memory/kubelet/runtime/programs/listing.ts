/** `ls` as busybox prints it, and `xargs`. */
import { byteLength, type Entry, modeText } from "../files/entry.ts";
import { pathIn } from "../files/file_system.ts";
import { decodeText } from "../streams.ts";
import { userName } from "../users.ts";
import { hasGnuPrograms } from "./dialect.ts";
import { fail, out, pathOf, type Program, type ProgramContext, readAll, reasonOf } from "./program.ts";
import { runProgram } from "./run.ts";
import { strftime } from "./strftime.ts";

interface Item {
  readonly name: string;
  readonly entry: Entry;
}

const ls: Program = async (args, context) => {
  const flags = args.filter((arg) => /^-[^-]/.test(arg)).join("");
  const has = (letter: string) => flags.includes(letter);
  const paths = args.filter((arg) => !arg.startsWith("-"));
  const { files } = context.process.machine;
  let code = 0;
  const [single, folders]: [Item[], string[]] = [[], []];
  for (const path of paths.length === 0 ? ["."] : paths) {
    try {
      const entry = files.stat(pathOf(context, path), !has("l") || has("L") || path.endsWith("/"));
      if (entry.kind === "folder" && !has("d")) folders.push(path);
      else single.push({ name: path, entry });
    } catch (error) {
      const reason = reasonOf(error);
      code = hasGnuPrograms(context.process.machine)
        ? await fail(context, `ls: cannot access '${path}': ${reason}`, 2)
        : await fail(context, `ls: ${path}: ${reason}`);
    }
  }
  if (single.length > 0) await show(single, flags, context);
  const titled = folders.length + single.length > 1 || has("R");
  let first = single.length === 0;
  const list = async (path: string): Promise<void> => {
    const full = pathOf(context, path);
    const hidden = has("a") ? [".", ".."] : [];
    const names = [...hidden, ...files.names(full).filter((name) => has("a") || has("A") || !name.startsWith("."))];
    const items = names.flatMap((name) => {
      const entry = files.find(pathIn(full, name), has("L") || name.startsWith("."));
      return entry === undefined ? [] : [{ name, entry }];
    });
    if (has("t")) items.sort((a, b) => b.entry.mtime - a.entry.mtime);
    if (has("S")) items.sort((a, b) => size(b.entry) - size(a.entry));
    if (has("r")) items.reverse();
    if (titled) await out(context, `${first ? "" : "\n"}${path}:\n`);
    first = false;
    if (has("l")) {
      await out(
        context,
        `total ${items.reduce((sum, { entry }) => sum + blocks(entry), 0)}\n`,
      );
    }
    await show(items, flags, context);
    if (!has("R")) return;
    for (const { name, entry } of items) {
      if (entry.kind === "folder" && !/^\.\.?$/.test(name)) await list(`${path.replace(/\/$/, "")}/${name}`);
    }
  };
  for (const path of folders) await list(path);
  return code;
};

const size = (entry: Entry): number =>
  entry.kind === "file"
    ? byteLength(entry.content)
    : entry.kind === "folder"
    ? 4096
    : entry.kind === "link"
    ? entry.target.length
    : 0;

/** Of 1 KiB, as many as it takes on a disk: a link's target stands in its inode. */
const blocks = (entry: Entry): number => entry.kind === "link" ? 0 : 4 * Math.ceil(size(entry) / 4096);

const UNITS = ["", "K", "M", "G"];

function readable(bytes: number): string {
  let unit = 0;
  let value = bytes;
  for (; value >= 1024; unit++) value /= 1024;
  return unit === 0 ? String(value) : `${value.toFixed(1)}${UNITS[unit]}`;
}

async function show(items: readonly Item[], flags: string, context: ProgramContext): Promise<void> {
  const mark = ({ kind, mode }: Entry) =>
    flags.includes("F") || flags.includes("p")
      ? kind === "folder" ? "/" : flags.includes("F") && (mode & 0o111) ? "*" : ""
      : "";
  if (!flags.includes("l")) {
    const terminal = context.stdout.isTerminal === true && !flags.includes("1");
    const names = items.map(({ name, entry }) => name + mark(entry));
    return await out(context, names.length === 0 ? "" : terminal ? columns(names) : `${names.join("\n")}\n`);
  }
  const sizes = items.map(({ entry }) => flags.includes("h") ? readable(size(entry)) : String(size(entry)));
  const width = Math.max(9, ...sizes.map((text) => text.length));
  const lines = items.map(({ name, entry }, i) => {
    const owner = (userName(context.process.machine.files, entry.uid) ?? String(entry.uid)).padEnd(8);
    const links = entry.kind === "folder" ? 2 : 1;
    const time = strftime("%b %e %H:%M", entry.mtime);
    const target = entry.kind === "link" ? ` -> ${entry.target}` : "";
    return `${modeText(entry.mode, entry.kind)} ${String(links).padStart(4)} ${owner} ${owner} ${
      sizes[i].padStart(width)
    } ${time} ${name}${mark(entry)}${target}\n`;
  });
  await out(context, lines.join(""));
}

/** Names side by side, as on a terminal. */
function columns(names: readonly string[]): string {
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const count = Math.max(1, Math.floor(80 / width));
  const rows = Math.ceil(names.length / count);
  return Array.from(
    { length: rows },
    (_, row) => `${names.filter((_, i) => i % rows === row).map((name) => name.padEnd(width)).join("").trimEnd()}\n`,
  ).join("");
}

const xargs: Program = async (args, context) => {
  let [most, replaced, zero, at] = [Infinity, undefined as string | undefined, false, 0];
  for (; args[at]?.startsWith("-"); at++) {
    const [, letter, rest] = /^-(.?)(.*)$/s.exec(args[at])!;
    if (letter === "n" || letter === "L") most = Number(rest || args[++at]);
    else if (letter === "I") replaced = rest || args[++at];
    else if (letter === "P") rest || at++;
    else if (letter === "0") zero = true;
  }
  const words = args.slice(at);
  const command = words.length === 0 ? ["echo"] : words;
  const text = decodeText(await readAll(context));
  const items = text.split(zero ? "\0" : replaced === undefined ? /\s+/ : "\n").filter((item) => item !== "");
  const size = replaced === undefined ? most : 1;
  let code = 0;
  for (let from = 0; from === 0 || from < items.length; from += Math.min(size, items.length || 1)) {
    if (items.length === 0 && (args.includes("-r") || replaced !== undefined)) break;
    const chunk = items.slice(from, from + Math.min(size, items.length));
    const line = replaced === undefined
      ? [...command, ...chunk]
      : command.map((word) => word.replaceAll(replaced, chunk[0]));
    const pause = context.process.step(5);
    if (pause !== undefined) await pause;
    if (await runProgram(line, context) !== 0) code = 123;
  }
  return code;
};

export const LISTING: Readonly<Record<string, Program>> = { ls, xargs };
