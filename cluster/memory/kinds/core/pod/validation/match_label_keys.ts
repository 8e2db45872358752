/**
 * Label keys whose values a pod takes from its own labels, in affinity terms and spread constraints.
 *
 * Source: `pkg/apis/core/validation/validation.go`.
 */
import { child, type FieldError, forbidden, invalid } from "../../../field_error.ts";
import { check, qualifiedName } from "../../../names.ts";
import type { LabelSelector } from "../../../schema/types.ts";

type Keys = readonly string[] | undefined;

/** Errors of `matchLabelKeys` and `mismatchLabelKeys` below `path`. */
export function validateMatchLabelKeys(match: Keys, mismatch: Keys, selector: LabelSelector | undefined, path: string) {
  const errors = [
    ...labelKeys(match, selector, child(path, "matchLabelKeys")),
    ...labelKeys(mismatch, selector, child(path, "mismatchLabelKeys")),
  ];
  if (selector) {
    // The server has written the keys into the selector once; a second expression of the same key is the writer's own.
    const seen = new Set(Object.keys(selector.matchLabels ?? {}));
    for (const { key } of selector.matchExpressions ?? []) {
      const i = (match ?? []).lastIndexOf(key);
      if (i >= 0 && seen.has(key)) {
        errors.push(invalid(child(path, i), key, "exists in both matchLabelKeys and labelSelector"));
      }
      seen.add(key);
    }
  }
  for (const [i, key] of (match ?? []).entries()) {
    if (!mismatch?.includes(key)) continue;
    errors.push(
      invalid(child(path, "matchLabelKeys", i), key, "exists in both matchLabelKeys and mismatchLabelKeys"),
    );
  }
  return errors;
}

function labelKeys(keys: Keys, selector: LabelSelector | undefined, path: string): FieldError[] {
  if (!keys?.length) return [];
  if (!selector) return [forbidden(path, "must not be specified when labelSelector is not set")];
  return keys.flatMap((key, i) => check(child(path, i), key, qualifiedName));
}

/** Errors of a spread constraint's keys that were stored before the server wrote them into the selector. */
export function validateStoredMatchLabelKeys(keys: Keys, selector: LabelSelector | undefined, path: string) {
  if (!keys?.length) return [];
  const errors: FieldError[] = [];
  if (!selector) errors.push(forbidden(path, "must not be specified when labelSelector is not set"));
  const used = [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ];
  for (const [i, key] of keys.entries()) {
    errors.push(...check(child(path, i), key, qualifiedName));
    if (used.includes(key)) {
      errors.push(invalid(child(path, i), key, "exists in both matchLabelKeys and labelSelector"));
    }
  }
  return errors;
}
