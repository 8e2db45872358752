/** A volume of several sources. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, forbidden, invalid, required } from "../../../field_error.ts";
import type { ProjectedVolumeSource, ServiceAccountTokenProjection, VolumeProjection } from "../../../schema/types.ts";
import { validateDownwardFile } from "./downward_api.ts";
import { validateKeyToPath } from "./key_to_path.ts";
import type { PodOptions } from "./options.ts";
import { fileMode, validateTokenPath } from "./paths.ts";

export function validateProjected(projected: ProjectedVolumeSource, path: string, options: PodOptions): FieldError[] {
  const used = new Set<string>();
  return [
    ...fileMode(projected.defaultMode, child(path, "defaultMode")),
    ...(projected.sources ?? []).flatMap((source, i) =>
      validateSource(source, child(path, "sources", i), path, used, options)
    ),
  ];
}

function validateSource(
  source: VolumeProjection,
  at: string,
  path: string,
  used: Set<string>,
  options: PodOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  /** Two files cannot have one path; the error names what the file comes from. */
  const place = (file: string, name: string) => {
    if (file === "") return;
    if (used.has(file)) errors.push(invalid(path, name, "conflicting duplicate paths"));
    used.add(file);
  };
  let sources = 0;
  for (const field of ["secret", "configMap"] as const) {
    const projection = source[field];
    if (!projection) continue;
    sources++;
    const { name = "", items = [] } = projection;
    if (name === "") errors.push(required(child(at, field, "name")));
    for (const [i, item] of items.entries()) {
      errors.push(...validateKeyToPath(item, child(at, field, "items", i)));
      place(item.path ?? "", name);
    }
  }
  if (source.downwardAPI) {
    sources++;
    for (const file of source.downwardAPI.items ?? []) {
      errors.push(...validateDownwardFile(file, child(at, "downwardAPI")));
      place(file.path ?? "", file.path ?? "");
    }
  }
  if (source.serviceAccountToken) {
    sources++;
    errors.push(...validateToken(source.serviceAccountToken, child(at, "serviceAccountToken"), path, options));
  }
  if (sources > 1) errors.push(forbidden(at, "may not specify more than 1 volume type per source"));
  return errors;
}

function validateToken(
  { expirationSeconds = 0, path: file = "" }: ServiceAccountTokenProjection,
  at: string,
  path: string,
  { anyTokenPath }: PodOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const field = child(at, "expirationSeconds");
  if (expirationSeconds < 600) {
    errors.push(invalid(field, expirationSeconds, "may not specify a duration less than 10 minutes"));
  }
  if (expirationSeconds > 2 ** 32) {
    errors.push(invalid(field, expirationSeconds, "may not specify a duration larger than 2^32 seconds"));
  }
  if (file === "") errors.push(required(child(path, "path")));
  else if (!anyTokenPath) errors.push(...validateTokenPath(file, child(path, "path")));
  return errors;
}
