/**
 * Hostnames of listeners, routes and requests. A wildcard stands for one label or more.
 *
 * Source: https://gateway-api.sigs.k8s.io/reference/spec/#hostname
 */

/** Whether a request for `host` is meant by `pattern`, "*.example.com"; without one every request is. */
export function matchesHost(pattern: string | undefined, host: string): boolean {
  if (pattern === undefined || pattern === "") return true;
  const wanted = pattern.toLowerCase();
  return wanted.startsWith("*.") ? host.endsWith(wanted.slice(1)) && host !== wanted.slice(1) : host === wanted;
}

/** How much a pattern says: an exact name before a wildcard before none, then the longer one. */
export const specificity = (pattern = ""): number =>
  pattern === "" ? 0 : pattern.startsWith("*.") ? pattern.length : 1000 + pattern.length;

/**
 * The names that both a listener and a route mean; undefined where there are none in common.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { commonHostnames } from "./hostnames.ts";
 *
 * assert.deepEqual(commonHostnames("*.example.com", ["a.example.com", "b.io"]), ["a.example.com"]);
 * assert.deepEqual(commonHostnames(undefined, []), [""]);
 * assert.equal(commonHostnames("a.io", ["b.io"]), undefined);
 * ```
 */
export function commonHostnames(
  listener: string | undefined,
  route: readonly string[],
): readonly string[] | undefined {
  if (route.length === 0) return [listener ?? ""];
  if (listener === undefined || listener === "") return route;
  const common = route.flatMap((name) => narrower(listener, name) ?? []);
  return common.length === 0 ? undefined : common;
}

function narrower(a: string, b: string): string | undefined {
  if (a === b) return a;
  if (matchesHost(a, b.replace(/^\*/, "x"))) return b;
  return matchesHost(b, a.replace(/^\*/, "x")) ? a : undefined;
}
