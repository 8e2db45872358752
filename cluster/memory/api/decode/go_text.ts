/** Texts as Go prints them, for messages that quote what a client sent. */

const ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/**
 * A text in double quotes, as Go's `strconv.Quote` writes it.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { goQuote } from "./go_text.ts";
 *
 * assert.equal(goQuote('a "b"\u0001'), '"a \\"b\\"\\x01"');
 * ```
 */
export function goQuote(text: string): string {
  return `"${text.replace(/[\p{C}\p{Z}\\"]/gu, escaped)}"`;
}

function escaped(character: string): string {
  if (character === " ") return character;
  const known = ESCAPES[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0)!;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

/** One byte in single quotes, as Go's JSON scanner names the character that it stumbled over. */
export function goCharacter(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === "'") return "'\\''";
  if (character === '"') return "'\"'";
  return `'${goQuote(character).slice(1, -1)}'`;
}
