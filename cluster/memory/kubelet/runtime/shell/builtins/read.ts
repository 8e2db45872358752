/** `read`: a line of the input, cut into variables. */
import type { Process } from "../../process.ts";
import { decodeText, encodeText, type Source } from "../../streams.ts";
import { NOTICED, type ShellState } from "../state.ts";
import type { Builtin } from "./builtin.ts";

interface Options {
  readonly names: readonly string[];
  /** Backslashes stand for themselves. */
  readonly raw: boolean;
  /** Characters. */
  readonly limit: number;
  readonly prompt: string;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** `-r`, `-p PROMPT`, `-n COUNT`, `-t SECONDS`, also run together: `-rp "? "`. */
function parse(args: readonly string[]): Options {
  const names: string[] = [];
  let [raw, limit, prompt, timeout] = [false, Infinity, "", undefined as number | undefined];
  for (let i = 0; i < args.length; i++) {
    const [, flags, letter, attached] = /^-([a-z]*?)(?:([pntdu])(.*))?$/.exec(args[i]) ?? [];
    if (flags === undefined) {
      names.push(args[i]);
      continue;
    }
    raw ||= flags.includes("r");
    if (letter === undefined) continue;
    const value = attached || (args[++i] ?? "");
    if (letter === "p") prompt = value;
    else if (letter === "n") limit = Number(value);
    else if (letter === "t") timeout = Number(value) * 1000;
  }
  return { names, raw, limit, prompt, timeout };
}

/** Reads until the line's end, so many characters, or the time is over; what is read too much is put back. */
async function readLine(source: Source, process: Process, { limit, timeout }: Options) {
  let line = "";
  const end = process.repeat();
  const timer = timeout === undefined ? undefined : process.sleep(timeout).then(() => undefined);
  try {
    for (;;) {
      const chunk = await process.wait(timer === undefined ? source.read() : Promise.race([source.read(), timer]));
      if (chunk === undefined) return { line, ended: true };
      const found = chunk.indexOf("\n");
      const newline = found < 0 ? Infinity : line.length + found;
      line += chunk;
      // Who never ends a line fills the memory, and takes its time for it.
      if (line.length > NOTICED) process.use(line.length);
      const pause = process.step();
      if (pause !== undefined) await pause;
      const stop = Math.min(newline, limit);
      if (line.length < stop || stop === Infinity) continue;
      source.unread(line.slice(stop === newline ? stop + 1 : stop));
      return { line: line.slice(0, stop), ended: false };
    }
  } finally {
    end();
  }
}

/** Cuts a text at the characters of IFS: a word for each name, and what is left for the last one. */
function assignWords(text: string, names: readonly string[], state: ShellState): void {
  const ifs = state.get("IFS") ?? " \t\n";
  const isBlank = (character: string) => ifs.includes(character) && /\s/.test(character);
  let rest = text;
  for (const [i, name] of names.entries()) {
    while (rest !== "" && isBlank(rest[0])) rest = rest.slice(1);
    if (i === names.length - 1) {
      while (rest !== "" && isBlank(rest.at(-1)!)) rest = rest.slice(0, -1);
      return state.set(name, rest);
    }
    let stop = 0;
    while (stop < rest.length && !ifs.includes(rest[stop])) stop++;
    state.set(name, rest.slice(0, stop));
    rest = rest.slice(stop + 1);
  }
}

/** The status is 1 at the end of the input. */
export const read: Builtin = async ({ args, shell: { state, process }, open }) => {
  const options = parse(args);
  const { names, raw, prompt } = options;
  const source = open.get(0)?.source;
  if (prompt !== "" && source?.isTerminal) await open.get(2)?.sink?.write(encodeText(prompt));
  const { line, ended } = source === undefined ? { line: "", ended: true } : await readLine(source, process, options);
  const text = decodeText(line);
  assignWords(raw ? text : text.replaceAll(/\\([^])/g, "$1"), names.length === 0 ? ["REPLY"] : names, state);
  return ended ? 1 : 0;
};
