/**
 * A terminal between a client and a process: echoes and edits what is typed, hands over whole lines, turns Ctrl-C into a
 * signal and Ctrl-D into an end, remembers lines for the arrow keys, and completes words where a shell says how.
 */
import type { TerminalSize } from "./runtime.ts";
import { decodeText, encodeText, Pipe, type Sink } from "./streams.ts";

export interface TerminalOptions {
  /** Shows bytes to the client. */
  readonly show: (bytes: string) => void;
  /** Sends a signal to what runs in the foreground. */
  readonly signal: (name: "SIGINT" | "SIGQUIT") => void;
}

/** What programs on a terminal know of it. */
export interface TerminalState {
  readonly size: TerminalSize | undefined;
  /** Keys are handed over as they are typed, and not echoed. */
  raw: boolean;
  /** What a word that has been begun goes on with, as far as that is clear. */
  complete?: (line: string) => string;
}

const MOST_LINES = 500;
/** A sequence of a special key ends with one of these. */
// deno-lint-ignore no-control-regex
const FINAL = /^\x1b(?:[^[O]|O.|\[[\d;]*[A-Za-z~])$/;

const width = (bytes: string) => decodeText(bytes).length;

export class Terminal implements TerminalState {
  readonly input = new Pipe(true);
  readonly output: Sink;
  size: TerminalSize | undefined;
  raw = false;
  complete?: (line: string) => string;
  readonly #options: TerminalOptions;
  readonly #history: string[] = [];
  #line = "";
  /** Where in the line the next character goes, in bytes. */
  #cursor = 0;
  #at = 0;
  #escape = "";

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.output = { isTerminal: true, write: (bytes) => options.show(bytes.replaceAll(/\r?\n/g, "\r\n")) };
  }

  /** Takes what the client typed. */
  type(bytes: string): void {
    for (const key of bytes) {
      if (!this.raw || key === "\x03") this.#key(key);
      else void this.input.write(key);
    }
  }

  #key(key: string): void {
    const { show, signal } = this.#options;
    if (this.#escape !== "" || key === "\x1b") return this.#sequence(key);
    switch (key) {
      case "\r":
      case "\n":
        show("\r\n");
        return this.#enter();
      case "\x03":
        this.#line = "";
        this.#cursor = 0;
        show("^C\r\n");
        return signal("SIGINT");
      case "\x1c":
        show("^\\\r\n");
        return signal("SIGQUIT");
      case "\x04":
        return this.#line === "" ? this.input.endOnce() : this.#remove(1);
      case "\x7f":
      case "\b":
        return this.#remove(-1);
      case "\x01":
        return this.#move(-Infinity);
      case "\x05":
        return this.#move(Infinity);
      case "\x02":
        return this.#move(-1);
      case "\x06":
        return this.#move(1);
      case "\x0b":
        return this.#replace(this.#line.slice(0, this.#cursor));
      case "\x0c":
        return show(`\x1b[H\x1b[J${this.#line}${"\b".repeat(width(this.#line.slice(this.#cursor)))}`);
      case "\x15":
        return this.#replace(this.#line.slice(this.#cursor), 0);
      case "\x17": {
        const before = this.#line.slice(0, this.#cursor).replace(/\S+\s*$/, "");
        return this.#replace(before + this.#line.slice(this.#cursor), before.length);
      }
      case "\t":
        return this.#insert(encodeText(this.complete?.(decodeText(this.#line.slice(0, this.#cursor))) ?? ""));
      default:
        if (key >= " ") this.#insert(key);
    }
  }

  #enter(): void {
    if (this.#line.trim() !== "" && this.#history.at(-1) !== this.#line) {
      this.#history.push(this.#line);
      if (this.#history.length > MOST_LINES) this.#history.shift();
    }
    this.#at = this.#history.length;
    const line = this.#line;
    this.#line = "";
    this.#cursor = 0;
    void this.input.write(`${line}\n`);
  }

  #insert(bytes: string): void {
    const rest = this.#line.slice(this.#cursor);
    this.#line = this.#line.slice(0, this.#cursor) + bytes + rest;
    this.#cursor += bytes.length;
    if (bytes !== "") this.#options.show(bytes + rest + "\b".repeat(width(rest)));
  }

  /** Takes away the character before the cursor, or after it. */
  #remove(direction: 1 | -1): void {
    if (direction < 0 && this.#cursor === 0) return;
    if (direction < 0) this.#move(-1);
    const end = this.#next();
    if (end === this.#cursor) return;
    const rest = this.#line.slice(end);
    this.#line = this.#line.slice(0, this.#cursor) + rest;
    this.#options.show(`${rest} ${"\b".repeat(width(rest) + 1)}`);
  }

  /** Where the character at the cursor ends: characters may have several bytes. */
  #next(): number {
    let end = Math.min(this.#line.length, this.#cursor + 1);
    while (end < this.#line.length && isContinuation(this.#line[end])) end++;
    return end;
  }

  /** Moves the cursor by characters, as far as there are any. */
  #move(by: number): void {
    for (let left = Math.abs(by); left > 0; left--) {
      if (by < 0 ? this.#cursor === 0 : this.#cursor === this.#line.length) return;
      if (by < 0) {
        do this.#cursor--; while (this.#cursor > 0 && isContinuation(this.#line[this.#cursor]));
        this.#options.show("\b");
      } else {
        const end = this.#next();
        this.#options.show(this.#line.slice(this.#cursor, end));
        this.#cursor = end;
      }
    }
  }

  /** Special keys: arrows walk through the line and through what was typed before. */
  #sequence(key: string): void {
    this.#escape += key;
    if (this.#escape.length < 8 && !FINAL.test(this.#escape)) return;
    const code = this.#escape.slice(1).replace("O", "[");
    this.#escape = "";
    switch (code) {
      case "[A":
      case "[B":
        this.#at = Math.min(this.#history.length, Math.max(0, this.#at + (code === "[A" ? -1 : 1)));
        return this.#replace(this.#history[this.#at] ?? "");
      case "[C":
        return this.#move(1);
      case "[D":
        return this.#move(-1);
      case "[H":
      case "[1~":
        return this.#move(-Infinity);
      case "[F":
      case "[4~":
        return this.#move(Infinity);
      case "[3~":
        return this.#remove(1);
    }
  }

  /** Shows another line, with the cursor at its end unless said. */
  #replace(line: string, cursor = line.length): void {
    const [back, all] = [width(this.#line.slice(0, this.#cursor)), width(this.#line)];
    const erase = "\b".repeat(back) + " ".repeat(all) + "\b".repeat(all);
    this.#options.show(erase + line + "\b".repeat(width(line.slice(cursor))));
    this.#line = line;
    this.#cursor = cursor;
  }
}

const isContinuation = (byte: string) => byte >= "\x80" && byte < "\xc0";
