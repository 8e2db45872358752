/** PodTemplates: templates of pods that stand alone. Source: `pkg/registry/core/podtemplate/strategy.go`. */
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import type { PodTemplate } from "../schema/types.ts";
import { labelsText, tableOf } from "../table.ts";
import { containerCells, defaultTemplate, prepareTemplate } from "../apps/workload.ts";
import { templateOptions, validatePodTemplateSpec } from "./pod/validation/template.ts";
import { templateWarnings } from "./pod/warnings.ts";

export const podTemplate = defineKind<PodTemplate>({
  group: "",
  version: "v1",
  kind: "PodTemplate",
  plural: "podtemplates",
  singular: "podtemplate",
  namespaced: true,
  type: "core.v1.PodTemplate",
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    defaults(it) {
      defaultTemplate(it.template ??= { metadata: {}, spec: { containers: [] } });
    },
    prepareForCreate: ({ template }) => prepareTemplate(template),
    prepareForUpdate: ({ template }, old) => prepareTemplate(template, old.template),
    validate: ({ template }) => validatePodTemplateSpec(template, "template", templateOptions()),
    validateUpdate: ({ template }, old) => validatePodTemplateSpec(template, "template", templateOptions(old.template)),
    warnings({ template }, old) {
      return old !== undefined && equalJson(template, old.template) ? [] : templateWarnings(template, "template");
    },
  },
  table: tableOf<PodTemplate>("core.v1.PodTemplate", ({ metadata, template }) => [
    metadata.name ?? "",
    ...containerCells(template),
    labelsText(template.metadata?.labels),
  ]),
});
