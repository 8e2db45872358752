/** Holds a pod against a Pod Security Standard. */
import type { ObjectMeta, PodSpec } from "../../../kinds/schema/types.ts";
import { baselineChecks } from "./baseline.ts";
import type { Check, CheckPod, Violation } from "./check.ts";
import type { LevelVersion } from "./policy.ts";
import { restrictedChecks } from "./restricted.ts";

/**
 * What in a pod violates `level`, in the order in which Kubernetes tells it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describeViolations, violations } from "./evaluate.ts";
 *
 * const found = violations({ level: "baseline", version: "latest" }, { containers: [], hostPID: true }, {});
 * assert.equal(describeViolations(found), "host namespaces (hostPID=true)");
 * ```
 */
export function violations({ level, version }: LevelVersion, spec: PodSpec, metadata: ObjectMeta): Violation[] {
  if (level === "privileged") return [];
  const minor = version === "latest" ? Infinity : version;
  const baseline = active(baselineChecks, minor);
  if (level === "baseline") return run([...baseline.values()], spec, metadata);
  const restricted = active(restrictedChecks, minor);
  for (const { id, overrides } of restrictedChecks) {
    if (overrides !== undefined && restricted.has(id)) baseline.delete(overrides);
  }
  return run([...baseline.values(), ...restricted.values()], spec, metadata);
}

/** The checks that a version has, each as it was then. */
function active(checks: readonly Check[], minor: number): Map<string, CheckPod> {
  const found = new Map<string, CheckPod>();
  for (const { id, versions } of checks) {
    const check = versions.findLast(({ since }) => since <= minor)?.check;
    if (check !== undefined) found.set(id, check);
  }
  return found;
}

function run(checks: readonly CheckPod[], spec: PodSpec, metadata: ObjectMeta): Violation[] {
  return checks.map((check) => check(spec, metadata)).filter((violation) => violation !== undefined);
}

/** `host namespaces (hostPID=true), privileged (container "a" must not set …)` */
export function describeViolations(found: readonly Violation[]): string {
  return found.map(({ reason, detail }) => detail === "" ? reason : `${reason} (${detail})`).join(", ");
}
