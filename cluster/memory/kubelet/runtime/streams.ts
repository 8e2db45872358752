/**
 * Where processes read and write. What flows is bytes, held in strings of which each character is one byte: joining and
 * cutting them is cheap, and text of the plain alphabet is itself.
 */
import { Buffer } from "node:buffer";

/** Thrown where somebody writes whom nobody reads any more. */
export class BrokenPipe extends Error {
  override readonly name = "BrokenPipe";
}

export interface Sink {
  /** @returns a promise when the writer has to wait for the reader. @throws {BrokenPipe} */
  write(bytes: string): void | Promise<void>;
  close?(): void;
  /** The terminal behind it, if there is one. */
  readonly isTerminal?: boolean;
}

export interface Source {
  /** The next bytes, as many as there are; undefined at the end. */
  read(): Promise<string | undefined>;
  /** Puts back what was read too much. */
  unread(bytes: string): void;
  /** Nobody reads any more. */
  close?(): void;
  readonly isTerminal?: boolean;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Whether the bytes of the text are its characters. */
const isAscii = (text: string) => Buffer.byteLength(text) === text.length;

/** The UTF-8 bytes of a text. */
export function encodeText(text: string): string {
  return isAscii(text) ? text : fromBytes(encoder.encode(text));
}

/** The text that bytes are in UTF-8. */
export function decodeText(bytes: string): string {
  return isAscii(bytes) ? bytes : decoder.decode(toBytes(bytes));
}

/** The same bytes as an array. */
export function toBytes(bytes: string): Uint8Array {
  return Buffer.from(bytes, "latin1");
}

/** The opposite of {@linkcode toBytes}. */
export function fromBytes(array: Uint8Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("latin1");
}

/** What a file holds of such bytes: see {@linkcode textOrBytes}. */
export const contentOf = (bytes: string): string | Uint8Array => isAscii(bytes) ? bytes : textOrBytes(toBytes(bytes));

/** Text where the bytes are text, else the bytes. */
export function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}

/** How much a pipe holds until its writer waits, in bytes. */
const CAPACITY = 65_536;

/** A pipe between two processes, and what a client types. */
export class Pipe implements Sink, Source {
  #buffer = "";
  #ended = false;
  #broken = false;
  /** What comes after an end that somebody is still to read. */
  #later: string[] = [];
  #readers: ((bytes: string | undefined) => void)[] = [];
  #writers: (() => void)[] = [];

  constructor(readonly isTerminal = false) {}

  write(bytes: string): void | Promise<void> {
    if (this.#broken) throw new BrokenPipe("nobody reads");
    if (bytes === "" || this.#ended) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) return reader(bytes);
    if (this.#later.length > 0) this.#later[this.#later.length - 1] += bytes;
    else this.#buffer += bytes;
    if (this.#buffer.length > CAPACITY) return new Promise((resolve) => this.#writers.push(resolve));
  }

  /** Ends what can be read. */
  end(): void {
    this.#ended = true;
    for (const reader of this.#readers.splice(0)) reader(undefined);
  }

  /** Ends one line's worth of reading without ending the stream, as Ctrl-D on a terminal does. */
  endOnce(): void {
    const reader = this.#readers.shift();
    if (reader === undefined) this.#later.push("");
    else reader(undefined);
  }

  read(): Promise<string | undefined> {
    if (this.#buffer !== "") {
      const bytes = this.#buffer;
      this.#buffer = "";
      for (const resume of this.#writers.splice(0)) resume();
      return Promise.resolve(bytes);
    }
    const next = this.#later.shift();
    if (next !== undefined) this.#buffer = next;
    if (this.#ended || this.#broken || next !== undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  unread(bytes: string): void {
    this.#buffer = bytes + this.#buffer;
  }

  /** Ends reading: writers break. */
  close(): void {
    this.#broken = true;
    this.#buffer = "";
    for (const resume of this.#writers.splice(0)) resume();
    this.end();
  }
}

/** A source of which all is known. */
export function textSource(bytes: string): Source {
  let rest = bytes;
  return {
    read() {
      const all = rest;
      rest = "";
      return Promise.resolve(all === "" ? undefined : all);
    },
    unread(more) {
      rest = more + rest;
    },
  };
}

/** Nothing to read. */
export const NO_INPUT: Source = { read: () => Promise.resolve(undefined), unread() {} };
/** Whatever is written is gone. */
export const NOWHERE: Sink = { write() {} };

/** Keeps what is written. */
export class Collector implements Sink {
  bytes = "";
  /** @param limit more than this many bytes are dropped after `full` was told */
  constructor(readonly limit = Infinity, readonly full: () => void = () => {}) {}
  write(bytes: string): void {
    this.bytes += bytes;
    if (this.bytes.length > this.limit) this.full();
  }
  get text(): string {
    return decodeText(this.bytes);
  }
}
