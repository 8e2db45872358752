/**
 * CronJobs make a Job whenever the clock says so.
 *
 * Source: `pkg/apis/batch/validation/validation.go`, `pkg/registry/batch/cronjob/strategy.go`.
 */
import { child, type FieldError, invalid, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { formatLabelSelector } from "../label_selector.ts";
import { byteLength } from "../names.ts";
import type { CronJob, CronJobSpec } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { containerCells, nonNegative, prepareTemplate, selectorJson } from "../apps/workload.ts";
import type { PodOptions } from "../core/pod/validation/options.ts";
import { templateOptions } from "../core/pod/validation/template.ts";
import { CronError, parseCronSchedule, timeZoneError } from "./cron_schedule.ts";
import { defaultJobTemplate, jobWarnings } from "./job.ts";
import { validateJobSpec } from "./job_spec.ts";

/** The Jobs' names are longer by a dash and a time of ten digits, and may have 63 characters. */
const MAX_NAME = 52;
const CONCURRENCY_POLICIES = ["Allow", "Forbid", "Replace"];

export const cronJob = defineKind<CronJob>({
  group: "batch",
  version: "v1",
  kind: "CronJob",
  plural: "cronjobs",
  singular: "cronjob",
  shortNames: ["cj"],
  categories: ["all"],
  namespaced: true,
  type: "batch.v1.CronJob",
  strategy: {
    names: "subdomain",
    defaults({ spec }) {
      spec.concurrencyPolicy ||= "Allow";
      spec.suspend ??= false;
      spec.successfulJobsHistoryLimit ??= 3;
      spec.failedJobsHistoryLimit ??= 1;
      // The Job's own defaults come when there is a Job.
      if (spec.jobTemplate?.spec) defaultJobTemplate(spec.jobTemplate.spec);
    },
    prepareForCreate(cronJob) {
      cronJob.status = {};
      prepareTemplate(cronJob.spec.jobTemplate.spec.template);
    },
    prepareForUpdate: ({ spec }, old) =>
      prepareTemplate(spec.jobTemplate.spec.template, old.spec.jobTemplate.spec.template),
    validate({ metadata, spec }) {
      const errors = validateSpec(spec, undefined, templateOptions());
      if (byteLength(metadata.name ?? "") <= MAX_NAME) return errors;
      return [...errors, invalid("metadata.name", metadata.name, `must be no more than ${MAX_NAME} characters`)];
    },
    validateUpdate: ({ spec }, old) =>
      validateSpec(spec, old.spec, templateOptions(old.spec.jobTemplate.spec.template)),
    warnings({ metadata, spec }, old) {
      const [jobSpec, path] = [spec.jobTemplate.spec, "spec.jobTemplate.spec"];
      if (old === undefined) return jobWarnings(jobSpec, path, metadata.name);
      const warnings = equalJson(spec, old.spec) ? [] : jobWarnings(jobSpec, path, undefined);
      if (!spec.schedule.includes("TZ")) return warnings;
      const page = "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/";
      const text = "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead";
      return [...warnings, `${text}, see ${page} for more details`];
    },
  },
  status: {},
  table: tableOf<CronJob>("batch.v1.CronJob", ({ metadata, spec, status }, now) => [
    metadata.name ?? "",
    spec.schedule,
    spec.timeZone ?? "<none>",
    spec.suspend === undefined ? "<unset>" : spec.suspend ? "True" : "False",
    status?.active?.length ?? 0,
    status?.lastScheduleTime ? age(status.lastScheduleTime, now) : "<none>",
    age(metadata.creationTimestamp, now),
    ...containerCells(spec.jobTemplate.spec.template),
    formatLabelSelector(spec.jobTemplate.spec.selector),
  ]),
});

function validateSpec(spec: CronJobSpec, old: CronJobSpec | undefined, options: PodOptions): FieldError[] {
  const { schedule = "", timeZone, concurrencyPolicy: policy = "", jobTemplate } = spec;
  const errors: FieldError[] = schedule === ""
    ? [required("spec.schedule")]
    : validateSchedule(schedule, timeZone, old?.schedule.includes("TZ") ?? false);
  errors.push(...nonNegative(spec.startingDeadlineSeconds, "spec.startingDeadlineSeconds"));
  if (timeZone !== undefined && timeZone !== old?.timeZone) errors.push(...validateTimeZone(timeZone));
  const policyAt = "spec.concurrencyPolicy";
  if (policy === "") errors.push(required(policyAt));
  else if (!CONCURRENCY_POLICIES.includes(policy)) errors.push(notSupported(policyAt, policy, CONCURRENCY_POLICIES));
  const jobAt = "spec.jobTemplate.spec";
  const { selector, manualSelector } = jobTemplate.spec;
  errors.push(...validateJobSpec(jobTemplate.spec, jobAt, options));
  if (selector) {
    errors.push(invalid(child(jobAt, "selector"), selectorJson(selector), "`selector` will be auto-generated"));
  }
  if (manualSelector) errors.push(notSupported(child(jobAt, "manualSelector"), manualSelector, ["nil", "false"]));
  return [
    ...errors,
    ...nonNegative(spec.successfulJobsHistoryLimit, "spec.successfulJobsHistoryLimit"),
    ...nonNegative(spec.failedJobsHistoryLimit, "spec.failedJobsHistoryLimit"),
  ];
}

/** @param zoneAllowed whether the schedule had a time zone in it before that was forbidden */
function validateSchedule(schedule: string, timeZone: string | undefined, zoneAllowed: boolean): FieldError[] {
  const errors: FieldError[] = [];
  try {
    parseCronSchedule(schedule);
  } catch (error) {
    if (!(error instanceof CronError)) throw error;
    errors.push(invalid("spec.schedule", schedule, error.message));
  }
  if (!schedule.includes("TZ")) return errors;
  if (!zoneAllowed) {
    const text = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
    errors.push(invalid("spec.schedule", schedule, text));
  } else if (timeZone !== undefined) {
    const text = "cannot use both timeZone field and TZ or CRON_TZ in schedule";
    errors.push(invalid("spec.schedule", schedule, text));
  }
  return errors;
}

function validateTimeZone(zone: string): FieldError[] {
  const at = "spec.timeZone";
  if (zone === "") return [invalid(at, zone, "timeZone must be nil or non-empty string")];
  const isPart = (part: string) =>
    part !== "." && part !== ".." && !part.startsWith("-") && /^[A-Za-z.\-_0-9+]{1,14}$/.test(part);
  if (!zone.split("/").every(isPart)) return [invalid(at, zone, `unknown time zone ${zone}`)];
  const errors: FieldError[] = [];
  if (zone.toLowerCase() === "local") {
    const page = "https://www.iana.org/time-zones";
    errors.push(invalid(at, zone, `timeZone must be an explicit time zone as defined in ${page}`));
  }
  const unknown = timeZoneError(zone);
  return unknown === undefined ? errors : [...errors, invalid(at, zone, unknown)];
}
