/**
 * What is wrong with a text that is not JSON, in the words of Go's scanner.
 *
 * Only asked once reading has failed; the scanner works on bytes, as Go's does, because its messages name a byte.
 *
 * Source: `encoding/json/scanner.go`.
 */
import { goCharacter } from "./go_text.ts";

/** Objects and arrays within one another. */
export const MAXIMUM_DEPTH = 10_000;

/** A grammar rule that was broken at `position`. */
class Broken {
  constructor(readonly position: number, readonly context: string) {}
}

/**
 * The first syntax error of `bytes`, or undefined when they are JSON.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { syntaxError } from "./json_syntax.ts";
 *
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * assert.equal(syntaxError(bytes('{"a": 1}')), undefined);
 * assert.equal(syntaxError(bytes('{"a": }')), "invalid character '}' looking for beginning of value");
 * assert.equal(syntaxError(bytes('{"a"')), "unexpected end of JSON input");
 * ```
 */
export function syntaxError(bytes: Uint8Array): string | undefined {
  try {
    scan(bytes);
    return undefined;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    if (error.position >= bytes.length) return "unexpected end of JSON input";
    return `invalid character ${goCharacter(bytes[error.position])} ${error.context}`;
  }
}

const OBJECT = 0x7b;
const ARRAY = 0x5b;
const QUOTE = 0x22;

function scan(bytes: Uint8Array) {
  let at = 0;
  const open: number[] = [];
  const space = () => {
    while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  };
  const key = () => {
    if (bytes[at] !== QUOTE) throw new Broken(at, "looking for beginning of object key string");
    at = afterString(bytes, at);
    space();
    if (bytes[at] !== 0x3a) throw new Broken(at, "after object key");
    at++;
  };

  values: for (;;) {
    space();
    const first = bytes[at];
    if (first === OBJECT || first === ARRAY) {
      if (open.push(first) > MAXIMUM_DEPTH) throw new Broken(at, "exceeded max depth");
      at++;
      space();
      const end = first + 2;
      if (bytes[at] !== end) {
        if (first === OBJECT) key();
        continue;
      }
      at++;
      open.pop();
    } else {
      at = afterScalar(bytes, at);
    }
    // A value has ended: close what it ends, or go on with the next one.
    for (;;) {
      space();
      if (open.length === 0) {
        if (at < bytes.length) throw new Broken(at, "after top-level value");
        return;
      }
      const inside = open[open.length - 1];
      if (bytes[at] === 0x2c) {
        at++;
        if (inside === OBJECT) {
          space();
          key();
        }
        continue values;
      }
      if (bytes[at] !== inside + 2) {
        throw new Broken(at, inside === OBJECT ? "after object key:value pair" : "after array element");
      }
      at++;
      open.pop();
    }
  }
}

function afterScalar(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return afterString(bytes, at);
    case 0x74:
      return afterWord(bytes, at, "true");
    case 0x66:
      return afterWord(bytes, at, "false");
    case 0x6e:
      return afterWord(bytes, at, "null");
  }
  if (bytes[at] === 0x2d || isDigit(bytes[at])) return afterNumber(bytes, at);
  throw new Broken(at, "looking for beginning of value");
}

function afterWord(bytes: Uint8Array, at: number, word: string): number {
  for (let i = 1; i < word.length; i++) {
    if (bytes[at + i] !== word.charCodeAt(i)) {
      throw new Broken(at + i, `in literal ${word} (expecting '${word[i]}')`);
    }
  }
  return at + word.length;
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;

function afterNumber(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0x2d && !isDigit(bytes[++at])) throw new Broken(at, "in numeric literal");
  if (bytes[at] === 0x30) at++;
  else while (isDigit(bytes[at])) at++;
  if (bytes[at] === 0x2e) {
    if (!isDigit(bytes[++at])) throw new Broken(at, "after decimal point in numeric literal");
    while (isDigit(bytes[at])) at++;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at++;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
    if (!isDigit(bytes[at])) throw new Broken(at, "in exponent of numeric literal");
    while (isDigit(bytes[at])) at++;
  }
  return at;
}

const isHex = (byte: number) => isDigit(byte) || (byte >= 0x61 && byte <= 0x66) || (byte >= 0x41 && byte <= 0x46);
const SIMPLE_ESCAPES = new Set([...'bfnrt\\/"'].map((character) => character.charCodeAt(0)));

function afterString(bytes: Uint8Array, at: number): number {
  for (at++; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) throw new Broken(at, "in string literal");
    if (byte !== 0x5c) continue;
    at++;
    if (bytes[at] === 0x75) {
      for (let i = 0; i < 4; i++) {
        if (!isHex(bytes[++at])) throw new Broken(at, "in \\u hexadecimal character escape");
      }
    } else if (!SIMPLE_ESCAPES.has(bytes[at])) throw new Broken(at, "in string escape code");
  }
  throw new Broken(at, "");
}
