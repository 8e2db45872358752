/** Errors of a PersistentVolumeClaim. Source: `pkg/apis/core/validation/validation.go`. */
import { type FieldError, forbidden } from "../../field_error.ts";
import { internalJson } from "../../go/internal_json.ts";
import { diffJson } from "../../go/unified_diff.ts";
import { equalJson } from "../../json.ts";
import { validateLabelSelector } from "../../label_selector.ts";
import { dns1123Subdomain } from "../../names.ts";
import { immutable } from "../../object_meta.ts";
import { compareQuantities } from "../../quantity.ts";
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from "../../schema/types.ts";
import { validateClaimSpec } from "../claim_spec.ts";
import { CLASS_ANNOTATION } from "../storage_class_name.ts";

/** @param old the state before, for an update: what was wrong there may stay */
export function validateClaim(
  { spec = { resources: {} } }: PersistentVolumeClaim,
  old?: PersistentVolumeClaim,
): FieldError[] {
  return validateClaimSpec(spec, "spec", {
    anySelectorValue: validateLabelSelector(old?.spec?.selector, "").length > 0,
    // A reference without a group has `null` there.
    anyDataSourceGroup: [old?.spec?.dataSource?.apiGroup, old?.spec?.dataSourceRef?.apiGroup]
      .some((group) => typeof group === "string" && dns1123Subdomain(group).length > 0),
  });
}

/** Errors of a change: a claim can grow, and little else. */
export function validateClaimChange(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  const [spec, before] = [claim.spec, old.spec].map((spec) => spec ?? { resources: {} });
  const upgraded = isUpgradeFromAnnotation(claim, old);
  if (!upgraded) {
    const [now, was] = [claim, old].map(({ metadata }) => metadata.annotations?.[CLASS_ANNOTATION] ?? "");
    if (now !== was) errors.push(immutable(`metadata.annotations[${CLASS_ANNOTATION}]`, now));
  }
  if (!equalJson(comparable(claim, old, upgraded), before)) {
    const inGo = (spec: PersistentVolumeClaimSpec) => internalJson("PersistentVolumeClaimSpec", spec);
    const difference = diffJson(inGo(before), inGo(comparable(claim, old, upgraded)));
    const message =
      `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${difference}`;
    errors.push(forbidden("spec", message));
  }
  const [size, oldSize, actual] = [
    spec.resources?.requests?.storage ?? "0",
    before.resources?.requests?.storage ?? "0",
    old.status?.capacity?.storage ?? "0",
  ];
  if (compareQuantities(size, oldSize) < 0 && compareQuantities(size, actual) <= 0) {
    errors.push(forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"));
  }
  if (spec.volumeMode !== before.volumeMode) errors.push(immutable("volumeMode", spec.volumeMode ?? null));
  const name = spec.volumeAttributesClassName;
  if (
    name !== before.volumeAttributesClassName && old.status?.currentVolumeAttributesClassName !== undefined && !name
  ) {
    const what = name === undefined ? "nil" : "empty string";
    const message = `update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`;
    errors.push(forbidden("spec.volumeAttributesClassName", message));
  }
  return errors;
}

/** The class moves from the annotation of old to its field. */
function isUpgradeFromAnnotation(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const was = old.metadata.annotations?.[CLASS_ANNOTATION];
  const now = claim.metadata.annotations?.[CLASS_ANNOTATION];
  return was !== undefined && old.spec?.storageClassName === undefined && claim.spec?.storageClassName === was &&
    (now === undefined || now === was);
}

/** The new spec with all that may change put back to what it was. */
function comparable(claim: PersistentVolumeClaim, old: PersistentVolumeClaim, upgraded: boolean) {
  const before = old.spec ?? {};
  const spec: Record<string, unknown> & PersistentVolumeClaimSpec = { ...claim.spec };
  if (!before.volumeName) Object.assign(spec, { volumeName: before.volumeName });
  const annotation = old.metadata.annotations?.[CLASS_ANNOTATION];
  const fromNothing = before.storageClassName === undefined &&
    (annotation === undefined || spec.storageClassName === annotation);
  if (upgraded || fromNothing) Object.assign(spec, { storageClassName: before.storageClassName });
  if (claim.status?.phase === "Bound") {
    Object.assign(spec, { volumeAttributesClassName: before.volumeAttributesClassName });
    if (spec.resources?.requests) {
      const requests = { ...spec.resources.requests, storage: before.resources?.requests?.storage };
      Object.assign(spec, { resources: { ...spec.resources, requests } });
    }
  }
  return spec;
}
