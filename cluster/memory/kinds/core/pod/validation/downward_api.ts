/** Files that tell a container about its pod. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, invalid, required } from "../../../field_error.ts";
import type { DownwardAPIVolumeFile } from "../../../schema/types.ts";
import { validateFieldRef, validateResourceFieldRef } from "./env.ts";
import { fileMode, filePath } from "./paths.ts";

const VOLUME_FIELDS = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

/** Errors of the files; their paths lack the files' indices, as Kubernetes' do. */
export const validateDownwardFiles = (files: readonly DownwardAPIVolumeFile[] = [], path: string): FieldError[] =>
  files.flatMap((file) => validateDownwardFile(file, path));

export function validateDownwardFile(file: DownwardAPIVolumeFile, path: string): FieldError[] {
  const errors: FieldError[] = file.path ? [] : [required(child(path, "path"))];
  errors.push(...filePath(file.path ?? "", child(path, "path")));
  if (file.fieldRef) {
    errors.push(...validateFieldRef(file.fieldRef, VOLUME_FIELDS, child(path, "fieldRef")));
    if (file.resourceFieldRef) {
      errors.push(invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
    }
  } else if (file.resourceFieldRef) {
    errors.push(...validateResourceFieldRef(file.resourceFieldRef, child(path, "resourceFieldRef"), true));
  } else errors.push(required(path, "one of fieldRef and resourceFieldRef is required"));
  return [...errors, ...fileMode(file.mode, child(path, "mode"))];
}
