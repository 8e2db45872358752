/** What a container has written: lines with their times, as the files under /var/log/pods hold them. */

export interface LogLine {
  /** Milliseconds of the clock. */
  readonly time: number;
  readonly stream: "stdout" | "stderr";
  /** Without the line's end. */
  readonly text: string;
}

/** Lines and characters kept for one container; older ones are rotated away (`containerLogMaxSize`). */
const MOST_LINES = 10_000;
const MOST_CHARACTERS = 10 * 1024 * 1024;
/** What a line has beside its text: the time, the stream, a flag. */
const OVERHEAD = 46;
/** A longer line is written in pieces, as containerd does it. */
const LONGEST_LINE = 16 * 1024;

/** Keeps the lines of one container, and tells who listens of new ones. */
export class ContainerLog {
  #lines: LogLine[] = [];
  #characters = 0;
  readonly #listeners = new Set<(line: LogLine) => void>();
  readonly #rest = { stdout: "", stderr: "" };

  constructor(readonly now: () => number) {}

  write(stream: LogLine["stream"], text: string): void {
    const parts = (this.#rest[stream] + text).split("\n");
    let rest = parts.pop()!;
    for (const part of parts) this.#add(stream, part);
    for (; rest.length > LONGEST_LINE; rest = rest.slice(LONGEST_LINE)) this.#add(stream, rest.slice(0, LONGEST_LINE));
    this.#rest[stream] = rest;
  }

  /** Ends a line that the process left unfinished. */
  close(): void {
    for (const stream of ["stdout", "stderr"] as const) if (this.#rest[stream] !== "") this.write(stream, "\n");
  }

  /** In bytes, about: as many as there are characters. */
  get size(): number {
    return this.#characters + OVERHEAD * this.#lines.length;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Tells of every line to come. Returns what stops it. */
  follow(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add(stream: LogLine["stream"], text: string): void {
    const line: LogLine = { time: this.now(), stream, text };
    this.#lines.push(line);
    this.#characters += text.length;
    if (this.#lines.length > 2 * MOST_LINES || this.#characters > 2 * MOST_CHARACTERS) this.#rotate();
    for (const listener of this.#listeners) listener(line);
  }

  /** Keeps the newest, in one go for many: to take away the first of a list is to move all others. */
  #rotate(): void {
    let [from, kept] = [this.#lines.length, 0];
    while (from > 0 && this.#lines.length - from < MOST_LINES) {
      const next = kept + this.#lines[from - 1].text.length;
      if (next > MOST_CHARACTERS) break;
      kept = next;
      from--;
    }
    this.#lines = this.#lines.slice(from);
    this.#characters = kept;
  }
}
