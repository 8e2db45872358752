/**
 * A terminal between a client and a process: echoes what is typed, hands over whole lines, turns Ctrl-C into a signal
 * and Ctrl-D into an end, and remembers lines for the arrow keys.
 */
import type { TerminalSize } from "./runtime.ts";
import { decodeText, encodeText, Pipe, type Sink } from "./streams.ts";

export interface TerminalOptions {
  /** Shows bytes to the client. */
  readonly show: (bytes: string) => void;
  /** Sends a signal to what runs in the foreground. */
  readonly signal: (name: "SIGINT" | "SIGQUIT") => void;
}

const MOST_LINES = 500;

export class Terminal {
  readonly input = new Pipe(true);
  readonly output: Sink;
  size: TerminalSize | undefined;
  readonly #options: TerminalOptions;
  readonly #history: string[] = [];
  #line = "";
  #at = 0;
  #escape = "";

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.output = { isTerminal: true, write: (bytes) => options.show(bytes.replaceAll(/\r?\n/g, "\r\n")) };
  }

  /** Takes what the client typed. */
  type(bytes: string): void {
    for (const key of bytes) this.#key(key);
  }

  /** The client has gone. */
  hangUp(): void {
    this.input.end();
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
        show("^C\r\n");
        return signal("SIGINT");
      case "\x1c":
        show("^\\\r\n");
        return signal("SIGQUIT");
      case "\x04":
        if (this.#line === "") return this.input.endOnce();
        return;
      case "\x7f":
      case "\b":
        if (this.#line === "") return;
        this.#line = encodeText([...decodeText(this.#line)].slice(0, -1).join(""));
        show("\b \b");
        return;
      case "\x15":
        return this.#replace("");
      case "\x17":
        return this.#replace(this.#line.replace(/\S+\s*$/, ""));
      case "\t":
        return;
      default:
        if (key < " ") return;
        this.#line += key;
        show(key);
    }
  }

  #enter(): void {
    if (this.#line.trim() !== "") {
      this.#history.push(this.#line);
      if (this.#history.length > MOST_LINES) this.#history.shift();
    }
    this.#at = this.#history.length;
    const line = this.#line;
    this.#line = "";
    void this.input.write(`${line}\n`);
  }

  /** Arrow keys: up and down walk through what was typed before. */
  #sequence(key: string): void {
    this.#escape += key;
    if (this.#escape.length < 3 && (this.#escape === "\x1b" || this.#escape === "\x1b[")) return;
    const code = this.#escape;
    this.#escape = "";
    if (code !== "\x1b[A" && code !== "\x1b[B") return;
    this.#at = Math.min(this.#history.length, Math.max(0, this.#at + (code === "\x1b[A" ? -1 : 1)));
    this.#replace(this.#history[this.#at] ?? "");
  }

  #replace(line: string): void {
    const back = decodeText(this.#line).length;
    this.#options.show("\b".repeat(back) + " ".repeat(back) + "\b".repeat(back) + line);
    this.#line = line;
  }
}
