/**
 * Field selectors: "metadata.name=web,status.phase!=Running".
 *
 * Source: `k8s.io/apimachinery/pkg/fields/selector.go`.
 */

export interface FieldRequirement {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** All of its requirements must hold; without any it matches everything. */
export type FieldSelector = readonly FieldRequirement[];

/** Thrown for a text that is no field selector, with Kubernetes' message. */
export class FieldSelectorError extends Error {
  override readonly name = "FieldSelectorError";
}

/**
 * @throws {FieldSelectorError}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fieldSelectorMatches, parseFieldSelector } from "./field_selector.ts";
 *
 * const selector = parseFieldSelector("spec.nodeName=node01,status.phase!=Failed");
 * assert.equal(fieldSelectorMatches(selector, { "spec.nodeName": "node01", "status.phase": "Running" }), true);
 * ```
 */
export function parseFieldSelector(text: string): FieldSelector {
  return splitTerms(text).sort().filter((term) => term !== "").map((term) => {
    const match = /^((?:(?!!=|=)[^])*)(!=|==|=)([^]*)$/.exec(term);
    if (match === null) throw new FieldSelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
    return { field: match[1], operator: match[2] === "!=" ? "!=" : "=", value: unescapeFieldValue(match[3]) };
  });
}

/** Splits at commas that no backslash escapes; the backslashes stay. */
const splitTerms = (text: string): string[] => {
  const terms = [""];
  for (const [part] of text.matchAll(/\\[^]|[^]/gu)) {
    if (part === ",") terms.push("");
    else terms[terms.length - 1] += part;
  }
  return terms;
};

/** A value as it stands in a selector's text: `a\,b` for `a,b`. */
export const escapeFieldValue = (value: string): string => value.replace(/[\\,=]/g, "\\$&");

/** @throws {FieldSelectorError} */
export function unescapeFieldValue(text: string): string {
  return text.replace(/\\([^]?)|[,=]/gu, (part, escaped: string | undefined) => {
    if (escaped === undefined) {
      throw new FieldSelectorError(`invalid field selector: unescaped character in value: ${part.codePointAt(0)}`);
    }
    if (!/^[\\,=]$/.test(escaped)) {
      throw new FieldSelectorError(`invalid field selector: invalid escape sequence: ${part}`);
    }
    return escaped;
  });
}

/** Whether all requirements hold; a field that is not there has the value "". */
export const fieldSelectorMatches = (selector: FieldSelector, fields: Readonly<Record<string, string>>): boolean =>
  selector.every(({ field, operator, value }) => ((fields[field] ?? "") === value) === (operator === "="));

/** The selector as text. */
export const formatFieldSelector = (selector: FieldSelector): string =>
  selector.map(({ field, operator, value }) => `${field}${operator}${escapeFieldValue(value)}`).join(",");
