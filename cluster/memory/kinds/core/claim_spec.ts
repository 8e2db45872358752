/**
 * What a claim for storage asks for, in a PersistentVolumeClaim and in the template of an ephemeral volume.
 *
 * Source: `pkg/apis/core/validation/validation.go`.
 */
import { child, type FieldError, forbidden, invalid, keyed, notSupported, required } from "../field_error.ts";
import { validateLabelSelector } from "../label_selector.ts";
import { check, dns1123Label, dns1123Subdomain } from "../names.ts";
import { validateAnnotations, validateLabels } from "../object_meta.ts";
import { quantityMilliValue, quantitySign } from "../quantity.ts";
import type {
  ObjectMeta,
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimTemplate,
  TypedObjectReference,
} from "../schema/types.ts";

export const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
export const VOLUME_MODES = ["Block", "Filesystem"];

export interface ClaimOptions {
  /** Values in the selector that no label can have: stored before they were checked. */
  readonly anySelectorValue?: boolean;
  /** Groups of the data source that are no domain. */
  readonly anyDataSourceGroup?: boolean;
}

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string, options: ClaimOptions = {}) {
  const errors: FieldError[] = [];
  const { accessModes = [], dataSource, dataSourceRef, volumeMode } = spec;
  const modesAt = child(path, "accessModes");
  if (accessModes.length === 0) errors.push(required(modesAt, "at least 1 access mode is required"));
  errors.push(
    ...validateLabelSelector(spec.selector, child(path, "selector"), { anyValue: options.anySelectorValue }),
    ...validateAccessModes(accessModes, modesAt),
  );
  const storageAt = keyed(child(path, "resources"), "storage");
  const storage = spec.resources?.requests?.storage;
  if (storage === undefined) errors.push(required(storageAt));
  else if (quantitySign(storage) <= 0) errors.push(invalid(storageAt, storage, "must be greater than zero"));
  if (spec.storageClassName) {
    errors.push(...check(child(path, "storageClassName"), spec.storageClassName, dns1123Subdomain));
  }
  if (volumeMode !== undefined && !VOLUME_MODES.includes(volumeMode)) {
    errors.push(notSupported(child(path, "volumeMode"), volumeMode, VOLUME_MODES));
  }
  if (dataSource) errors.push(...validateDataSource(dataSource, child(path, "dataSource"), options));
  if (dataSourceRef) errors.push(...validateDataSource(dataSourceRef, child(path, "dataSourceRef"), options));
  if (dataSourceRef?.namespace) {
    // What Go prints for the field's path, which Kubernetes gives as the value.
    if (dataSource) errors.push(invalid(path, {}, "may not be specified when dataSourceRef.namespace is specified"));
  } else if (dataSource && dataSourceRef) {
    const same = (dataSource.apiGroup ?? null) === (dataSourceRef.apiGroup ?? null) &&
      dataSource.kind === dataSourceRef.kind &&
      dataSource.name === dataSourceRef.name;
    if (!same) errors.push(invalid(path, {}, "must match dataSourceRef"));
  }
  if (spec.volumeAttributesClassName) {
    const at = child(path, "volumeAttributesClassName");
    errors.push(...check(at, spec.volumeAttributesClassName, dns1123Subdomain));
  }
  return errors;
}

/** Errors of modes that nobody knows, and of the single-pod mode beside others. */
export function validateAccessModes(modes: readonly string[], path: string): FieldError[] {
  const errors = modes.filter((mode) => !ACCESS_MODES.includes(mode))
    .map((mode) => notSupported(path, mode, ACCESS_MODES));
  const others = modes.some((mode) => mode !== "ReadWriteOncePod" && ACCESS_MODES.includes(mode));
  if (modes.includes("ReadWriteOncePod") && others) {
    errors.push(forbidden(path, "may not use ReadWriteOncePod with other access modes"));
  }
  return errors;
}

/** The claim or snapshot whose data the volume begins with. */
function validateDataSource(source: Partial<TypedObjectReference>, path: string, options: ClaimOptions): FieldError[] {
  const { name = "", kind = "", namespace = "" } = source;
  const apiGroup = source.apiGroup ?? "";
  const errors: FieldError[] = [];
  if (name === "") errors.push(required(child(path, "name")));
  if (kind === "") errors.push(required(child(path, "kind")));
  if (apiGroup === "" && kind !== "PersistentVolumeClaim") {
    errors.push(invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  }
  if (apiGroup !== "" && !options.anyDataSourceGroup) {
    errors.push(...check(child(path, "apiGroup"), apiGroup, dns1123Subdomain));
  }
  if (namespace !== "") errors.push(...check(child(path, "namespace"), namespace, dns1123Label));
  return errors;
}

/** The claim that a pod makes for an ephemeral volume: of its metadata, only labels and annotations are its own. */
export function validateClaimTemplate({ metadata = {}, spec }: PersistentVolumeClaimTemplate, path: string) {
  const at = child(path, "metadata");
  return [
    ...validateAnnotations(metadata.annotations, child(at, "annotations")),
    ...validateLabels(metadata.labels, child(at, "labels")),
    ...FORBIDDEN.filter((field) => metadata[field as keyof ObjectMeta])
      // Kubernetes lowers only the first letter of Go's "UID".
      .map((field) => forbidden(child(at, field === "uid" ? "uID" : field), "cannot be set")),
    ...validateClaimSpec(spec, child(path, "spec")),
  ];
}

const FORBIDDEN = [
  "name",
  "generateName",
  "namespace",
  "selfLink",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "ownerReferences",
  "finalizers",
  "managedFields",
];

/** What a client is told about amounts that are no whole number of bytes. */
export function claimSpecWarnings({ resources }: PersistentVolumeClaimSpec, path: string): string[] {
  return (["requests", "limits"] as const).flatMap((field) => {
    const value = resources?.[field]?.storage;
    if (value === undefined || quantityMilliValue(value) % 1000n === 0n) return [];
    const at = keyed(child(path, "resources", field), "storage");
    return [`${at}: fractional byte value "${value}" is invalid, must be an integer`];
  });
}
