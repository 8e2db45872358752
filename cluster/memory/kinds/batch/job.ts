/**
 * Jobs run pods until enough of them have succeeded.
 *
 * Source: `pkg/apis/batch/validation/validation.go`, `pkg/registry/batch/job/strategy.go`.
 */
import { child, type FieldError, invalid, keyed, required } from "../field_error.ts";
import { equalJson, sortKeys } from "../json.ts";
import { defineKind } from "../kind.ts";
import {
  formatLabelSelector,
  hasInvalidLabelValue,
  labelSelectorMatches,
  validateLabelSelector,
} from "../label_selector.ts";
import { dns1123Label } from "../names.ts";
import type { Draft } from "../object.ts";
import { metadataErrors } from "../object_meta.ts";
import type { Job, JobSpec } from "../schema/types.ts";
import { age, humanDuration, tableOf } from "../table.ts";
import {
  containerCells,
  defaultTemplate,
  nameWarnings,
  parseSelector,
  prepareTemplate,
  selectorJson,
} from "../apps/workload.ts";
import type { PodOptions } from "../core/pod/validation/options.ts";
import { templateOptions, validateTemplateLabels } from "../core/pod/validation/template.ts";
import { templateWarnings } from "../core/pod/warnings.ts";
import { validateJobSpec } from "./job_spec.ts";
import { jobCondition, validateJobStatusUpdate } from "./job_status.ts";
import { validateJobChange } from "./job_update.ts";

/** Labels by which a Job knows its pods; the plain ones are from before there were domains. */
const UID_LABELS = ["controller-uid", "batch.kubernetes.io/controller-uid"] as const;
const NAME_LABELS = ["job-name", "batch.kubernetes.io/job-name"] as const;

export const job = defineKind<Job>({
  group: "batch",
  version: "v1",
  kind: "Job",
  plural: "jobs",
  singular: "job",
  categories: ["all"],
  namespaced: true,
  type: "batch.v1.Job",
  strategy: {
    names: "subdomain",
    // Its pods stay when it goes, unless the client says otherwise: kubectl does.
    defaultPropagation: "orphan",
    deletionWarning: "child pods are preserved by default when jobs are deleted; " +
      "set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning",
    defaults({ metadata, spec }) {
      defaultJobSpec(spec);
      defaultLabels({ metadata, spec });
    },
    prepareForCreate(job) {
      if (!job.spec.manualSelector) generateSelector(job);
      // Once more, as the server does whenever it reads a Job: the template may have got its labels just now.
      defaultLabels(job);
      job.status = {};
      prepareTemplate(job.spec.template);
    },
    prepareForUpdate: (job, old) => prepareTemplate(job.spec.template, old.spec.template),
    validate: (job) => validateJob(job, templateOptions(), true),
    validateUpdate(job, old) {
      const options = templateOptions(old.spec.template);
      const anySelectorValue = options.anySelectorValue || hasInvalidLabelValue(old.spec.selector);
      const labels = old.spec.template.metadata?.labels ?? {};
      const prefixed = labels[NAME_LABELS[1]] !== undefined && labels[UID_LABELS[1]] !== undefined;
      const podOptions = { ...options, anySelectorValue };
      return [
        ...validateJob(job, podOptions, prefixed),
        // Kubernetes judges the object twice on update.
        ...metadataErrors(job),
        ...validateSpec(job.spec, podOptions),
        ...validateJobChange(job, old),
      ];
    },
    warnings(job, old) {
      if (old === undefined) return jobWarnings(job.spec, "spec", job.metadata.name);
      return equalJson(job.spec, old.spec) ? [] : jobWarnings(job.spec, "spec", undefined);
    },
  },
  status: { validateUpdate: validateJobStatusUpdate },
  table: tableOf<Job>("batch.v1.Job", ({ metadata, spec, status = {} }, now) => [
    metadata.name ?? "",
    statusText({ metadata, spec, status }),
    completions(spec, status.succeeded ?? 0),
    duration(status, now),
    age(metadata.creationTimestamp, now),
    ...containerCells(spec.template),
    formatLabelSelector(spec.selector),
  ]),
  selectableFields: ({ status }) => ({ "status.successful": String(status?.succeeded ?? 0) }),
  unknownField: (field) => `field label ${JSON.stringify(field)} not supported for Job`,
});

export function defaultJobSpec(spec: Draft<JobSpec>): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2147483647;
  spec.completionMode ??= "NonIndexed";
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? "Failed" : "TerminatingOrFailed";
  spec.manualSelector ??= false;
  defaultJobTemplate(spec);
}

