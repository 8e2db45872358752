/** What a container has written: lines with their times, as the files under /var/log/pods hold them. */

export interface LogLine {
  /** Milliseconds of the clock. */
  readonly time: number;
  readonly stream: "stdout" | "stderr";
  /** Without the line's end. */
  readonly text: string;
}

/** Lines kept for one container; older ones are rotated away. */
const LONGEST = 10_000;
/** What a line has beside its text: the time, the stream, a flag. */
const OVERHEAD = 46;

export class ContainerLog {
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Set<(line: LogLine) => void>();
  #size = 0;
  readonly #rest = { stdout: "", stderr: "" };

  constructor(readonly now: () => number) {}

  write(stream: LogLine["stream"], text: string): void {
    const parts = (this.#rest[stream] + text).split("\n");
    this.#rest[stream] = parts.pop()!;
    for (const part of parts) this.#add({ time: this.now(), stream, text: part });
  }

  /** Ends a line that the process left unfinished. */
  close(): void {
    for (const stream of ["stdout", "stderr"] as const) if (this.#rest[stream] !== "") this.write(stream, "\n");
  }

  /** In bytes, about: as many as there are characters. */
  get size(): number {
    return this.#size;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Tells of every line to come. Returns what stops it. */
  follow(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add(line: LogLine): void {
    this.#lines.push(line);
    this.#size += line.text.length + OVERHEAD;
    if (this.#lines.length > LONGEST) {
      for (const { text } of this.#lines.splice(0, this.#lines.length - LONGEST)) this.#size -= text.length + OVERHEAD;
    }
    for (const listener of this.#listeners) listener(line);
  }
}
