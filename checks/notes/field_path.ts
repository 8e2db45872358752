/** Reads the paths that Kubernetes puts into its messages: `spec.containers[0].ports[0].name`, `data[a.b]`. */
import type { Path } from "../yaml.ts";

/**
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseFieldPath } from "./field_path.ts";
 *
 * assert.deepEqual(parseFieldPath("spec.containers[0].image"), ["spec", "containers", 0, "image"]);
 * assert.deepEqual(parseFieldPath("metadata.labels[a/b.c]"), ["metadata", "labels", "a/b.c"]);
 * ```
 */
export function parseFieldPath(text: string): Path {
  const steps = text.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g);
  return [...steps].map(([, inBrackets, name]) => {
    if (inBrackets === undefined) return name;
    return /^\d+$/.test(inBrackets) ? Number(inBrackets) : inBrackets.replace(/^"(.*)"$/, "$1");
  });
}
