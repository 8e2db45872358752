/**
 * Bytes as JSON carries them.
 *
 * Source: `encoding/base64` (StdEncoding): line breaks are skipped, and an error names the byte where reading stopped.
 */

import { Buffer } from "node:buffer";

/** Thrown with Go's message. */
export class Base64Error extends Error {
  override readonly name = "Base64Error";
  constructor(position: number) {
    super(`illegal base64 data at input byte ${position}`);
  }
}

const CANONICAL = /^[A-Za-z0-9+/]*(?:[AEIMQUYcgkosw048]=|[AQgw]==)?$/;
const DIGITS = new Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

/**
 * The same bytes, written without line breaks and with zero padding bits.
 *
 * @throws {Base64Error}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { canonicalBase64 } from "./base64.ts";
 *
 * assert.equal(canonicalBase64("aGVs\nbG8="), "aGVsbG8=");
 * assert.throws(() => canonicalBase64("plain text"), { message: "illegal base64 data at input byte 5" });
 * ```
 */
export function canonicalBase64(text: string): string {
  if (text.length % 4 === 0 && CANONICAL.test(text)) return text;
  check(text);
  return Buffer.from(text.replace(/[\r\n]/g, ""), "base64").toString("base64");
}

/** Walks through `text` in groups of four digits, as Go's decoder does. */
function check(text: string) {
  const skipBreaks = (at: number) => {
    while (text[at] === "\n" || text[at] === "\r") at++;
    return at;
  };
  let at = 0;
  for (;;) {
    for (let digit = 0; digit < 4;) {
      if (at === text.length) {
        if (digit === 0) return;
        throw new Base64Error(byteOffset(text, at) - digit);
      }
      const character = text[at++];
      if (DIGITS.has(character)) {
        digit++;
        continue;
      }
      if (character === "\n" || character === "\r") continue;
      if (character !== "=" || digit < 2) throw new Base64Error(byteOffset(text, at - 1));
      if (digit === 2) {
        at = skipBreaks(at);
        if (at === text.length) throw new Base64Error(byteOffset(text, at));
        if (text[at] !== "=") throw new Base64Error(byteOffset(text, at - 1));
        at++;
      }
      at = skipBreaks(at);
      if (at < text.length) throw new Base64Error(byteOffset(text, at));
      return;
    }
  }
}

/** Go counts bytes where we count UTF-16 units. */
const byteOffset = (text: string, at: number) => Buffer.byteLength(text.slice(0, at));
