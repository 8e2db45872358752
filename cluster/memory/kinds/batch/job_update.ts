/** What may change in a Job. Source: `pkg/apis/batch/validation/validation.go`, `pkg/registry/batch/job/strategy.go`. */
import { child, type FieldError, invalid } from "../field_error.ts";
import { internalJson } from "../go/internal_json.ts";
import { equalJson } from "../json.ts";
import { immutable } from "../object_meta.ts";
import type { Container, Job, JobSpec, PodTemplateSpec } from "../schema/types.ts";
import { selectorJson } from "../apps/workload.ts";

/** While a Job is suspended and has no pods, it may be placed and sized otherwise. */
function isOpen({ spec, status = {} }: Job): boolean {
  const suspended = status.conditions?.some(({ type, status }) => type === "Suspended" && status === "True");
  return spec.suspend === true && (status.startTime === undefined || suspended === true) && !status.active;
}

export function validateJobChange(job: Job, old: Job): FieldError[] {
  const [spec, before] = [job.spec, old.spec];
  const fixed = (field: keyof JobSpec, json: (spec: JobSpec) => unknown = (spec) => spec[field] ?? null) =>
    equalJson(spec[field] ?? null, before[field] ?? null) ? [] : [immutable(child("spec", field), json(spec))];
  return [
    ...validateCompletions(spec, before),
    ...fixed("selector", (spec) => selectorJson(spec.selector)),
    ...validateTemplate(job, old),
    ...fixed("completionMode"),
    ...fixed(
      "podFailurePolicy",
      (spec) => spec.podFailurePolicy ? internalJson("batch.PodFailurePolicy", spec.podFailurePolicy) : null,
    ),
    ...fixed("backoffLimitPerIndex"),
    ...fixed("managedBy"),
    ...fixed(
      "successPolicy",
      (spec) => spec.successPolicy ? internalJson("batch.SuccessPolicy", spec.successPolicy) : null,
    ),
  ];
}

/** An Indexed Job may have more or fewer indexes, when it works on all of them at once. */
function validateCompletions({ completions, parallelism, completionMode }: JobSpec, old: JobSpec): FieldError[] {
  const at = "spec.completions";
  if (completions === old.completions) return [];
  if (completionMode !== "Indexed") return [immutable(at, completions ?? null)];
  if (completions === undefined || completions === parallelism) return [];
  return [invalid(at, completions, "can only be modified in tandem with spec.parallelism")];
}

function validateTemplate(job: Job, old: Job): FieldError[] {
  const { template } = job.spec;
  const open = isOpen(old);
  const before = open ? withPlacementOf(template, old.spec.template) : old.spec.template;
  if (!old.spec.suspend || !open) {
    if (equalJson(template, before)) return [];
    return [immutable("spec.template", internalJson("PodTemplateSpec", template))];
  }
  if (equalJson(template.spec, withResourcesOf(template, before).spec)) return [];
  return [immutable("spec.template.spec", internalJson("PodSpec", template.spec))];
}

/** The old template with what decides where its pods run from the new one. */
function withPlacementOf(template: PodTemplateSpec, old: PodTemplateSpec): PodTemplateSpec {
  const [affinity, before] = [template.spec.affinity, old.spec.affinity];
  const { nodeAffinity: _old, ...rest } = before ?? {};
  const placed = affinity?.nodeAffinity === undefined ? rest : { ...rest, nodeAffinity: affinity.nodeAffinity };
  const keeps = affinity !== undefined || Object.keys(rest).length > 0;
  return {
    metadata: {
      ...old.metadata,
      annotations: template.metadata?.annotations,
      labels: template.metadata?.labels,
    },
    spec: {
      ...old.spec,
      affinity: keeps ? placed : undefined,
      nodeSelector: template.spec.nodeSelector,
      tolerations: template.spec.tolerations,
      schedulingGates: template.spec.schedulingGates,
    },
  };
}

function withResourcesOf(template: PodTemplateSpec, old: PodTemplateSpec): PodTemplateSpec {
  const sized = (now: readonly Container[] = [], before: readonly Container[] | undefined) =>
    now.length !== before?.length
      ? before
      : before.map((it, i) => it.name === now[i].name ? { ...it, resources: now[i].resources } : it);
  const containers = sized(template.spec.containers ?? [], old.spec.containers) ?? [];
  const initContainers = sized(template.spec.initContainers, old.spec.initContainers);
  return { ...old, spec: { ...old.spec, containers, initContainers } };
}
