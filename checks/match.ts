/**
 * Partial objects: what a check expects of an object, and where the object differs from it.
 *
 * - A map matches by key: keys that are not expected may have any value.
 * - A list of maps matches by merge key where its items have one (`name`, `containerPort`, …), else by containment;
 *   more items than expected are fine, their order does not count. An expected empty list means no items.
 * - `null` expects that the field is not there.
 * - Amounts of resources match by value: "0.5" is "500m".
 */
import { compareQuantities } from "../cluster/memory/kinds/quantity.ts";
import { isMap } from "./shape.ts";

/** A value that is not what it should be. */
export interface Difference {
  /** "spec.containers[name=app].image" */
  readonly path: string;
  /** undefined where the value is not there. */
  readonly is: unknown;
  readonly should: unknown;
}

/**
 * What of `expected` is not found in `actual`.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * const pod = { spec: { containers: [{ name: "side", image: "busybox" }, { name: "app", image: "nginx:1.26" }] } };
 * assert.deepEqual(differences({ spec: { containers: [{ name: "app", image: "nginx:1.27" }] } }, pod), [
 *   { path: "spec.containers[name=app].image", is: "nginx:1.26", should: "nginx:1.27" },
 * ]);
 * ```
 */
export function differences(expected: unknown, actual: unknown, path = ""): readonly Difference[] {
  const differs = () => [{ path, is: actual, should: expected }];
  if (expected === null) return actual === undefined || actual === null ? [] : differs();
  if (Array.isArray(expected)) {
    if (expected.length === 0) {
      return actual === undefined || (Array.isArray(actual) && actual.length === 0) ? [] : differs();
    }
    return Array.isArray(actual) ? listDifferences(expected, actual, path) : differs();
  }
  if (typeof expected === "object") {
    if (!isMap(actual)) return differs();
    return Object.entries(expected as object).flatMap(([key, value]) =>
      differences(value, actual[key], joined(path, key))
    );
  }
  return expected === actual || isSameAmount(expected, actual, path) ? [] : differs();
}

/** The fields by which Kubernetes tells the items of a list apart, the most common first. */
const MERGE_KEYS = ["name", "key", "containerPort", "port", "mountPath", "devicePath", "type", "ip", "topologyKey"];

function listDifferences(
  expected: readonly unknown[],
  actual: readonly unknown[],
  path: string,
): readonly Difference[] {
  return expected.flatMap((item): readonly Difference[] => {
    const key = MERGE_KEYS.find((name) =>
      field(item, name) !== undefined && actual.some((one) => field(one, name) !== undefined)
    );
    if (key !== undefined) {
      const named = actual.filter((one) => field(one, key) === field(item, key));
      const at = `${path}[${key}=${field(item, key)}]`;
      if (named.length === 0) return [{ path: at, is: undefined, should: item }];
      return fewest(named.map((one) => differences(item, one, at)));
    }
    if (actual.some((one) => differences(item, one).length === 0)) return [];
    // Which item was meant cannot be known: the most alike, where any is a map as the expected one is.
    const alike = actual.flatMap((one, i) =>
      isMap(item) && isMap(one) ? [differences(item, one, `${path}[${i}]`)] : []
    );
    return alike.length === 0 ? [{ path: `${path}[]`, is: actual, should: item }] : fewest(alike);
  });
}

const fewest = (all: readonly (readonly Difference[])[]): readonly Difference[] =>
  all.reduce((best, some) => some.length < best.length ? some : best);

function field(item: unknown, name: string): unknown {
  return typeof item === "object" && item !== null ? (item as Record<string, unknown>)[name] : undefined;
}

function joined(path: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return `${path}['${key}']`;
  return path === "" ? key : `${path}.${key}`;
}

/** Fields whose values are quantities. */
const AMOUNTS =
  /(^|\.)(requests|limits|hard|used|capacity|allocatable|min|max|default|defaultRequest)(\.[^.]+|\['[^']+'\])$/;

function isSameAmount(expected: unknown, actual: unknown, path: string): boolean {
  if (!AMOUNTS.test(path) || actual === undefined) return false;
  try {
    return compareQuantities(String(expected), String(actual)) === 0;
  } catch {
    return false; // Not quantities after all.
  }
}
