/** What a block came to, and how counts are put together. */
import type { Counted, Finding, Unchecked } from "./finding.ts";

export interface BlockResult {
  readonly findings: readonly Finding[];
  readonly counted: Counted;
  readonly unchecked?: readonly Unchecked[];
}

export const NOTHING: Counted = { verified: 0, parsed: 0, notCheckable: 0 };

export function addCounts(a: Counted, b: Counted): Counted {
  return {
    verified: a.verified + b.verified,
    parsed: a.parsed + b.parsed,
    notCheckable: a.notCheckable + b.notCheckable,
  };
}
