/**
 * The shell's patterns: `*`, `?` and `[…]`. Matching takes time in proportion to pattern times text, never more: a
 * pattern is somebody's input.
 */

interface Class {
  readonly negated: boolean;
  readonly has: (character: string) => boolean;
}

type Token = string | Class | typeof ANY | typeof MANY;
const ANY = Symbol("?");
const MANY = Symbol("*");

export type Pattern = readonly Token[];

const NAMED: Readonly<Record<string, (character: string) => boolean>> = {
  alpha: (c) => /[A-Za-z]/.test(c),
  digit: (c) => /\d/.test(c),
  alnum: (c) => /[A-Za-z0-9]/.test(c),
  upper: (c) => /[A-Z]/.test(c),
  lower: (c) => /[a-z]/.test(c),
  space: (c) => /\s/.test(c),
  punct: (c) => /[!-/:-@[-`{-~]/.test(c),
};

/** Characters after a backslash stand for themselves. */
export function compile(text: string): Pattern {
  const tokens: Token[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === "\\" && i + 1 < text.length) tokens.push(text[++i]);
    else if (character === "*") {
      if (tokens.at(-1) !== MANY) tokens.push(MANY);
    } else if (character === "?") tokens.push(ANY);
    else if (character === "[") {
      const end = classEnd(text, i);
      if (end < 0) tokens.push("[");
      else {
        tokens.push(classOf(text.slice(i + 1, end)));
        i = end;
      }
    } else tokens.push(character);
  }
  return tokens;
}

function classEnd(text: string, start: number): number {
  let i = start + 1;
  if (text[i] === "!" || text[i] === "^") i++;
  if (text[i] === "]") i++;
  for (; i < text.length; i++) {
    if (text.startsWith("[:", i)) {
      const close = text.indexOf(":]", i);
      if (close > 0) i = close + 1;
    } else if (text[i] === "]") return i;
  }
  return -1;
}

function classOf(inner: string): Class {
  const negated = inner[0] === "!" || inner[0] === "^";
  const body = negated ? inner.slice(1) : inner;
  const tests: ((character: string) => boolean)[] = [];
  for (let i = 0; i < body.length; i++) {
    const named = /^\[:(\w+):\]/.exec(body.slice(i));
    if (named !== null && NAMED[named[1]] !== undefined) {
      tests.push(NAMED[named[1]]);
      i += named[0].length - 1;
    } else if (body[i + 1] === "-" && i + 2 < body.length) {
      const [from, to] = [body[i], body[i + 2]];
      tests.push((c) => c >= from && c <= to);
      i += 2;
    } else {
      const one = body[i];
      tests.push((c) => c === one);
    }
  }
  return { negated, has: (character) => tests.some((test) => test(character)) };
}

/** Whether all of a text is of a pattern. */
export function matches(pattern: Pattern, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    const token = pattern[p];
    if (token === MANY) {
      star = p++;
      mark = t;
    } else if (token !== undefined && fits(token, text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === MANY) p++;
  return p === pattern.length;
}

function fits(token: Token, character: string): boolean {
  if (token === ANY) return true;
  if (typeof token === "string") return token === character;
  return typeof token === "object" && token.has(character) !== token.negated;
}

/** Whether a text has anything in it that makes it a pattern. */
export const isPattern = (text: string): boolean => /[*?[]/.test(text);

/** A text that stands for itself in a pattern. */
export const quote = (text: string): string => text.replaceAll(/[\\*?[\]]/g, "\\$&");