/** What the template of a Job has, a CronJob's too. */
export function defaultJobTemplate(spec: Draft<JobSpec>): void {
  defaultTemplate(spec.template);
  for (const rule of spec.podFailurePolicy?.rules ?? []) {
    for (const pattern of rule.onPodConditions ?? []) pattern.status ||= "True";
  }
}

/** A Job without labels has its template's: the same ones, so that it gets those too that the server adds there. */
function defaultLabels({ metadata, spec }: Pick<Draft<Job>, "metadata" | "spec">): void {
  const labels = spec.template?.metadata?.labels;
  if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = labels;
}

function generateSelector({ metadata, spec }: Draft<Job>): void {
  const labels = (spec.template.metadata ??= {}).labels ??= {};
  for (const name of NAME_LABELS) labels[name] ??= metadata.name ?? "";
  for (const name of UID_LABELS) labels[name] ??= metadata.uid ?? "";
  const selector = spec.selector ??= {};
  selector.matchLabels = { [UID_LABELS[1]]: metadata.uid ?? "", ...selector.matchLabels };
}

/** @param prefixed whether the labels with domains must be there: Jobs of old have only the plain ones */
function validateJob({ metadata, spec }: Job, options: PodOptions, prefixed: boolean): FieldError[] {
  const errors = [...validateGeneratedSelector({ metadata, spec }, prefixed), ...validateSpec(spec, options)];
  if (spec.completionMode !== "Indexed" || !spec.completions || spec.completions < 0) return errors;
  const host = `${metadata.name}-${spec.completions - 1}`;
  if (dns1123Label(host).length === 0) return errors;
  return [
    ...errors,
    invalid("metadata.name", metadata.name, `will not able to create pod with invalid DNS label: ${host}`),
  ];
}

function validateSpec(spec: JobSpec, options: PodOptions): FieldError[] {
  const errors = validateJobSpec(spec, "spec", options);
  const selectorAt = "spec.selector";
  if (!spec.selector) errors.push(required(selectorAt));
  else errors.push(...validateLabelSelector(spec.selector, selectorAt, { anyValue: options.anySelectorValue }));
  const { selects, broken } = parseSelector(spec.selector);
  return broken ? errors : [...errors, ...validateTemplateLabels(spec.template, selects, "spec.template")];
}

/** A selector that the server makes selects the Job's own pods and no others. */
function validateGeneratedSelector({ metadata, spec }: Pick<Job, "metadata" | "spec">, prefixed: boolean) {
  if (spec.manualSelector || !spec.selector) return [];
  const errors: FieldError[] = metadata.uid ? [] : [required("metadata.uid")];
  const labels = spec.template.metadata?.labels;
  const expected: Record<string, string> = {};
  for (const generation of prefixed ? [0, 1] : [0]) {
    for (const [label, value] of [[UID_LABELS[generation], metadata.uid], [NAME_LABELS[generation], metadata.name]]) {
      expected[label!] = value ?? "";
      errors.push(...validateHasLabel(labels, label!, value ?? ""));
    }
  }
  if (!labelSelectorMatches(spec.selector, expected)) {
    errors.push(invalid("spec.selector", selectorJson(spec.selector), "`selector` not auto-generated"));
  }
  return errors;
}

function validateHasLabel(labels: Readonly<Record<string, string>> | undefined, label: string, value: string) {
  const at = keyed("spec.template.metadata.labels", label);
  const message = `must be '${value}'`;
  if (labels?.[label] === undefined) return [required(at, message)];
  return labels[label] === value ? [] : [invalid(at, sortKeys(labels), message)];
}

/** A Job's warnings, of its own or of a CronJob's template. */
export function jobWarnings(spec: JobSpec, path: string, name: string | undefined): string[] {
  const tooMany = spec.completionMode === "Indexed" && (spec.completions ?? 0) > 100_000 &&
    (spec.parallelism ?? 0) > 10_000;
  const text =
    "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail";
  return [
    ...nameWarnings(name),
    ...tooMany ? [`${path}: ${text}`] : [],
    ...templateWarnings(spec.template, child(path, "template")),
  ];
}

function statusText({ metadata, status = {} }: Job): string {
  const isTrue = (type: string) => jobCondition(status, type) === "True";
  if (isTrue("Complete")) return "Complete";
  if (isTrue("Failed")) return "Failed";
  if (metadata.deletionTimestamp) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(isTrue) ?? "Running";
}

function completions({ completions, parallelism = 0 }: JobSpec, succeeded: number): string {
  if (completions !== undefined) return `${succeeded}/${completions}`;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function duration({ startTime, completionTime }: NonNullable<Job["status"]>, now: number): string {
  if (!startTime) return "";
  return humanDuration((completionTime ? Date.parse(completionTime) : now) - Date.parse(startTime));
}
