/** Which language a person is spoken to in. */
import type { Language } from "../cluster/text.ts";

/**
 * The language of a POSIX locale: Korean where it says so, else English. LC_ALL outweighs LC_MESSAGES, and that LANG.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(languageOf({ LANG: "ko_KR.UTF-8" }), "ko");
 * assert.equal(languageOf({ LANG: "ko_KR.UTF-8", LC_ALL: "C" }), "en");
 * ```
 */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || "";
  return /^ko(_|-|\.|$)/i.test(locale) ? "ko" : "en";
}
