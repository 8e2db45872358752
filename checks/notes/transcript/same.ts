/** What two runs of the same commands print differently without contradicting each other. */

/** Random ends of names: "-6d4cf56db6-x2k9p", "-5f9b8c7d44", and "-x2k9p" in the letters that Kubernetes draws from. */
const RANDOM_ENDS = [
  /-[a-f0-9]{6,10}-[a-z0-9]{5}$/,
  /-[a-f0-9]{8,10}$/,
  /-(?=[a-z]*\d)[a-z0-9]{5}$/,
  /-[bcdfghjklmnpqrstvwxz2456789]{5}$/,
];

/** A name without its random end: "web-6d4cf56db6-x2k9p" becomes "web-*". */
export function stem(name: string): string {
  const end = RANDOM_ENDS.find((pattern) => pattern.test(name));
  return end === undefined ? name : name.replace(end, "-*");
}

/** What stands in a value and is drawn, counted or clocked. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)/g, "<time>"],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} [\d:]{8}( [+-]\d{4})?/g, "<time>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<uid>"],
  [/\b(sha256:)?[0-9a-f]{12,64}\b/g, "<hash>"],
  [/\b\d{1,3}(\.\d{1,3}){3}\b/g, "<ip>"],
  // Node ports are drawn.
  [/(?<=:|^|\s)3[0-2]\d{3}(?=\/(TCP|UDP|SCTP)|$|,)/g, "<port>"],
  [/\b(docker\.io\/)?library\//g, ""],
  [/:latest\b/g, ""],
];

/**
 * A value without what differs from run to run: times, addresses, hashes, drawn ports and names.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { canonical } from "./same.ts";
 *
 * assert.equal(canonical("web-6d4cf56db6-x2k9p  on 10.0.0.7"), "web-* on <ip>");
 * assert.equal(canonical("80:31234/TCP"), canonical("80:30001/TCP"));
 * ```
 */
export function canonical(value: string): string {
  const steady = VOLATILE.reduce((text, [pattern, mark]) => text.replace(pattern, mark), value.slice(0, 2000));
  return steady.trim().split(/\s+/).map(stem).join(" ");
}

/** A status that is left again: what else is printed with it may be another a moment later. */
export const isPassing = (status: string): boolean =>
  /^(Pending|Waiting|ContainerCreating|PodInitializing|Terminating|Init:.*|Error|OOMKilled|NotReady.*)$|BackOff$|^Err/
    .test(status);
