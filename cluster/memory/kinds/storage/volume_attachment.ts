/** VolumeAttachment. Source: `pkg/registry/storage/volumeattachment` and `pkg/apis/storage/validation`. */
import { validateInlineVolume } from "../core/persistent_volume/inline_validation.ts";
import { validateCsiDriverName } from "../core/pod/validation/volume_sources.ts";
import { type FieldError, forbidden, invalid, required, tooLong } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { byteLength, check, dns1123Subdomain, rangeError } from "../names.ts";
import { immutable } from "../object_meta.ts";
import type { VolumeAttachment, VolumeAttachmentSource, VolumeError } from "../schema/types.ts";
import { keepMetadata } from "../status_metadata.ts";
import { age, tableOf } from "../table.ts";

/** Bytes. */
const LARGEST_METADATA = 256 * 1024;
const LONGEST_ERROR = 1024;
const ONE_SOURCE = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";

export const volumeAttachment = defineKind<VolumeAttachment>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "VolumeAttachment",
  plural: "volumeattachments",
  singular: "volumeattachment",
  namespaced: false,
  type: "storage.v1.VolumeAttachment",
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    generation: false,
    unconditionalUpdate: false,
    prepareForCreate: (attachment) => void (attachment.status = { attached: false }),
    prepareForUpdate: (attachment, old) => void (attachment.status = old.status as typeof attachment.status),
    validate,
    validateUpdate,
  },
  status: {
    prepareForUpdate(attachment, old) {
      attachment.spec = old.spec as typeof attachment.spec;
      keepMetadata<VolumeAttachment>(attachment, old);
    },
    validateUpdate,
  },
  table: tableOf("storage.v1.VolumeAttachment", ({ metadata, spec, status }, now) => [
    metadata.name ?? "",
    spec.attacher,
    spec.source.persistentVolumeName ?? "",
    spec.nodeName,
    status?.attached ?? false,
    age(metadata.creationTimestamp, now),
  ]),
});

function validate({ spec, status }: VolumeAttachment): FieldError[] {
  const errors = [
    ...validateCsiDriverName(spec.attacher ?? "", "spec.attacher"),
    ...validateSource(spec.source ?? {}),
    ...check("spec.nodeName", spec.nodeName ?? "", dns1123Subdomain),
  ];
  let size = 0;
  for (const [key, value] of Object.entries(status?.attachmentMetadata ?? {})) {
    size += byteLength(key) + byteLength(value);
  }
  if (size > LARGEST_METADATA) errors.push(tooLong("status.attachmentMetadata", LARGEST_METADATA));
  errors.push(
    ...validateError(status?.attachError, "status.attachError"),
    ...validateError(status?.detachError, "status.detachError"),
  );
  const name = spec.source?.persistentVolumeName;
  return name === undefined
    ? errors
    : [...errors, ...check("spec.source.persistentVolumeName", name, dns1123Subdomain)];
}

function validateSource(
  { inlineVolumeSpec: inline, persistentVolumeName: name }: VolumeAttachmentSource,
): FieldError[] {
  if (inline === undefined && name === undefined) return [required("spec.source", ONE_SOURCE)];
  if (inline !== undefined && name !== undefined) return [forbidden("spec.source", ONE_SOURCE)];
  if (inline !== undefined) return validateInlineVolume(inline, "spec.source.inlineVolumeSpec");
  return name === ""
    ? [required("spec.source.persistentVolumeName", "must specify non empty persistentVolumeName")]
    : [];
}

function validateError(error: VolumeError | undefined, path: string): FieldError[] {
  if (error === undefined) return [];
  const { message = "", errorCode = 0 } = error;
  return [
    // The text names the limit of the metadata: so does the server's.
    ...byteLength(message) > LONGEST_ERROR ? [tooLong(`${path}.message`, LARGEST_METADATA)] : [],
    ...errorCode < 0 ? [invalid(`${path}.errorCode`, errorCode, rangeError(0, 2147483647))] : [],
  ];
}

function validateUpdate(attachment: VolumeAttachment, old: VolumeAttachment): FieldError[] {
  const errors = validate(attachment);
  return equalJson(attachment.spec, old.spec) ? errors : [...errors, immutable("spec", attachment.spec)];
}
