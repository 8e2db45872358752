/** Programs whose output comes while their input does: others read all of it first. */
import { bytesOf } from "../files/entry.ts";
import { fromBytes, type Source, textSource } from "../streams.ts";
import { endless, fileSink, sizeOf } from "../files/file_streams.ts";
import { hasGnuPrograms } from "./dialect.ts";
import { duration, fail, out, pathOf, type Program, type ProgramContext, reasonOf } from "./program.ts";
import { runProgram } from "./run.ts";

/** A file or, for "-", the input. @throws {FileError} */
function open(path: string, context: ProgramContext): Source {
  if (path === "-" || path === "/dev/stdin") return context.stdin;
  const { files, clock } = context.process.machine;
  const full = pathOf(context, path);
  if (full === "/dev/zero" || full === "/dev/random" || full === "/dev/urandom") {
    return endless(full, () => clock.random());
  }
  return textSource(fromBytes(bytesOf(files.read(full))));
}

async function* chunks(source: Source, { process }: ProgramContext): AsyncIterable<string> {
  for (;;) {
    const pause = process.step();
    if (pause !== undefined) await pause;
    const chunk = await process.wait(source.read());
    if (chunk === undefined) return;
    yield chunk;
  }
}

const cat: Program = async (args, context) => {
  let code = 0;
  const paths = args.filter((arg) => arg === "-" || !arg.startsWith("-"));
  let line = 1;
  const numbered = args.includes("-n");
  for (const path of paths.length === 0 ? ["-"] : paths) {
    try {
      for await (const chunk of chunks(open(path, context), context)) {
        const text = numbered
          ? chunk.replace(/\n$/, "").split("\n").map((one) => `${String(line++).padStart(6)}\t${one}\n`).join("")
          : chunk;
        await context.stdout.write(text);
      }
    } catch (error) {
      const what = hasGnuPrograms(context.process.machine) ? path : `can't open '${path}'`;
      code = await fail(context, `cat: ${what}: ${reasonOf(error)}`);
    }
  }
  return code;
};

const tee: Program = async (args, context) => {
  const { files, config } = context.process.machine;
  const paths = args.filter((arg) => !arg.startsWith("-"));
  let code = 0;
  const sinks = [context.stdout];
  for (const path of paths) {
    try {
      sinks.push(fileSink(files, pathOf(context, path), args.includes("-a"), config.user ?? 0));
    } catch (error) {
      code = await fail(context, `tee: ${path}: ${reasonOf(error)}`);
    }
  }
  for await (const chunk of chunks(context.stdin, context)) for (const sink of sinks) await sink.write(chunk);
  return code;
};

/** How many lines or bytes are asked for: `-n 5`, `-5`, `-c 10`, `-n +3`. */
function amount(args: readonly string[]) {
  let [count, bytes, fromStart] = [10, false, false];
  const paths: string[] = [];
  const multiplier: Readonly<Record<string, number>> = { k: 1024, K: 1024, M: 1 << 20, G: 1 << 30 };
  for (let i = 0; i < args.length; i++) {
    const [, letter, attached] = /^-([nc])(.*)$/.exec(args[i]) ?? [];
    const long = /^--(lines|bytes)=(.*)$/.exec(args[i]);
    const text = long?.[2] ??
      (letter !== undefined ? attached || args[++i] || "0" : /^-\d+$/.test(args[i]) ? args[i].slice(1) : undefined);
    if (text !== undefined) {
      bytes = letter === "c" || long?.[1] === "bytes";
      fromStart = text.startsWith("+");
      count = Number.parseInt(text.replace("+", "")) * (multiplier[text.at(-1)!] ?? 1);
    } else if (args[i] === "-" || !args[i].startsWith("-")) paths.push(args[i]);
  }
  return { count, bytes, fromStart, paths: paths.length === 0 ? ["-"] : paths };
}

const head: Program = async (args, context) => {
  const { count, bytes, paths } = amount(args);
  for (const path of paths) {
    let left = count;
    try {
      const source = open(path, context);
      if (paths.length > 1) await out(context, `==> ${path} <==\n`);
      for await (const chunk of chunks(source, context)) {
        let end = bytes ? Math.min(left, chunk.length) : 0;
        if (bytes) left -= end;
        else {
          for (; left > 0; left--) {
            const newline = chunk.indexOf("\n", end);
            if (newline < 0) {
              end = chunk.length;
              break;
            }
            end = newline + 1;
          }
        }
        await context.stdout.write(chunk.slice(0, end));
        if (left <= 0) {
          source.unread(chunk.slice(end));
          break;
        }
      }
    } catch (error) {
      return await fail(context, `head: ${path}: ${reasonOf(error)}`);
    }
  }
  return 0;
};

const POLL = 1000;
const MOST_HELD = 1 << 26;

