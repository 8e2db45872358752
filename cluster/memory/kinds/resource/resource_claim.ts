/** ResourceClaim. Source: `pkg/registry/resource/resourceclaim` and `pkg/apis/resource/{v1,validation}`. */
import { loadCel } from "../cel/engine.ts";
import { defineKind } from "../kind.ts";
import { equalJson } from "../json.ts";
import { immutable, metadataErrors } from "../object_meta.ts";
import type { Draft } from "../object.ts";
import type { ResourceClaimSpec, ResourceV1ResourceClaim as ResourceClaim } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { validateClaimStatus } from "./claim_status_validation.ts";
import { validateClaimSpec } from "./claim_validation.ts";

export const resourceClaim = defineKind<ResourceClaim>({
  group: "resource.k8s.io",
  version: "v1",
  kind: "ResourceClaim",
  plural: "resourceclaims",
  singular: "resourceclaim",
  namespaced: true,
  type: "resource.v1.ResourceClaim",
  load: loadCel,
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    generation: false,
    defaults: ({ spec }) => defaultClaimSpec(spec),
    prepareForCreate: (claim) => void (claim.status = {}),
    prepareForUpdate: (claim, old) => void (claim.status = old.status as typeof claim.status),
    validate: ({ spec }) => validateClaimSpec(spec ?? {}, "spec"),
    validateUpdate: (claim, old) => [
      ...equalJson(claim.spec, old.spec) ? [] : [immutable("spec", claim.spec)],
      ...metadataErrors(claim),
    ],
  },
  status: {
    prepareForUpdate: (claim, old) => void (claim.spec = old.spec as typeof claim.spec),
    validateUpdate: validateClaimStatus,
  },
  table: tableOf("resource.v1.ResourceClaim", (claim, now) => [
    claim.metadata.name ?? "",
    state(claim),
    age(claim.metadata.creationTimestamp, now),
  ]),
});

/** One device is asked for unless said. */
export function defaultClaimSpec(spec: Draft<ResourceClaimSpec> | undefined): void {
  for (const { exactly, firstAvailable = [] } of spec?.devices?.requests ?? []) {
    for (const request of [...exactly ? [exactly] : [], ...firstAvailable]) {
      request.allocationMode ||= "ExactCount";
      if (request.allocationMode === "ExactCount") request.count ||= 1;
    }
  }
}

function state({ metadata, status }: ResourceClaim): string {
  const deleted = metadata.deletionTimestamp !== undefined;
  return [
    ...deleted ? ["deleted"] : [],
    ...!status?.allocation && !deleted ? ["pending"] : [],
    ...status?.allocation ? ["allocated"] : [],
    ...status?.allocation && status.reservedFor?.length ? ["reserved"] : [],
  ].join(",");
}
