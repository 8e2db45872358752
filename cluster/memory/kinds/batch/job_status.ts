/**
 * What a controller may report of a Job: that it is complete only with its reasons, and never again that it is not.
 *
 * Source: `pkg/apis/batch/validation/validation.go`, getStatusValidationOptions of `pkg/registry/batch/job/strategy.go`:
 * most rules look only at what a change touches, so that what was stored before them can still change otherwise.
 */
import { child, duplicate, type FieldError, invalid, invalidOmitted, required } from "../field_error.ts";
import { internalJson } from "../go/internal_json.ts";
import { equalJson } from "../json.ts";
import type { Job, JobStatus } from "../schema/types.ts";
import { nonNegative } from "../apps/workload.ts";
import { IndexError, overlap, parseIndexRanges } from "./index_ranges.ts";

export const jobCondition = ({ conditions = [] }: JobStatus, type: string): string | undefined =>
  conditions.find((condition) => condition.type === type)?.status;

const isTrue = (status: JobStatus, type: string): boolean =>
  status.conditions?.some((it) => it.type === type && it.status === "True") ?? false;
const isFinished = (status: JobStatus) => isTrue(status, "Complete") || isTrue(status, "Failed");

/** Where what is said is about all conditions. */
const CONDITIONS = "status.conditions";

export function validateJobStatusUpdate(job: Job, old: Job): FieldError[] {
  const [status, before] = [job.status ?? {}, old.status ?? {}];
  return [
    ...validateCounts(status),
    ...validateUncounted(status),
    ...validateConditions(status, before),
    ...validateTimes(status, before),
    ...validateEnd(job, status, before),
    ...validateIndexes(job, status, before),
    ...validateCriteria(job, status),
    ...validateTransition(job, status, before),
  ];
}

const validateCounts = (status: JobStatus): FieldError[] =>
  (["active", "succeeded", "failed", "ready", "terminating"] as const)
    .flatMap((field) => nonNegative(status[field] ?? 0, child("status", field)));

function validateUncounted({ uncountedTerminatedPods: pods }: JobStatus): FieldError[] {
  const seen = new Set<string>();
  return (["succeeded", "failed"] as const).flatMap((field) =>
    (pods?.[field] ?? []).flatMap((uid, i) => {
      const at = child("status.uncountedTerminatedPods", field, i);
      if (uid === "") return [invalid(at, uid, "must not be empty")];
      if (seen.has(uid)) return [duplicate(at, uid)];
      seen.add(uid);
      return [];
    })
  );
}

function validateConditions(status: JobStatus, before: JobStatus): FieldError[] {
  const errors: FieldError[] = [];
  const changed = (type: string) => isTrue(status, type) !== isTrue(before, type);
  const complete = isTrue(status, "Complete");
  const completeChanged = changed("Complete");
  if ((completeChanged || changed("Failed")) && complete && isTrue(status, "Failed")) {
    errors.push(invalidOmitted(CONDITIONS, "cannot set Complete=True and Failed=true conditions"));
  }
  if ((completeChanged || changed("FailureTarget")) && complete && isTrue(status, "FailureTarget")) {
    errors.push(invalidOmitted(CONDITIONS, "cannot set Complete=True and FailureTarget=true conditions"));
  }
  return errors;
}

function validateTimes(status: JobStatus, before: JobStatus): FieldError[] {
  const errors: FieldError[] = [];
  const at = "status.completionTime";
  const { completionTime, startTime } = status;
  const complete = isTrue(status, "Complete");
  const completionChanged = completionTime !== before.completionTime;
  const completeChanged = complete !== isTrue(before, "Complete");
  if (completeChanged || completionChanged) {
    if (completionTime !== undefined && !complete) {
      errors.push(invalid(at, completionTime, "cannot set completionTime when there is no Complete=True condition"));
    }
    if (completionTime === undefined && complete) {
      errors.push(required(at, "completionTime is required for Complete jobs"));
    }
  }
  const isBefore = startTime && completionTime && Date.parse(completionTime) < Date.parse(startTime);
  if ((completionChanged || startTime !== before.startTime) && isBefore) {
    errors.push(invalid(at, completionTime, "must be equal to or after `startTime`"));
  }
  return errors;
}

/** A finished Job has a reason for its end, and nothing goes on. */
function validateEnd({ spec }: Job, status: JobStatus, before: JobStatus): FieldError[] {
  const errors: FieldError[] = [];
  const failed = isTrue(status, "Failed");
  const changed = (type: string) => isTrue(status, type) !== isTrue(before, type);
  const failedIndexesChanged = status.failedIndexes !== before.failedIndexes;
  if ((changed("Failed") || failedIndexesChanged) && failed && !isTrue(status, "FailureTarget")) {
    const text = "cannot set Failed=True condition without the FailureTarget=true condition";
    errors.push(invalidOmitted(CONDITIONS, text));
  }
  const criteria = isTrue(status, "SuccessCriteriaMet");
  if ((changed("Complete") || changed("SuccessCriteriaMet")) && isTrue(status, "Complete") && !criteria) {
    const text = "cannot set Complete=True condition without the SuccessCriteriaMet=true condition";
    errors.push(invalidOmitted(CONDITIONS, text));
  }
  if (!isFinished(status)) return errors;
  const finishedChanged = !isFinished(before);
  if ((finishedChanged || status.active !== before.active) && (status.active ?? 0) > 0) {
    errors.push(invalid("status.active", status.active, "active>0 is invalid for finished job"));
  }
  const neverStarts = spec.suspend === true && spec.completions === 0;
  if ((finishedChanged || status.startTime !== before.startTime) && !neverStarts && status.startTime === undefined) {
    errors.push(required("status.startTime", "startTime is required for finished job"));
  }
  const pods = status.uncountedTerminatedPods;
  const uncounted = (pods?.failed?.length ?? 0) + (pods?.succeeded?.length ?? 0);
  const podsChanged = !equalJson(pods ?? null, before.uncountedTerminatedPods ?? null);
  if ((finishedChanged || podsChanged) && uncounted > 0) {
    const value = internalJson("batch.UncountedTerminatedPods", pods!);
    errors.push(invalid("status.uncountedTerminatedPods", value, "must be empty for finished job"));
  }
  return errors;
}

