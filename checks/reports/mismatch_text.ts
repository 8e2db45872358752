/** A mismatch as a sentence. */
import { type Language, type Text, verbatim } from "../../cluster/text.ts";
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
  const [now, wanted] = [shown(is, language), expected(should, language)];
  const at = path ? ` ${shortened(path)}` : "";
  return language === "en"
    ? `${subject}:${at} is ${now}, should be ${wanted}`
    : `${subject}:${at} 현재 값은 ${now}, 기대하는 값은 ${wanted}`;
}

/** "FailedScheduling (Pod web, 3 times): 0/3 nodes are available…" */
export function eventText({ about, reason, message, count }: ExplainingEvent, language: Language): string {
  const times = count < 2 ? "" : language === "en" ? `, ${count} times` : `, ${count}회`;
  return `${reason} (${about}${times}): ${message}`;
}

/** What CEL's comparisons say of the value on their right. */
const COMPARISONS: Readonly<Record<string, (value: string) => Text>> = {
  "==": verbatim,
  "!=": (value) => ({ en: `other than ${value}`, ko: `${value} 이외의 값` }),
  "<": (value) => ({ en: `less than ${value}`, ko: `${value} 미만` }),
  "<=": (value) => ({ en: `at most ${value}`, ko: `${value} 이하` }),
  ">": (value) => ({ en: `more than ${value}`, ko: `${value} 초과` }),
  ">=": (value) => ({ en: `at least ${value}`, ko: `${value} 이상` }),
  "in": (value) => ({ en: `one of ${value}`, ko: `${value} 중 하나` }),
};

/** CEL's comparisons come as text that is not a value: "== 3". */
function expected(should: unknown, language: Language): string {
  const [, operator, value] = (typeof should === "string" && /^(==|!=|<=?|>=?|in) (.*)$/s.exec(should)) || [];
  return operator === undefined ? shown(should, language) : COMPARISONS[operator](shortened(value))[language];
}

function shown(value: unknown, language: Language): string {
  if (value === undefined || value === null) return language === "en" ? "not set" : "없음";
  return shortened(JSON.stringify(value));
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
