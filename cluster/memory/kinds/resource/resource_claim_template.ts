/** ResourceClaimTemplate. Source: `pkg/registry/resource/resourceclaimtemplate` and `pkg/apis/resource/validation`. */
import { equalJson } from "../json.ts";
import { loadCel } from "../cel/engine.ts";
import { defineKind } from "../kind.ts";
import { immutable, metadataErrors, validateAnnotations, validateLabels } from "../object_meta.ts";
import type { ResourceClaimTemplate } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { validateClaimSpec } from "./claim_validation.ts";
import { defaultClaimSpec } from "./resource_claim.ts";

export const resourceClaimTemplate = defineKind<ResourceClaimTemplate>({
  group: "resource.k8s.io",
  version: "v1",
  kind: "ResourceClaimTemplate",
  plural: "resourceclaimtemplates",
  singular: "resourceclaimtemplate",
  namespaced: true,
  type: "resource.v1.ResourceClaimTemplate",
  load: loadCel,
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    generation: false,
    defaults: ({ spec }) => defaultClaimSpec(spec?.spec),
    validate: ({ spec }) => [
      ...validateAnnotations(spec?.metadata?.annotations, "spec.metadata.annotations"),
      ...validateLabels(spec?.metadata?.labels, "spec.metadata.labels"),
      ...validateClaimSpec(spec?.spec ?? {}, "spec.spec"),
    ],
    validateUpdate: (template, old) => [
      ...equalJson(template.spec, old.spec) ? [] : [immutable("spec", template.spec)],
      ...metadataErrors(template),
    ],
  },
  table: tableOf("resource.v1.ResourceClaimTemplate", ({ metadata }, now) => [
    metadata.name ?? "",
    age(metadata.creationTimestamp, now),
  ]),
});
