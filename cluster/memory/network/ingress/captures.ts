/**
 * What the groups of a pattern have matched, for rewrites.
 *
 * The engine takes time linear in the text but tells no groups. So the text is divided among the pattern's parts here,
 * and the engine is asked of each division: a path is short, and a pattern has a handful of groups.
 */
import { compilePattern } from "../../kinds/cel/pattern.ts";

/** A longer path has no groups: dividing it would take too long. */
const LONGEST = 1024;

interface Part {
  readonly source: string;
  /** The inside, where the part is a group. */
  readonly inner?: string;
  readonly capturing?: boolean;
}

/**
 * The groups' texts in their order, "" for those that took no part. Of a group that is repeated it is all of its turns.
 *
 * @param pattern in RE2's language; it matches at the beginning of `text`, whatever the case
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { captures } from "./captures.ts";
 *
 * assert.deepEqual(captures("/api(/|$)(.*)", "/api/users/7"), ["/", "users/7"]);
 * assert.deepEqual(captures("/api(/|$)(.*)", "/api"), ["", ""]);
 * ```
 */
export function captures(pattern: string, text: string): readonly string[] {
  return text.length > LONGEST ? [] : divide(partsOf(pattern), text, "");
}

/** @param end "$" where all of the text is to be matched */
function divide(parts: readonly Part[], text: string, end: "" | "$"): readonly string[] {
  const found: string[] = [];
  let rest = text;
  for (const [i, part] of parts.entries()) {
    const after = expression(`^(?:${parts.slice(i + 1).map(({ source }) => source).join("")})${end}`);
    const whole = expression(`^(?:${part.source})$`);
    const taken = lengths(part, rest.length).find((length) =>
      whole.test(rest.slice(0, length)) && after.test(rest.slice(length))
    );
    const own = rest.slice(0, taken ?? 0);
    if (part.capturing) found.push(own);
    if (part.inner !== undefined) found.push(...divide(partsOf(part.inner), own, "$"));
    rest = rest.slice(own.length);
  }
  return found;
}

/** The longest first, but for parts that want little. */
function lengths({ source }: Part, most: number): readonly number[] {
  const all = Array.from({ length: most + 1 }, (_, length) => length);
  return /[*+?}]\?/.test(source) ? all : all.reverse();
}

const expression = (source: string) => compilePattern(`(?i)${source}`);

/** The groups of a pattern, and what stands between them. One with alternatives outside of groups is one part. */
function partsOf(pattern: string): readonly Part[] {
  const parts: Part[] = [];
  let text = "";
  for (let at = 0; at < pattern.length;) {
    const end = pattern[at] === "(" ? closing(pattern, at) : at + tokenAt(pattern, at).length;
    const token = pattern.slice(at, end);
    at = end;
    if (!token.startsWith("(")) {
      if (token === "|") return [{ source: pattern }];
      text += token;
      continue;
    }
    const quantifier = /^[*+?]\??|^\{[\d,]+\}\??/.exec(pattern.slice(at))?.[0] ?? "";
    at += quantifier.length;
    const marker = /^\(\?(:|P?<\w+>|[a-z]+:)?/.exec(token)?.[0] ?? "(";
    if (text !== "") parts.push({ source: text });
    text = "";
    const inner = quantifier === "" ? { inner: token.slice(marker.length, -1) } : {};
    parts.push({ source: token + quantifier, capturing: marker === "(" || marker.includes("<"), ...inner });
  }
  return text === "" ? parts : [...parts, { source: text }];
}

/** An escape, a class of characters, or one character. */
const tokenAt = (pattern: string, at: number): string =>
  /^(?:\\[^]|\[\^?\]?(?:\\[^]|[^\]])*\]|[^])/.exec(pattern.slice(at))![0];

/** Where the group that begins at `start` ends. */
function closing(pattern: string, start: number): number {
  let depth = 0;
  for (let at = start; at < pattern.length;) {
    const token = tokenAt(pattern, at);
    at += token.length;
    if (token === "(") depth++;
    if (token === ")" && --depth === 0) return at;
  }
  return pattern.length;
}