function validateIndexes({ spec }: Job, status: JobStatus, before: JobStatus): FieldError[] {
  const errors: FieldError[] = [];
  const { completedIndexes = "", failedIndexes, terminating, ready } = status;
  const { completions, completionMode, backoffLimitPerIndex } = spec;
  const [completedAt, failedAt] = ["status.completedIndexes", "status.failedIndexes"];
  const completedChanged = completedIndexes !== (before.completedIndexes ?? "");
  const failedChanged = failedIndexes !== before.failedIndexes;
  if (completedChanged && completions !== undefined) {
    errors.push(...parseErrors(completedIndexes, completions, completedAt, "completedIndexes"));
  }
  if (failedChanged && completions !== undefined && backoffLimitPerIndex !== undefined && failedIndexes !== undefined) {
    errors.push(...parseErrors(failedIndexes, completions, failedAt, "failedIndexes"));
  }
  if (completedChanged && completedIndexes !== "" && completionMode !== "Indexed") {
    const text = "cannot set non-empty completedIndexes when non-indexed completion mode";
    errors.push(invalid(completedAt, completedIndexes, text));
  }
  if (failedChanged && backoffLimitPerIndex === undefined && failedIndexes !== undefined) {
    const text = "cannot set non-null failedIndexes when backoffLimitPerIndex is null";
    errors.push(invalid(failedAt, failedIndexes, text));
  }
  if ((failedChanged || completedChanged) && completions !== undefined && failedIndexes !== undefined) {
    const both = overlap(completedIndexes, failedIndexes, completions);
    if (both !== undefined) {
      const text = `failedIndexes and completedIndexes overlap at index: ${both}`;
      errors.push(invalid(failedAt, failedIndexes, text));
    }
  }
  const finishedChanged = isFinished(status) !== isFinished(before);
  if ((finishedChanged || terminating !== before.terminating) && (terminating ?? 0) > 0 && isFinished(status)) {
    errors.push(invalid("status.terminating", terminating, "terminating>0 is invalid for finished job"));
  }
  const activeChanged = (status.active ?? 0) !== (before.active ?? 0);
  if ((ready !== before.ready || activeChanged) && (ready ?? 0) > (status.active ?? 0)) {
    errors.push(invalid("status.ready", ready, "cannot set more ready pods than active"));
  }
  return errors;
}

function parseErrors(text: string, completions: number, path: string, name: string): FieldError[] {
  try {
    parseIndexRanges(text, completions);
    return [];
  } catch (error) {
    if (!(error instanceof IndexError)) throw error;
    return [invalid(path, text, `error parsing ${name}: ${error.message}`)];
  }
}

function validateCriteria({ spec }: Job, status: JobStatus): FieldError[] {
  const errors: FieldError[] = [];
  const criteria = isTrue(status, "SuccessCriteriaMet");
  for (const type of ["Failed", "FailureTarget"]) {
    if (!criteria || !isTrue(status, type)) continue;
    const text = `cannot set SuccessCriteriaMet=True and ${type}=true conditions`;
    errors.push(invalidOmitted(CONDITIONS, text));
  }
  if (spec.successPolicy && !criteria && isTrue(status, "Complete")) {
    const text = "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True";
    errors.push(invalidOmitted(CONDITIONS, text));
  }
  return errors;
}

/** What was true stays true; what was counted stays counted. */
function validateTransition({ spec }: Job, status: JobStatus, before: JobStatus): FieldError[] {
  const errors: FieldError[] = [];
  for (const type of ["Failed", "Complete", "FailureTarget"]) {
    if (!isTrue(before, type) || isTrue(status, type)) continue;
    errors.push(invalidOmitted(CONDITIONS, `cannot disable the terminal ${type}=True condition`));
  }
  // An Indexed Job that shrinks forgets the indexes beyond its end.
  const shrinks = spec.completionMode === "Indexed" && spec.completions === spec.parallelism;
  for (const field of ["failed", "succeeded"] as const) {
    if (field === "succeeded" && shrinks || (status[field] ?? 0) >= (before[field] ?? 0)) continue;
    errors.push(invalid(child("status", field), status[field] ?? 0, `cannot decrease the ${field} counter`));
  }
  const { completionTime, startTime } = status;
  if (completionTime && before.completionTime && completionTime !== before.completionTime) {
    errors.push(invalid("status.completionTime", completionTime, "field is immutable"));
  }
  const resuming = isTrue(before, "Suspended") && jobCondition(status, "Suspended") === "False";
  if (before.startTime && startTime !== before.startTime && !resuming && !spec.suspend) {
    const text = "field is immutable for unsuspended job once set";
    errors.push(invalid("status.startTime", startTime ?? null, text));
  }
  const [criteria, hadCriteria] = [isTrue(status, "SuccessCriteriaMet"), isTrue(before, "SuccessCriteriaMet")];
  if (hadCriteria && !criteria) {
    errors.push(invalidOmitted(CONDITIONS, "cannot disable the SuccessCriteriaMet=True condition"));
  }
  if (isTrue(before, "Complete") && !hadCriteria && criteria) {
    const text = "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions";
    errors.push(invalidOmitted(CONDITIONS, text));
  }
  return errors;
}
