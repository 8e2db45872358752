/**
 * PersistentVolumeClaim.
 *
 * Source: `pkg/registry/core/persistentvolumeclaim`, `pkg/apis/core/v1` and `pkg/api/persistentvolumeclaim`.
 */
import { defineKind } from "../../kind.ts";
import type { Draft } from "../../object.ts";
import { metadataErrors } from "../../object_meta.ts";
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from "../../schema/types.ts";
import { quantityMilliValue } from "../../quantity.ts";
import { age, tableOf } from "../../table.ts";
import { defaultResourceList } from "../pod/defaults.ts";
import { accessModesText, CLASS_ANNOTATION, classOf } from "../storage_class_name.ts";
import { validateClaim, validateClaimChange } from "./validation.ts";
import { validateClaimStatus } from "./status_validation.ts";

export const persistentVolumeClaim = defineKind<PersistentVolumeClaim>({
  group: "",
  version: "v1",
  kind: "PersistentVolumeClaim",
  plural: "persistentvolumeclaims",
  singular: "persistentvolumeclaim",
  shortNames: ["pvc"],
  namespaced: true,
  type: "core.v1.PersistentVolumeClaim",
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    generation: false,
    defaults(claim) {
      const spec = claim.spec ??= { resources: {} };
      spec.volumeMode ??= "Filesystem";
      claim.status ??= {};
      claim.status.phase ||= "Pending";
      const { resources } = spec;
      for (const list of [resources?.limits, resources?.requests, claim.status.capacity]) {
        if (list) defaultResourceList(list);
      }
    },
    prepareForCreate(claim) {
      claim.status = { phase: "Pending" };
      prepareDataSource(claim.spec!, undefined);
    },
    prepareForUpdate(claim, old) {
      claim.status = old.status as typeof claim.status;
      prepareDataSource(claim.spec!, old.spec);
    },
    validate: (claim) => validateClaim(claim),
    validateUpdate: (claim, old) => [
      ...validateClaim(claim, old),
      ...metadataErrors(claim),
      ...validateClaimChange(claim, old),
    ],
    warnings: ({ metadata, spec }) => [
      ...Object.hasOwn(metadata.annotations ?? {}, CLASS_ANNOTATION)
        ? [
          `metadata.annotations[${CLASS_ANNOTATION}]: deprecated since v1.8; use "storageClassName" attribute instead`,
        ]
        : [],
      ...claimSpecWarnings(spec, "spec"),
    ],
  },
  status: {
    prepareForUpdate: (claim, old) => void (claim.spec = old.spec as typeof claim.spec),
    validateUpdate: validateClaimStatus,
  },
  table: tableOf("core.v1.PersistentVolumeClaim", (claim, now) => [
    claim.metadata.name ?? "",
    claim.metadata.deletionTimestamp ? "Terminating" : claim.status?.phase ?? "",
    claim.spec?.volumeName ?? "",
    claim.spec?.volumeName ? claim.status?.capacity?.storage ?? "0" : "",
    claim.spec?.volumeName ? accessModesText(claim.status?.accessModes) : "",
    classOf(claim),
    claim.spec?.volumeAttributesClassName ?? "<unset>",
    age(claim.metadata.creationTimestamp, now),
    claim.spec?.volumeMode ?? "<unset>",
  ]),
});

/** Half a byte cannot be had. Source: GetWarningsForPersistentVolumeClaimSpec. */
export function claimSpecWarnings(spec: PersistentVolumeClaimSpec | undefined, path: string): string[] {
  return (["requests", "limits"] as const).flatMap((field) => {
    const storage = spec?.resources?.[field]?.storage ?? "0";
    if (quantityMilliValue(storage) % 1000n === 0n) return [];
    const at = `${path}.resources.${field}[storage]`;
    return [`${at}: fractional byte value ${JSON.stringify(storage)} is invalid, must be an integer`];
  });
}

const SNAPSHOTS = "snapshot.storage.k8s.io";

/** The two fields that name where the data come from say the same, except for what only the newer one can say. */
function prepareDataSource(spec: Draft<PersistentVolumeClaimSpec>, old: PersistentVolumeClaimSpec | undefined) {
  // A source in another namespace is behind a feature that is off.
  if (spec.dataSourceRef?.namespace && old?.dataSourceRef === undefined) delete spec.dataSourceRef;
  const inUse = old?.dataSource !== undefined || old?.dataSourceRef !== undefined;
  if (!inUse && spec.dataSourceRef === undefined && spec.dataSource) {
    const { kind, apiGroup = "" } = spec.dataSource;
    const known = kind === "PersistentVolumeClaim" && apiGroup === "" ||
      kind === "VolumeSnapshot" && apiGroup === SNAPSHOTS;
    if (!known) delete spec.dataSource;
  }
  if (spec.dataSource && !spec.dataSourceRef) spec.dataSourceRef = { ...spec.dataSource };
  else if (spec.dataSourceRef && !spec.dataSource && !spec.dataSourceRef.namespace) {
    const { namespace: _, ...source } = spec.dataSourceRef;
    spec.dataSource = source;
  }
}
