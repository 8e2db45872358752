/** A mismatch as a sentence. */
import type { Language } from "../../cluster/text.ts";
import type { Mismatch } from "../criteria/criterion.ts";
import type { ExplainingEvent } from "../verdict.ts";

const LONGEST = 100;

/**
 * "Deployment web: spec.replicas is 2, should be 3".
 *
 * ```ts
 * import assert from "node:assert/strict";
 * const mismatch = { subject: "Pod web", path: "metadata.labels.tier", is: undefined, should: "frontend" };
 * assert.equal(mismatchText(mismatch, "en"), 'Pod web: metadata.labels.tier is not set, should be "frontend"');
 * ```
 */
export function mismatchText({ subject, path, is, should, note }: Mismatch, language: Language): string {
  if (note !== undefined) return `${subject}: ${note[language]}`;
  const [now, wanted] = [shown(is, language), shown(should, language)];
  const at = path ? ` ${path}` : "";
  return language === "en"
    ? `${subject}:${at} is ${now}, should be ${wanted}`
    : `${subject}:${at} 현재 값은 ${now}, 기대 값은 ${wanted}`;
}

/** "FailedScheduling (Pod web, 3 times): 0/3 nodes are available…" */
export function eventText({ about, reason, message, count }: ExplainingEvent, language: Language): string {
  const times = count < 2 ? "" : language === "en" ? `, ${count} times` : `, ${count}회`;
  return `${reason} (${about}${times}): ${message}`;
}

function shown(value: unknown, language: Language): string {
  if (value === undefined || value === null) return language === "en" ? "not set" : "없음";
  // CEL's comparisons come as text that is not a value: "== 3".
  const text = typeof value === "string" && /^(==|!=|<=?|>=?|in) /.test(value) ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