const tail: Program = async (args, context) => {
  const follows = args.some((arg) => /^-[a-zA-Z]*[fF]/.test(arg) || arg === "--follow");
  const waits = args.some((arg) => /^-[a-zA-Z]*F/.test(arg) || arg === "--retry");
  const { count, bytes, fromStart, paths } = amount(
    args.filter((arg) => !/^-[fF]+$/.test(arg) && !arg.startsWith("--follow") && arg !== "--retry").map((arg) =>
      arg.replace(/^-[fF]([nc])/, "-$1")
    ),
  );
  const { process } = context;
  const { files } = process.machine;
  for (const path of paths) {
    if (waits && path !== "-" && files.find(pathOf(context, path)) === undefined) continue;
    let held = "";
    try {
      for await (const chunk of chunks(open(path, context), context)) {
        held += chunk;
        // Without an end of line, all has to be kept.
        process.use(held.length);
        if (held.length > MOST_HELD) process.machine.outOfMemory();
      }
    } catch (error) {
      const what = hasGnuPrograms(process.machine) ? `cannot open '${path}' for reading` : `can't open '${path}'`;
      return await fail(context, `tail: ${what}: ${reasonOf(error)}`);
    }
    process.use(0);
    if (paths.length > 1) await out(context, `==> ${path} <==\n`);
    if (bytes) {
      await context.stdout.write(fromStart ? held.slice(count - 1) : held.slice(Math.max(0, held.length - count)));
    } else {
      const lines = held.split("\n");
      const ends = lines.at(-1) === "";
      if (ends) lines.pop();
      const chosen = fromStart ? lines.slice(count - 1) : count === 0 ? [] : lines.slice(-count);
      if (chosen.length > 0) await context.stdout.write(chosen.join("\n") + (ends ? "\n" : ""));
    }
  }
  if (!follows) return 0;
  const sizes = new Map(paths.map((path) => [path, sizeAt(path, context)]));
  process.repeat();
  for (;;) {
    await process.sleep(POLL);
    for (const path of paths) {
      if (path === "-" || path === "/dev/null") continue;
      const size = sizeAt(path, context);
      const before = sizes.get(path)!;
      sizes.set(path, size);
      if (size <= before && size !== 0) continue;
      if (size === before) continue;
      await context.stdout.write(
        fromBytes(bytesOf(files.read(pathOf(context, path))).subarray(size < before ? 0 : before)),
      );
    }
  }
};

function sizeAt(path: string, context: ProgramContext): number {
  const entry = context.process.machine.files.find(pathOf(context, path));
  return entry === undefined ? 0 : sizeOf(entry);
}

const yes: Program = async (args, context) => {
  const line = `${args.length === 0 ? "y" : args.join(" ")}\n`;
  context.process.repeat();
  for (;;) {
    await out(context, line.repeat(64));
    const pause = context.process.step(8);
    if (pause !== undefined) await pause;
  }
};

const SIZES: Readonly<Record<string, number>> = { "": 1, c: 1, k: 1024, K: 1024, M: 1 << 20, MB: 1e6, G: 1 << 30 };

const dd: Program = async (args, context) => {
  const given = Object.fromEntries(args.map((arg) => arg.split("=") as [string, string]));
  const size = (text: string) => {
    const [, number, unit] = /^(\d+)(\w*)$/.exec(text) ?? [];
    return Number(number) * (SIZES[unit] ?? 1);
  };
  const block = size(given.bs ?? "512");
  let left = given.count === undefined ? Infinity : block * Number(given.count);
  const { process } = context;
  const { files, config, clock } = process.machine;
  const started = clock.now();
  let copied = 0;
  process.claim(block);
  try {
    const source = given.if === undefined ? context.stdin : open(given.if, context);
    const sink = given.of === undefined
      ? context.stdout
      : given.of === "/dev/null"
      ? { write() {} }
      : fileSink(files, pathOf(context, given.of), given.oflag === "append", config.user ?? 0);
    let piece = "";
    for await (const chunk of chunks(source, context)) {
      const part = chunk.slice(0, left);
      left -= part.length;
      copied += part.length;
      piece += part;
      if (piece.length >= 1 << 16 || left <= 0) {
        await sink.write(piece);
        piece = "";
      }
      if (left <= 0) break;
    }
    await sink.write(piece);
  } catch (error) {
    return await fail(context, `dd: error writing '${given.of}': ${reasonOf(error)}`);
  }
  const blocks = `${Math.floor(copied / block)}+${copied % block === 0 ? 0 : 1}`;
  await fail(
    context,
    `${blocks} records in\n${blocks} records out\n${copied} bytes copied, ${
      ((clock.now() - started) / 1000).toFixed(6)
    } seconds`,
  );
  return 0;
};

const watch: Program = async (args, context) => {
  const index = args.indexOf("-n");
  const seconds = index < 0 ? 2000 : duration(args[index + 1]) ?? 2000;
  const words = args.filter((arg, i) => !arg.startsWith("-") && (index < 0 || i !== index + 1));
  context.process.repeat();
  for (;;) {
    await runProgram(["sh", "-c", words.join(" ")], context);
    await context.process.sleep(seconds);
  }
};

export const FLOWING: Readonly<Record<string, Program>> = { cat, tee, head, tail, yes, dd, watch };
