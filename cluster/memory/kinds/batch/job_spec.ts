/** Errors of what a Job is to do. Source: `pkg/apis/batch/validation/validation.go`. */
import { child, type FieldError, invalid, notSupported, required, tooLong, tooMany } from "../field_error.ts";
import { internalJson } from "../go/internal_json.ts";
import { byteLength, domainPrefixedPath } from "../names.ts";
import type { JobSpec, SuccessPolicyRule } from "../schema/types.ts";
import { nonNegative } from "../apps/workload.ts";
import type { PodOptions } from "../core/pod/validation/options.ts";
import { validatePodTemplateSpec } from "../core/pod/validation/template.ts";
import { countIndexes, IndexError, parseIndexRanges } from "./index_ranges.ts";
import { validatePodFailurePolicy } from "./pod_failure_policy.ts";

const MAX_INDEXED_PARALLELISM = 100_000;
const MAX_FAILED_INDEXES = 100_000;
/** From so many completions on, the indexes that fail must be few enough to be listed. */
const MANY_COMPLETIONS = 100_000;
const LIMIT_FOR_MANY = 10_000;

const COUNTS = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
  "maxFailedIndexes",
] as const;

/** Errors of a Job's spec, of its own or a CronJob's template, beyond its selector. */
export function validateJobSpec(spec: JobSpec, path: string, options: PodOptions): FieldError[] {
  const { completionMode, managedBy, podReplacementPolicy: replacement, successPolicy } = spec;
  const errors: FieldError[] = [];
  for (const field of COUNTS) errors.push(...nonNegative(spec[field] ?? undefined, child(path, field)));
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(required(child(path, "backoffLimitPerIndex"), "when maxFailedIndexes is specified"));
  }
  if (managedBy !== undefined) {
    errors.push(...domainPrefixedPath(child(path, "managedBy"), managedBy));
    if (byteLength(managedBy) > 63) errors.push(tooLong(child(path, "managedBy"), 63));
  }
  const indexed = completionMode === "Indexed";
  if (completionMode !== undefined && completionMode !== "NonIndexed" && !indexed) {
    errors.push(notSupported(child(path, "completionMode"), completionMode, ["NonIndexed", "Indexed"]));
  }
  if (indexed) errors.push(...validateIndexed(spec, path));
  else if (completionMode === undefined || completionMode === "NonIndexed") {
    for (const field of ["backoffLimitPerIndex", "maxFailedIndexes"] as const) {
      if (spec[field] === undefined) continue;
      errors.push(invalid(child(path, field), spec[field], "requires indexed completion mode"));
    }
  }
  if (spec.podFailurePolicy) errors.push(...validatePodFailurePolicy(spec, child(path, "podFailurePolicy")));
  if (successPolicy) {
    const at = child(path, "successPolicy");
    if (indexed) errors.push(...validateSuccessPolicy(spec, at));
    else {errors.push(
        invalid(at, internalJson("batch.SuccessPolicy", successPolicy), "requires indexed completion mode"),
      );}
  }
  if (replacement !== undefined) {
    const policies = spec.podFailurePolicy ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
    if (!policies.includes(replacement)) {
      errors.push(notSupported(child(path, "podReplacementPolicy"), replacement, policies));
    }
  }
  const templateAt = child(path, "template");
  return [
    ...errors,
    ...validatePodTemplateSpec(spec.template, templateAt, options),
    ...validateRestartPolicy(spec, child(templateAt, "spec", "restartPolicy")),
  ];
}

