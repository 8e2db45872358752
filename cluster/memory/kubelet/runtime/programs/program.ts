/** What a program is: a function that reads, writes, waits on its process and returns its exit code. */
import { normalize } from "../files/file_system.ts";
import { FileError } from "../files/entry.ts";
import type { Process } from "../process.ts";
import { encodeText, type Sink, type Source } from "../streams.ts";

export interface ProgramContext {
  readonly process: Process;
  readonly env: ReadonlyMap<string, string>;
  /** "/" or "/a/b" */
  readonly cwd: string;
  /** Who says that there is no such program. */
  readonly shellName: string;
  readonly stdin: Source;
  readonly stdout: Sink;
  readonly stderr: Sink;
}

export type Program = (args: readonly string[], context: ProgramContext) => number | Promise<number>;

/** Writes text to the program's output. */
export const out = (context: ProgramContext, text: string): void | Promise<void> =>
  context.stdout.write(encodeText(text));

/** Says what is wrong. @returns the exit code 1, or another one */
export async function fail(context: ProgramContext, text: string, code = 1): Promise<number> {
  await context.stderr.write(encodeText(`${text}\n`));
  return code;
}

/** An absolute path of what is named from the working folder. */
export const pathOf = (context: ProgramContext, path: string): string => normalize(context.cwd, path) || "/";

/** All of the input as bytes. */
export async function readAll({ stdin, process }: ProgramContext): Promise<string> {
  let bytes = "";
  for (let chunk = await process.wait(stdin.read()); chunk !== undefined; chunk = await process.wait(stdin.read())) {
    bytes += chunk;
    process.use(bytes.length > NOTICED ? bytes.length : process.memory);
    const pause = process.step();
    if (pause !== undefined) await pause;
    if (bytes.length > MOST) process.machine.outOfMemory();
  }
  return bytes;
}

/** Bytes from which on a reader's memory counts, and those that nobody holds. */
const NOTICED = 1 << 20;
const MOST = 1 << 28;

/** Work that takes no time of the cluster's, which stands still meanwhile. @rejects {Ended} */
export const track = <T>({ process }: ProgramContext, work: Promise<T>): Promise<T> =>
  process.wait(process.machine.clock.track(work));

/** What a file error is to the one who asked for the file. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof FileError) return error.reason;
  throw error;
};

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };

/** Milliseconds for "1.5", "2m", "infinity"; undefined for what is no time. */
export function duration(text: string): number | undefined {
  if (text === "infinity" || text === "inf") return Infinity;
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * UNITS[match[2]] * 1000;
}
