/**
 * What the kinds that make pods share: their templates' defaults and warnings, their selectors, their counts.
 *
 * Source: `pkg/registry/apps`, `pkg/apis/apps/validation/validation.go`.
 */
import { child, type FieldError, invalid, required } from "../field_error.ts";
import { sortKeys } from "../json.ts";
import type { Cell } from "../kind.ts";
import { formatSelector, type Selector, SelectorError, selectorOf, validateLabelSelector } from "../label_selector.ts";
import { dns1123Label, percent } from "../names.ts";
import type { Draft } from "../object.ts";
import { FIELD_IS_IMMUTABLE } from "../object_meta.ts";
import type { LabelSelector, PodTemplateSpec } from "../schema/types.ts";
import { defaultPodSpec } from "../core/pod/defaults.ts";
import { dropDisabledFields } from "../core/pod/disabled_fields.ts";
import { templateWarnings } from "../core/pod/warnings.ts";

export function defaultTemplate(template: Draft<PodTemplateSpec> | undefined): void {
  if (!template) return;
  template.metadata ??= {};
  template.spec ??= { containers: [] };
  defaultPodSpec(template.spec);
}

export function prepareTemplate(template: Draft<PodTemplateSpec> | undefined, old?: PodTemplateSpec): void {
  if (template) dropDisabledFields(template.spec, old?.spec);
}

/** What is said of a name that cannot be the beginning of host names; nothing without a name. */
export function nameWarnings(name: string | undefined): string[] {
  const wrong = name === undefined ? [] : dns1123Label(name);
  if (wrong.length === 0) return [];
  const why = "this is used in Pod names and hostnames, which can result in surprising behavior";
  return [`metadata.name: ${why}; a DNS label is recommended: [${wrong.join(" ")}]`];
}

/** Warnings of a new object's name and of its template. */
export const workloadWarnings = (name: string | undefined, template: PodTemplateSpec): string[] => [
  ...nameWarnings(name),
  ...templateWarnings(template, "spec.template"),
];

export const nonNegative = (value: number | undefined, path: string): FieldError[] =>
  (value ?? 0) < 0 ? [invalid(path, value, "must be greater than or equal to 0")] : [];

/** Errors of counts in a status: none is negative, some are not more than others. */
export function validateCounts<T extends object>(
  status: T,
  counts: readonly (keyof T & string)[],
  limits: readonly (readonly [count: keyof T & string, limit: keyof T & string, name?: string])[] = [],
): FieldError[] {
  const count = (field: keyof T & string) => (status[field] as number | undefined) ?? 0;
  return [
    ...counts.flatMap((field) => nonNegative(count(field), child("status", field))),
    ...limits.flatMap(([field, limit, name = `status.${limit}`]) =>
      count(field) > count(limit)
        ? [invalid(child("status", field), count(field), `cannot be greater than ${name}`)]
        : []
    ),
  ];
}

/** The number of hash collisions only grows: a smaller one would bring an old name back. */
export const validateCollisions = (now: number | undefined, old: number | undefined): FieldError[] =>
  old !== undefined && (now ?? 0) < old ? [invalid("status.collisionCount", now ?? 0, "cannot be decremented")] : [];

/** A LabelSelector as Go writes it. */
export function selectorJson(selector: LabelSelector | undefined): unknown {
  if (!selector) return null;
  const { matchLabels, matchExpressions } = selector;
  return {
    ...matchLabels && Object.keys(matchLabels).length > 0 ? { matchLabels: sortKeys(matchLabels) } : {},
    ...matchExpressions?.length
      ? { matchExpressions: matchExpressions.map(({ key, operator, values }) => ({ key, operator, values })) }
      : {},
  };
}

/**
 * Errors of a selector, and what it selects.
 *
 * @param kind as the message names it, "deployment"
 * @param brokenText what is said of a selector that cannot be read at all
 */
export function validateSelector(
  selector: LabelSelector | undefined,
  path: string,
  kind: string,
  brokenText = "invalid label selector",
): { readonly errors: FieldError[]; readonly selects?: Selector; readonly broken: boolean } {
  const errors: FieldError[] = selector ? validateLabelSelector(selector, path) : [required(path)];
  if (selector && isEmptySelector(selector)) {
    errors.push(invalid(path, {}, `empty selector is invalid for ${kind}`));
  }
  const parsed = parseSelector(selector);
  if (parsed.broken) errors.push(invalid(path, selectorJson(selector), brokenText));
  return { errors, ...parsed };
}

export const isEmptySelector = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean =>
  Object.keys(matchLabels).length + matchExpressions.length === 0;

/** What a selector selects; one that is not there selects nothing, one that cannot be read is broken. */
export function parseSelector(selector: LabelSelector | undefined): { selects?: Selector; broken: boolean } {
  try {
    return { selects: selectorOf(selector), broken: false };
  } catch (error) {
    if (error instanceof SelectorError) return { broken: true };
    throw error;
  }
}

/** A selector as the scale subresource gives it, "app=web"; "" when it selects nothing or everything. */
export const scaleSelector = (selector: LabelSelector | undefined): string =>
  formatSelector(parseSelector(selector).selects ?? []);

/** The error of a selector that changed: pods would be left without an owner. */
export const immutableSelector = (selector: LabelSelector | undefined): FieldError =>
  invalid("spec.selector", selectorJson(selector), FIELD_IS_IMMUTABLE);

export type IntOrPercent = number | string | undefined;

/** Errors of "25%" or 3. */
export function validateIntOrPercent(value: IntOrPercent, path: string): FieldError[] {
  if (typeof value === "string") return percent(value).map((message) => invalid(path, value, message));
  return nonNegative(value, path);
}

const isPercent = (value: IntOrPercent): value is string => typeof value === "string" && /^[0-9]+%$/.test(value);

/** The number before the percent sign, or the number itself. */
export function intOrPercentNumber(value: IntOrPercent): number {
  if (isPercent(value)) return Number(value.slice(0, -1));
  // Go reads what it can of a text that is neither.
  return typeof value === "string" ? (/^[-+]?[0-9]+$/.test(value) ? Number(value) : 0) : value ?? 0;
}

export const notMoreThanAll = (value: IntOrPercent, path: string): FieldError[] =>
  isPercent(value) && intOrPercentNumber(value) > 100 ? [invalid(path, value, "must not be greater than 100%")] : [];

/** The cells CONTAINERS and IMAGES. */
export function containerCells(template: PodTemplateSpec | undefined): readonly [names: Cell, images: Cell] {
  const containers = template?.spec?.containers ?? [];
  return [containers.map(({ name }) => name).join(","), containers.map(({ image }) => image ?? "").join(",")];
}
