/** A pod's volumes. Source: `pkg/apis/core/validation/validation.go`. */
import { child, duplicate, type FieldError, forbidden, invalid, required } from "../../../field_error.ts";
import { check, dns1123Label, dns1123Subdomain } from "../../../names.ts";
import { quantitySign } from "../../../quantity.ts";
import type { ObjectMeta, Volume } from "../../../schema/types.ts";
import type { PodOptions } from "./options.ts";
import { SOURCES } from "./volume_sources.ts";
import type { Volumes } from "./volume_mounts.ts";

/**
 * Errors of the volumes, and those that are right, which mounts may name.
 *
 * @param meta the pod's metadata, none for a template's
 */
export function validateVolumes(
  volumes: readonly Volume[] = [],
  meta: ObjectMeta | undefined,
  path: string,
  options: PodOptions,
): { readonly errors: FieldError[]; readonly right: Volumes } {
  const right = new Map<string, Volume>();
  const errors: FieldError[] = [];
  const claims = meta?.name
    ? volumes.filter(({ ephemeral }) => ephemeral).map(({ name }) => `${meta.name}-${name}`)
    : [];
  for (const [i, volume] of volumes.entries()) {
    const at = child(path, i);
    const { name = "", persistentVolumeClaim } = volume;
    const own = validateSource(volume, at, meta, options);
    if (name === "") own.push(required(child(at, "name")));
    else own.push(...check(child(at, "name"), name, dns1123Label));
    if (right.has(name)) own.push(duplicate(child(at, "name"), name));
    if (own.length === 0) right.set(name, volume);
    errors.push(...own);
    if (persistentVolumeClaim && claims.includes(persistentVolumeClaim.claimName)) {
      errors.push(invalid(
        child(at, "persistentVolumeClaim", "claimName"),
        persistentVolumeClaim.claimName,
        "must not reference a PVC that gets created for an ephemeral volume",
      ));
    }
  }
  return { errors, right };
}

function validateSource(volume: Volume, path: string, meta: ObjectMeta | undefined, options: PodOptions): FieldError[] {
  const errors: FieldError[] = [];
  let sources = 0;
  if (volume.emptyDir) {
    sources++;
    const { sizeLimit } = volume.emptyDir;
    if (sizeLimit !== undefined && quantitySign(sizeLimit) < 0) {
      const message = "SizeLimit field must be a valid resource quantity";
      errors.push(forbidden(child(path, "emptyDir", "sizeLimit"), message));
    }
  }
  for (const { field, path: name = field, surplusPath = name, validate } of SOURCES) {
    const source = volume[field];
    if (source === undefined || source === null) continue;
    const first = sources === 0;
    if (first) {
      sources++;
      errors.push(...validate(source, child(path, name), options));
    } else errors.push(forbidden(child(path, surplusPath), "may not specify more than 1 volume type"));
    if (field === "iscsi") errors.push(...longPortal(volume, path));
    if (field === "ephemeral" && first) errors.push(...claimName(volume, meta, path));
  }
  if (sources === 0) errors.push(required(path, "must specify a volume type"));
  return errors;
}

function longPortal({ name, iscsi }: Volume, path: string): FieldError[] {
  if (!iscsi?.initiatorName || `${name}:${iscsi.targetPortal}`.length <= 64) return [];
  const message =
    "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";
  return [invalid(child(path, "name"), name, message)];
}

/** The claim that is made for an ephemeral volume is named after the pod and the volume. */
function claimName({ name }: Volume, meta: ObjectMeta | undefined, path: string): FieldError[] {
  if (!meta?.name || !name) return [];
  const claim = `${meta.name}-${name}`;
  return dns1123Subdomain(claim).map((message) =>
    invalid(child(path, "name"), name, `PVC name "${claim}": ${message}`)
  );
}
