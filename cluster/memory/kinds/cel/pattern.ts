/** A user's regular expressions, in RE2's language as Go's: they take time linear in the text, so none can hang. */
import { RE2JS, RE2JSException } from "@bufbuild/re2";

export interface Pattern {
  /** Whether the pattern matches somewhere in the text. */
  test(text: string): boolean;
  /** Whether it matches the whole text. */
  testExact(text: string): boolean;
}

const compiled = new Map<string, Pattern>();
const MOST_KEPT = 1000;

/** @throws {PatternError} for what is no regular expression */
export function compilePattern(source: string): Pattern {
  let pattern = compiled.get(source);
  if (pattern === undefined) {
    try {
      pattern = new RE2JS(source);
    } catch (error) {
      if (error instanceof RE2JSException) throw new PatternError(error.message);
      throw error;
    }
    if (compiled.size >= MOST_KEPT) compiled.clear();
    compiled.set(source, pattern);
  }
  return pattern;
}

/** The text is Go's: "error parsing regexp: missing closing ): `(`". */
export class PatternError extends Error {
  override readonly name = "PatternError";
}
