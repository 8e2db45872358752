/** Which keys of a ConfigMap or Secret become which files. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError } from "../../../field_error.ts";
import type { KeyToPath } from "../../../schema/types.ts";
import { fileMode, filePath } from "./paths.ts";
import { need } from "./storage_systems.ts";

export const validateItems = (items: readonly KeyToPath[] = [], path: string) =>
  items.flatMap((item, i) => validateKeyToPath(item, child(path, "items", i)));

/** A key's place in a volume of a ConfigMap or Secret. */
export function validateKeyToPath(item: KeyToPath, path: string): FieldError[] {
  return [
    ...need(item, path, "key", "path"),
    ...filePath(item.path ?? "", child(path, "path")),
    ...fileMode(item.mode, child(path, "mode")),
  ];
}
