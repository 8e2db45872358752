/** What Go's JSON decoder says of a text. Source: `encoding/json` (scanner.go, decode.go). */

/** How Go prints a character in an error: 'x', '\'' , '\u00e9'. */
function quotedCharacter(character: string): string {
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  const quoted = JSON.stringify(character);
  return `'${quoted.slice(1, -1)}'`;
}

const END = "unexpected end of JSON input";

/**
 * The error of decoding a text into a map of anything; undefined when it is an object (or null).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { goJsonObjectError } from "./json_text.ts";
 *
 * assert.equal(goJsonObjectError("abc"), "invalid character 'a' looking for beginning of value");
 * assert.equal(goJsonObjectError('{"auths":{}}'), undefined);
 * ```
 */
export function goJsonObjectError(text: string): string | undefined {
  const scanner = new Scanner(text);
  const kind = scanner.document();
  if (scanner.error !== undefined) return scanner.error;
  if (kind === "object" || kind === "null") return undefined;
  return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
}

type Kind = "object" | "array" | "string" | "number" | "bool" | "null";

/** Walks a JSON text and stops at the first character that cannot stand where it does. */
class Scanner {
  #at = 0;
  error: string | undefined;
  constructor(readonly text: string) {}

  document(): Kind | undefined {
    const kind = this.#value();
    this.#space();
    if (this.error === undefined && this.#at < this.text.length) this.#fail("after top-level value");
    return kind;
  }

  #space() {
    while (" \t\r\n".includes(this.text[this.#at] ?? "x")) this.#at++;
  }

  #fail(context: string): undefined {
    const character = this.text.codePointAt(this.#at);
    this.error ??= character === undefined
      ? END
      : `invalid character ${quotedCharacter(String.fromCodePoint(character))} ${context}`;
    return undefined;
  }

  #value(): Kind | undefined {
    this.#space();
    const character = this.text[this.#at];
    if (character === "{") return this.#object();
    if (character === "[") return this.#array();
    if (character === '"') return this.#string();
    if (character === "t") return this.#literal("true", "bool");
    if (character === "f") return this.#literal("false", "bool");
    if (character === "n") return this.#literal("null", "null");
    if (character === "-" || /[0-9]/.test(character ?? "")) return this.#number();
    return this.#fail("looking for beginning of value");
  }

  #object(): Kind | undefined {
    this.#at++;
    for (let first = true;; first = false) {
      this.#space();
      if (first && this.text[this.#at] === "}") break;
      if (this.text[this.#at] !== '"') {
        return this.#fail(`looking for beginning of object key string`);
      }
      if (this.#string() === undefined) return undefined;
      this.#space();
      if (this.text[this.#at] !== ":") return this.#fail("after object key");
      this.#at++;
      if (this.#value() === undefined) return undefined;
      this.#space();
      if (this.text[this.#at] === "}") break;
      if (this.text[this.#at] !== ",") return this.#fail("after object key:value pair");
      this.#at++;
    }
    this.#at++;
    return "object";
  }

  #array(): Kind | undefined {
    this.#at++;
    for (let first = true;; first = false) {
      this.#space();
      if (first && this.text[this.#at] === "]") break;
      if (this.#value() === undefined) return undefined;
      this.#space();
      if (this.text[this.#at] === "]") break;
      if (this.text[this.#at] !== ",") return this.#fail("after array element");
      this.#at++;
    }
    this.#at++;
    return "array";
  }

  #string(): Kind | undefined {
    this.#at++;
    for (; this.text[this.#at] !== '"'; this.#at++) {
      const character = this.text[this.#at];
      if (character === undefined || character < " ") return this.#fail("in string literal");
      if (character !== "\\") continue;
      this.#at++;
      if (this.text[this.#at] === "u") {
        for (let i = 0; i < 4; i++) {
          this.#at++;
          if (!/[0-9a-fA-F]/.test(this.text[this.#at] ?? "")) {
            return this.#fail("in \\u hexadecimal character escape");
          }
        }
      } else if (!'bfnrt\\/"'.includes(this.text[this.#at] ?? "x")) return this.#fail("in string escape code");
    }
    this.#at++;
    return "string";
  }

  #literal(word: string, kind: Kind): Kind | undefined {
    for (let i = 0; i < word.length; i++, this.#at++) {
      if (this.text[this.#at] !== word[i]) return this.#fail(`in literal ${word} (expecting '${word[i]}')`);
    }
    return kind;
  }

  #number(): Kind | undefined {
    if (this.text[this.#at] === "-") this.#at++;
    if (this.text[this.#at] === "0") this.#at++;
    else if (!this.#digits("in numeric literal")) return undefined;
    if (this.text[this.#at] === ".") {
      this.#at++;
      if (!this.#digits("after decimal point in numeric literal")) return undefined;
    }
    if (/[eE]/.test(this.text[this.#at] ?? "")) {
      this.#at++;
      if (/[-+]/.test(this.text[this.#at] ?? "")) this.#at++;
      if (!this.#digits("in exponent of numeric literal")) return undefined;
    }
    return "number";
  }

  #digits(context: string): boolean {
    const start = this.#at;
    while (/[0-9]/.test(this.text[this.#at] ?? "")) this.#at++;
    if (this.#at === start) this.#fail(context);
    return this.#at > start;
  }
}
