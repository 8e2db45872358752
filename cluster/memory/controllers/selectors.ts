/** LabelSelector objects, compiled once and matched often. */
import type { Labels, Selector } from "../kinds/label_selector.ts";
import { SelectorError, selectorMatches, selectorOf } from "../kinds/label_selector.ts";
import type { LabelSelector } from "../kinds/schema/types.ts";

// Stored objects never change, so what was compiled for one holds as long as it lives.
const compiled = new WeakMap<LabelSelector, Selector | undefined>();

/** The requirements of a selector; undefined when there is no selector, or none that makes sense. */
export function compile(selector: LabelSelector | undefined): Selector | undefined {
  if (selector === undefined) return undefined;
  if (compiled.has(selector)) return compiled.get(selector);
  let requirements: Selector | undefined;
  try {
    requirements = selectorOf(selector);
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
  }
  compiled.set(selector, requirements);
  return requirements;
}

/** Whether a selector that is there matches; an empty one matches everything. */
export function matches(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  const requirements = compile(selector);
  return requirements !== undefined && selectorMatches(requirements, labels);
}

/** As {@linkcode matches}, but an empty selector matches nothing: nobody means to claim all that there is. */
export function selects(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  const requirements = compile(selector);
  return requirements !== undefined && requirements.length > 0 && selectorMatches(requirements, labels);
}
