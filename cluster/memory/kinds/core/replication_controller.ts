/**
 * ReplicationControllers keep a number of equal pods: what there was before ReplicaSets.
 *
 * Source: `pkg/apis/core/validation/validation.go`, `pkg/registry/core/replicationcontroller/strategy.go`.
 */
import { child, type FieldError, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { formatSelector, selectorOfSet } from "../label_selector.ts";
import type { Draft } from "../object.ts";
import type { ReplicationController } from "../schema/types.ts";
import { age, labelsText, tableOf } from "../table.ts";
import {
  containerCells,
  defaultTemplate,
  nonNegative,
  prepareTemplate,
  validateCounts,
  workloadWarnings,
} from "../apps/workload.ts";
import type { PodOptions } from "./pod/validation/options.ts";
import {
  templateOptions,
  validateAlwaysRestarts,
  validatePodTemplateSpec,
  validateTemplateLabels,
} from "./pod/validation/template.ts";

export const replicationController = defineKind<ReplicationController>({
  group: "",
  version: "v1",
  kind: "ReplicationController",
  plural: "replicationcontrollers",
  singular: "replicationcontroller",
  shortNames: ["rc"],
  categories: ["all"],
  namespaced: true,
  type: "core.v1.ReplicationController",
  strategy: {
    names: "subdomain",
    // Its pods stay when it goes, as they did in the first version of the API.
    defaultPropagation: "orphan",
    defaults,
    prepareForCreate(controller) {
      controller.status = { replicas: 0 };
      prepareTemplate(controller.spec.template);
    },
    prepareForUpdate: (controller, old) => prepareTemplate(controller.spec.template, old.spec.template),
    validate: (controller) => validateSpec(controller, templateOptions()),
    validateUpdate: (controller, old) => validateSpec(controller, templateOptions(old.spec.template)),
    warnings({ metadata, spec }, old) {
      if (!spec.template) return [];
      if (old === undefined) return workloadWarnings(metadata.name, spec.template);
      return equalJson(spec, old.spec) ? [] : workloadWarnings(undefined, old.spec.template ?? spec.template);
    },
  },
  status: {
    validateUpdate: ({ status }) =>
      validateCounts(status, [
        "replicas",
        "fullyLabeledReplicas",
        "readyReplicas",
        "availableReplicas",
        "observedGeneration",
      ], [
        ["fullyLabeledReplicas", "replicas"],
        ["readyReplicas", "replicas"],
        ["availableReplicas", "replicas"],
        ["availableReplicas", "readyReplicas", "readyReplicas"],
      ]),
  },
  scale: {
    replicas: ({ spec }) => spec.replicas ?? 0,
    withReplicas: ({ spec }, replicas) => void (spec.replicas = replicas),
    currentReplicas: ({ status }) => status?.replicas ?? 0,
    selector: ({ spec }) => formatSelector(selectorOfSet(spec.selector ?? {})),
  },
  table: tableOf<ReplicationController>("core.v1.ReplicationController", ({ metadata, spec, status }, now) => [
    metadata.name ?? "",
    spec.replicas ?? 0,
    status?.replicas ?? 0,
    status?.readyReplicas ?? 0,
    age(metadata.creationTimestamp, now),
    ...containerCells(spec.template),
    labelsText(spec.selector),
  ]),
  selectableFields: ({ status }) => ({ "status.replicas": String(status?.replicas ?? 0) }),
});

/** The template's labels are the controller's own and its selector, unless it has others. */
function defaults({ metadata, spec }: Draft<ReplicationController>): void {
  const labels = spec.template?.metadata?.labels;
  if (labels) {
    if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
    if (Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels };
  }
  spec.replicas ??= 1;
  defaultTemplate(spec.template);
}

function validateSpec({ spec }: ReplicationController, options: PodOptions): FieldError[] {
  const at = "spec.template";
  const selector = selectorOfSet(spec.selector ?? {});
  const errors = [
    ...nonNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...selector.length === 0 ? [required(child("spec", "selector"))] : [],
    ...nonNegative(spec.replicas, "spec.replicas"),
  ];
  if (!spec.template) return [...errors, required(at)];
  return [
    ...errors,
    ...selector.length === 0 ? [] : validateTemplateLabels(spec.template, selector, at),
    ...validatePodTemplateSpec(spec.template, at, options),
    ...validateAlwaysRestarts(spec.template, at, "ReplicationController"),
  ];
}
