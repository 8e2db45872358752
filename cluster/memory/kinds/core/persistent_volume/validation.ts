/** Errors of a PersistentVolume. Source: `pkg/apis/core/validation/validation.go`. */
import { type FieldError, forbidden, invalid, keyed, notSupported, required } from "../../field_error.ts";
import { equalJson } from "../../json.ts";
import { check, dns1123Subdomain } from "../../names.ts";
import { immutable } from "../../object_meta.ts";
import { quantitySign, quantityValue } from "../../quantity.ts";
import type { PersistentVolume, PersistentVolumeSpec } from "../../schema/types.ts";
import { hasInvalidNodeSelectorValue } from "../../node_selector.ts";
import { validateAccessModes, VOLUME_MODES } from "../claim_spec.ts";
import { validateNodeSelector } from "../pod/validation/affinity.ts";
import { SOURCES } from "./sources.ts";

const RECLAIM_POLICIES = ["Delete", "Recycle", "Retain"];
const MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options";
/** The sources that take mount options by annotation. */
const MOUNTED = [
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "nfs",
  "rbd",
  "quobyte",
  "iscsi",
  "cinder",
  "cephfs",
  "azureFile",
  "vsphereVolume",
  "azureDisk",
  "photonPersistentDisk",
] as const;

/** @param old the state before, for an update */
export function validatePersistentVolume(volume: PersistentVolume, old?: PersistentVolume): FieldError[] {
  const spec = volume.spec ?? {};
  const errors: FieldError[] = [];
  if (!spec.accessModes?.length) errors.push(required("spec.accessModes"));
  errors.push(...validateAccessModes(spec.accessModes ?? [], "spec.accessModes"), ...validateCapacity(spec));
  const policy = spec.persistentVolumeReclaimPolicy;
  if (policy && !RECLAIM_POLICIES.includes(policy)) {
    errors.push(notSupported("spec.persistentVolumeReclaimPolicy", policy, RECLAIM_POLICIES));
  }
  if (spec.nodeAffinity) {
    const anyValue = hasInvalidNodeSelectorValue(old?.spec?.nodeAffinity?.required);
    const path = "spec.nodeAffinity.required";
    errors.push(
      ...spec.nodeAffinity.required
        ? validateNodeSelector(spec.nodeAffinity.required, path, anyValue)
        : [required(path, "must specify required node constraints")],
    );
  }
  errors.push(...validateVolumeSource(spec, volume.metadata.name ?? "", "spec"));
  const root = spec.hostPath !== undefined && /^\/+(\.?\/*)*$/.test(spec.hostPath.path ?? "");
  if (root && policy === "Recycle") {
    const message = "may not be 'recycle' for a hostPath mount of '/'";
    errors.push(forbidden("spec.persistentVolumeReclaimPolicy", message));
  }
  if (spec.storageClassName) errors.push(...check("spec.storageClassName", spec.storageClassName, dns1123Subdomain));
  if (spec.volumeMode !== undefined && !VOLUME_MODES.includes(spec.volumeMode)) {
    errors.push(notSupported("spec.volumeMode", spec.volumeMode, VOLUME_MODES));
  }
  return [...errors, ...validateAttributesClass(spec), ...validateMountOptions(volume)];
}

function validateCapacity({ capacity }: PersistentVolumeSpec): FieldError[] {
  const names = Object.keys(capacity ?? {});
  const errors: FieldError[] = names.length === 0 ? [required("spec.capacity")] : [];
  if (capacity?.storage === undefined || names.length > 1) {
    // Go writes the keys of a map in order.
    const sorted = capacity && Object.fromEntries(Object.entries(capacity).sort(([a], [b]) => a < b ? -1 : 1));
    errors.push(notSupported("spec.capacity", sorted ?? null, ["storage"]));
  }
  for (const [name, quantity] of Object.entries(capacity ?? {})) {
    const path = keyed("spec.capacity", name);
    const value = quantityValue(quantity);
    if (value < 0n) errors.push(invalid(path, value, "must be a valid resource quantity"));
    if (quantitySign(quantity) <= 0) errors.push(invalid(path, quantity, "must be greater than zero"));
  }
  return errors;
}

/** A volume has exactly one source. */
export function validateVolumeSource(spec: PersistentVolumeSpec, name: string, at: string): FieldError[] {
  const errors: FieldError[] = [];
  let found = false;
  for (const { field, path = field, surplusPath = path, validate } of SOURCES) {
    if (spec[field] === undefined || spec[field] === null) continue;
    // Kubernetes does not count a flexVolume against the others.
    if (found && field !== "flexVolume") {
      errors.push(forbidden(`${at}.${surplusPath}`, "may not specify more than 1 volume type"));
      continue;
    }
    found = true;
    errors.push(...validate(spec[field], `${at}.${path}`, name));
    if (field === "local" && !spec.nodeAffinity) {
      errors.push(required(`${at}.nodeAffinity`, "Local volume requires node affinity"));
    }
  }
  return found ? errors : [required(at, "must specify a volume type")];
}

function validateAttributesClass({ volumeAttributesClassName: name, csi }: PersistentVolumeSpec): FieldError[] {
  if (name === undefined) return [];
  const path = "spec.volumeAttributesClassName";
  return [
    ...name === "" ? [required(path, "an empty string is disallowed")] : check(path, name, dns1123Subdomain),
    ...csi ? [] : [required("spec.csi", "has to be specified when using volumeAttributesClassName")],
  ];
}

function validateMountOptions({ metadata, spec }: PersistentVolume): FieldError[] {
  if (!Object.hasOwn(metadata.annotations ?? {}, MOUNT_OPTIONS)) return [];
  if (MOUNTED.some((field) => spec?.[field])) return [];
  return [forbidden(`metadata.annotations.${MOUNT_OPTIONS}`, "may not specify mount options for this volume type")];
}

/** Errors of a change: the source stays, and so does where it can be reached from. */
export function validatePersistentVolumeChange(volume: PersistentVolume, old: PersistentVolume): FieldError[] {
  const errors: FieldError[] = [];
  const [spec, before] = [volume.spec ?? {}, old.spec ?? {}];
  if (!equalJson(sourceOf(spec, before), sourceOf(before, before))) {
    errors.push(forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation\n"));
  }
  if (spec.volumeMode !== before.volumeMode) errors.push(immutable("volumeMode", spec.volumeMode ?? null));
  if (before.nodeAffinity && !equalJson(spec.nodeAffinity, before.nodeAffinity)) {
    const message = "field is immutable, except for updating from beta label to GA";
    errors.push(invalid("nodeAffinity", spec.nodeAffinity ?? null, message));
  }
  if (before.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined) {
    errors.push(forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden"));
  }
  return errors;
}

/** The source alone; a secret for expansion may be added to a CSI volume that had none. */
function sourceOf(spec: PersistentVolumeSpec, before: PersistentVolumeSpec) {
  const found = Object.fromEntries(SOURCES.map(({ field }) => [field, spec[field]]));
  if (spec.csi && before.csi && !before.csi.controllerExpandSecretRef) {
    found.csi = { ...spec.csi, controllerExpandSecretRef: undefined };
  }
  return found;
}
