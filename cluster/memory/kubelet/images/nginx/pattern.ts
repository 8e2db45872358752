/**
 * Patterns of locations, rewrites and conditions. A pattern whose repetitions repeat each other could take for ever, and
 * long texts too long: such patterns and texts do not match.
 */

const patterns = new Map<string, RegExp | undefined>();
const [LONGEST_PATTERN, LONGEST_TEXT] = [200, 256];
/** A repeated group in which something repeats, or that has several ways to match. */
const NESTED = /\((?:[^()\\]|\\.)*[*+|}](?:[^()\\]|\\.)*\)[*+{]|\([^)]*\([^)]*[*+|][^)]*\)[^)]*\)[*+{]/;

/** What a pattern finds in a text, its groups after the whole; undefined for nothing, or for what is no pattern. */
export function matchOf(
  pattern: string,
  text: string,
  ignoresCase = false,
): readonly (string | undefined)[] | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const key = `${ignoresCase} ${pattern}`;
  if (!patterns.has(key)) patterns.set(key, compile(pattern, ignoresCase));
  return patterns.get(key)?.exec(text) ?? undefined;
}

function compile(pattern: string, ignoresCase: boolean): RegExp | undefined {
  if (pattern.length > LONGEST_PATTERN || NESTED.test(pattern)) return undefined;
  try {
    return new RegExp(pattern, ignoresCase ? "i" : "");
  } catch {
    return undefined;
  }
}
