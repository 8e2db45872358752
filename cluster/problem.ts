import type { Text } from "./text.ts";

/**
 * Whose trouble it is: `usage` is the person's (a wrong flag, an unknown exercise, a refused context) and can be put
 * right by typing something else; `unavailable` is the tool's or the cluster's, and says nothing about anybody's work.
 */
export type ProblemKind = "usage" | "unavailable";

/** Something that a person must be told, in their language and without a stack trace. */
export class Problem extends Error {
  override readonly name = "Problem";
  constructor(
    readonly kind: ProblemKind,
    readonly text: Text,
    /** What to try next. */
    readonly hint?: Text,
  ) {
    super(text.en);
  }
}
