/** Patterns of users, in RE2's language, that a proxy chooses by. */
import { compilePattern, PatternError } from "../kinds/cel/pattern.ts";

/** Whether a pattern matches somewhere in the text; what is no pattern matches nothing. */
export function matchesPattern(pattern: string, text: string): boolean {
  try {
    return compilePattern(pattern).test(text);
  } catch (error) {
    if (error instanceof PatternError) return false;
    throw error;
  }
}
