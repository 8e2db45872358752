/**
 * What is said when an applied configuration changes fields that others manage.
 *
 * Source: `k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go`.
 */
import { failure, type StatusError } from "../status.ts";
import { difference, type FieldSet, forEachPath, pathText, union } from "./field_set.ts";
import type { Managed } from "./managers.ts";

/** A manager, and the fields of its that would change. */
export interface Conflict {
  readonly id: string;
  readonly managed: Managed;
  readonly fields: FieldSet;
}

/** The fields of all conflicts. */
export function conflictingFields(conflicts: readonly Conflict[]): FieldSet {
  return conflicts.map(({ fields }) => fields).reduce(union);
}

/** The conflicts without those over `allowed` fields. */
export function conflictsBeyond(conflicts: readonly Conflict[], allowed: FieldSet): Conflict[] {
  return conflicts.map((conflict) => ({ ...conflict, fields: difference(conflict.fields, allowed) }))
    .filter(({ fields }) => fields.size > 0);
}

/** The 409 of an apply: every field as a cause. */
export function applyConflict(conflicts: readonly Conflict[]): StatusError {
  const sorted = [...conflicts].sort((a, b) => a.id < b.id ? -1 : 1);
  const found = sorted.map(({ managed, fields }) => {
    const paths: string[] = [];
    forEachPath(fields, (path) => paths.push(pathText(path)));
    return { manager: described(managed), paths };
  });
  const causes = found.flatMap(({ manager, paths }) =>
    paths.map((field) => ({ reason: "FieldManagerConflict", message: `conflict with ${manager}`, field }))
  );
  const message = causes.length === 1
    ? `Apply failed with 1 conflict: conflict with ${found[0].manager}: ${found[0].paths[0]}`
    : `Apply failed with ${causes.length} conflicts: ${
      found.flatMap(({ manager, paths }) => [`conflicts with ${manager}:`, ...paths.map((path) => `- ${path}`)]).join(
        "\n",
      )
    }`;
  return failure(409, "Conflict", message, { causes });
}

/** `"kubectl-edit" using apps/v1`, `"alice"` for one who applied. */
function described({ manager, operation, apiVersion, subresource }: Managed): string {
  const name = JSON.stringify(manager) +
    (subresource === undefined || subresource === "" ? "" : ` with subresource ${JSON.stringify(subresource)}`);
  return operation === "Update" ? `${name} using ${apiVersion}` : name;
}
