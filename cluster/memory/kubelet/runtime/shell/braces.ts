/** Brace expansion: `{a,b}` and `{1..9}`, as bash has it. */

/** A word stands for no more words than this. */
export const MOST_WORDS = 100_000;

/**
 * What braces stand for.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { braceAlternatives } from "./braces.ts";
 *
 * assert.deepEqual(braceAlternatives("{a,b{c,d}}"), ["a", "bc", "bd"]);
 * assert.deepEqual(braceAlternatives("{08..10}"), ["08", "09", "10"]);
 * ```
 */
export function braceAlternatives(text: string): string[] {
  const inner = text.slice(1, -1);
  const range = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(inner);
  if (range !== null) return sequence(range[1], range[2], Math.max(1, Math.abs(Number(range[3] ?? 1))));
  const options: string[] = [];
  let [depth, current] = [0, ""];
  for (const character of inner) {
    if (character === "," && depth === 0) {
      options.push(current);
      current = "";
      continue;
    }
    if (character === "{") depth++;
    if (character === "}") depth--;
    current += character;
  }
  options.push(current);
  return options.flatMap((option) => /^[^{]*\{.*\}/.test(option) && option.includes(",") ? nested(option) : [option]);
}

/** Numbers, as wide as the first one if that begins with a zero, or letters. */
function sequence(first: string, last: string, step: number): string[] {
  const numeric = /\d/.test(first);
  const [from, to] = numeric ? [Number(first), Number(last)] : [first.charCodeAt(0), last.charCodeAt(0)];
  const count = Math.min(MOST_WORDS, Math.floor(Math.abs(to - from) / step) + 1);
  const width = numeric && /^-?0\d/.test(first) ? first.length : 0;
  return Array.from({ length: count }, (_, i) => {
    const value = from + (to < from ? -i : i) * step;
    return numeric ? String(value).padStart(width, "0") : String.fromCharCode(value);
  });
}

function nested(option: string): string[] {
  const [open, close] = [option.indexOf("{"), option.lastIndexOf("}")];
  return braceAlternatives(option.slice(open, close + 1)).map((one) =>
    option.slice(0, open) + one + option.slice(close + 1)
  );
}