/** Pods of a Job end: when one fails, either its containers start again or another pod takes its place. */
function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, path: string): FieldError[] {
  const policy = template.spec.restartPolicy ?? "";
  if (policy === "" || policy === "Always") return [required(path, 'valid values: "OnFailure", "Never"')];
  if (policy !== "OnFailure" && policy !== "Never") return [notSupported(path, policy, ["OnFailure", "Never"])];
  if (!podFailurePolicy || policy === "Never") return [];
  return [invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')];
}

function validateIndexed(spec: JobSpec, path: string): FieldError[] {
  const { completions, parallelism, maxFailedIndexes: failed, backoffLimitPerIndex } = spec;
  const errors: FieldError[] = [];
  const [parallelismAt, failedAt] = [child(path, "parallelism"), child(path, "maxFailedIndexes")];
  if (completions === undefined) {
    errors.push(required(child(path, "completions"), "when completion mode is Indexed"));
  }
  if ((parallelism ?? 0) > MAX_INDEXED_PARALLELISM) {
    const text = `must be less than or equal to ${MAX_INDEXED_PARALLELISM} when completion mode is Indexed`;
    errors.push(invalid(parallelismAt, parallelism, text));
  }
  if (completions !== undefined && failed !== undefined && failed > completions) {
    errors.push(invalid(failedAt, failed, "must be less than or equal to completions"));
  }
  if ((failed ?? 0) > MAX_FAILED_INDEXES) {
    errors.push(invalid(failedAt, failed, `must be less than or equal to ${MAX_FAILED_INDEXES}`));
  }
  if ((completions ?? 0) <= MANY_COMPLETIONS || backoffLimitPerIndex === undefined) return errors;
  if (failed === undefined) {
    errors.push(required(failedAt, `must be specified when completions is above ${MANY_COMPLETIONS}`));
  }
  const when = `when completions are above ${MANY_COMPLETIONS} and used with backoff limit per index`;
  for (const [field, value] of [[parallelismAt, parallelism], [failedAt, failed]] as const) {
    if ((value ?? 0) <= LIMIT_FOR_MANY) continue;
    errors.push(invalid(field, value, `must be less than or equal to ${LIMIT_FOR_MANY} ${when}`));
  }
  return errors;
}

const MAX_SUCCESS_RULES = 20;
const MAX_SUCCEEDED_INDEXES = 64 * 1024;

function validateSuccessPolicy({ successPolicy, completions = 0 }: JobSpec, path: string): FieldError[] {
  const rules = successPolicy!.rules ?? [];
  const at = child(path, "rules");
  const errors: FieldError[] = [];
  if (rules.length === 0) {
    errors.push(required(at, "at least one rules must be specified when the successPolicy is specified"));
  }
  if (rules.length > MAX_SUCCESS_RULES) errors.push(tooMany(at, rules.length, MAX_SUCCESS_RULES));
  return [...errors, ...rules.flatMap((rule, i) => validateSuccessRule(rule, completions, child(at, i)))];
}

function validateSuccessRule(
  { succeededCount, succeededIndexes }: SuccessPolicyRule,
  completions: number,
  path: string,
) {
  const errors: FieldError[] = [];
  if (succeededCount === undefined && succeededIndexes === undefined) {
    errors.push(required(path, "at least one of succeededCount or succeededIndexes must be specified"));
  }
  let total = 0;
  if (succeededIndexes !== undefined) {
    const at = child(path, "succeededIndexes");
    if (byteLength(succeededIndexes) > MAX_SUCCEEDED_INDEXES) errors.push(tooLong(at, MAX_SUCCEEDED_INDEXES));
    try {
      total = countIndexes(parseIndexRanges(succeededIndexes, completions));
    } catch (error) {
      if (!(error instanceof IndexError)) throw error;
      errors.push(invalid(at, succeededIndexes, `error parsing succeededIndexes: ${error.message}`));
    }
  }
  if (succeededCount === undefined) return errors;
  const at = child(path, "succeededCount");
  errors.push(...nonNegative(succeededCount, at));
  const limit = (most: number, what: string) =>
    invalid(at, succeededCount, `must be less than or equal to ${most} (the number of ${what})`);
  if (succeededCount > completions) errors.push(limit(completions, "specified completions"));
  if (succeededIndexes !== undefined && succeededCount > total) {
    errors.push(limit(total, "indexes in the specified succeededIndexes field"));
  }
  return errors;
}
