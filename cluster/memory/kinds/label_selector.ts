/**
 * Label selectors: their text ("app=web,tier in (a,b),!old"), their LabelSelector objects, and what both match.
 *
 * Source: `k8s.io/apimachinery/pkg/labels/selector.go`, `apis/meta/v1/helpers.go` and `apis/meta/v1/validation`.
 */
import { child, type FieldError, forbidden, invalid, required } from "./field_error.ts";
import {
  formatRequirement,
  type Labels,
  type Operator,
  type Requirement,
  requirement,
  requirementMatches,
  SelectorError,
} from "./label_requirement.ts";
import { parseRequirements } from "./label_selector_parser.ts";
import { check, labelValue, qualifiedName } from "./names.ts";
import { validateLabels } from "./object_meta.ts";
import type { LabelSelector, LabelSelectorRequirement } from "./schema/types.ts";

export { type Labels, type Requirement, SelectorError } from "./label_requirement.ts";

/** All of its requirements must hold; without any it matches everything. */
export type Selector = readonly Requirement[];

/**
 * @throws {SelectorError}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseLabelSelector, selectorMatches } from "./label_selector.ts";
 *
 * const selector = parseLabelSelector("app in (web, api), !canary");
 * assert.equal(selectorMatches(selector, { app: "web" }), true);
 * assert.equal(selectorMatches(selector, { app: "web", canary: "" }), false);
 * ```
 */
export function parseLabelSelector(text: string): Selector {
  return parseRequirements(text).sort((a, b) => compare(a.key, b.key));
}

const compare = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;

/** Whether all requirements hold for these labels. */
export const selectorMatches = (selector: Selector, labels: Labels | undefined): boolean =>
  selector.every((requirement) => requirementMatches(requirement, labels ?? {}));

/** The selector as text, requirements by key: "app=web,tier in (a,b),!old". */
export const formatSelector = (selector: Selector): string => selector.map(formatRequirement).join(",");

/** The selector of a plain map, as a Service's: every label must have its value. No map at all selects nothing. */
export const selectorOfSet = (labels: Labels): Selector =>
  Object.entries(labels).map(([key, value]): Requirement => ({ key, operator: "=", values: [value] }))
    .sort((a, b) => compare(a.key, b.key));

const OBJECT_OPERATORS: Readonly<Record<string, Operator>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
};

/**
 * The selector of a LabelSelector object. An empty one selects everything; no object at all selects nothing, which
 * is told by undefined.
 *
 * @throws {SelectorError}
 */
export function selectorOf(object: LabelSelector | undefined): Selector | undefined {
  if (object === undefined || object === null) return undefined;
  const labels = Object.entries(object.matchLabels ?? {}).map(([key, value]) => requirement(key, "=", [value]));
  const expressions = (object.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    const known = OBJECT_OPERATORS[operator];
    if (known === undefined) {
      throw new SelectorError(`${JSON.stringify(operator)} is not a valid label selector operator`);
    }
    return requirement(key, known, values);
  });
  return [...labels, ...expressions].sort((a, b) => compare(a.key, b.key));
}

/** Whether a LabelSelector object matches; one that is not there or not right matches nothing. */
export function labelSelectorMatches(object: LabelSelector | undefined, labels: Labels | undefined): boolean {
  try {
    const selector = selectorOf(object);
    return selector !== undefined && selectorMatches(selector, labels);
  } catch (error) {
    if (error instanceof SelectorError) return false;
    throw error;
  }
}

/** A LabelSelector object as tables show it: "<none>" without any, "<error>" when it is wrong. */
export function formatLabelSelector(object: LabelSelector | undefined): string {
  try {
    const text = formatSelector(selectorOf(object) ?? []);
    return text === "" ? "<none>" : text;
  } catch (error) {
    if (error instanceof SelectorError) return "<error>";
    throw error;
  }
}

export interface LabelSelectorOptions {
  /** Values that are no labels' values pass, as in what was stored before they were checked. */
  readonly anyValue?: boolean;
  /** Operators that nobody knows pass, as in an access review. */
  readonly anyOperator?: boolean;
}

/** Errors of a LabelSelector object. */
export function validateLabelSelector(
  selector: LabelSelector | undefined,
  path: string,
  options: LabelSelectorOptions = {},
): FieldError[] {
  if (selector === undefined || selector === null) return [];
  return [
    ...validateLabels(selector.matchLabels, child(path, "matchLabels")),
    ...(selector.matchExpressions ?? []).flatMap((expression, i) =>
      validateLabelSelectorRequirement(expression, child(path, "matchExpressions", i), options)
    ),
  ];
}

export function validateLabelSelectorRequirement(
  { key = "", operator = "", values = [] }: LabelSelectorRequirement,
  path: string,
  { anyValue = false, anyOperator = false }: LabelSelectorOptions = {},
): FieldError[] {
  const errors: FieldError[] = [];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) {
      errors.push(required(child(path, "values"), "must be specified when `operator` is 'In' or 'NotIn'"));
    }
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) {
      errors.push(
        forbidden(child(path, "values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      );
    }
  } else if (!anyOperator) errors.push(invalid(child(path, "operator"), operator, "not a valid selector operator"));
  errors.push(...check(child(path, "key"), key, qualifiedName));
  if (!anyValue) values.forEach((value, i) => errors.push(...check(child(path, "values", i), value, labelValue)));
  return errors;
}

/** Whether a selector, as stored, has values that would not pass: then an update may keep them. */
export const hasInvalidLabelValue = (selector: LabelSelector | undefined): boolean =>
  selector?.matchExpressions?.some(({ values }) => values?.some((value) => labelValue(value).length > 0)) ?? false;
