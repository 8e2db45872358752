/**
 * ControllerRevisions keep what a DaemonSet's or StatefulSet's template was.
 *
 * Source: `pkg/apis/apps/validation/validation.go`, `pkg/printers/internalversion/printers.go`.
 */
import { type FieldError, invalid, required } from "../field_error.ts";
import { equalJson, isObject } from "../json.ts";
import { defineKind } from "../kind.ts";
import { FIELD_IS_IMMUTABLE } from "../object_meta.ts";
import type { ControllerRevision } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { nonNegative } from "./workload.ts";

export const controllerRevision = defineKind<ControllerRevision>({
  group: "apps",
  version: "v1",
  kind: "ControllerRevision",
  plural: "controllerrevisions",
  singular: "controllerrevision",
  namespaced: true,
  type: "apps.v1.ControllerRevision",
  strategy: {
    names: "subdomain",
    generation: false,
    validate: ({ revision, data }) => [...nonNegative(revision, "revision"), ...validateData(data)],
    validateUpdate: ({ revision, data }, old) => [
      ...nonNegative(revision, "revision"),
      ...equalJson(data ?? null, old.data ?? null) ? [] : [invalid("data", data ?? null, FIELD_IS_IMMUTABLE)],
    ],
  },
  table: tableOf<ControllerRevision>("apps.v1.ControllerRevision", ({ metadata, revision }, now) => [
    metadata.name ?? "",
    controllerOf(metadata.ownerReferences),
    revision ?? 0,
    age(metadata.creationTimestamp, now),
  ]),
});

function validateData(data: unknown): FieldError[] {
  if (data === undefined || data === null) return [required("data", "data is mandatory")];
  return isObject(data) ? [] : [required("data", "data must be a valid JSON object")];
}

/** "daemonset.apps/web" */
function controllerOf(references: ControllerRevision["metadata"]["ownerReferences"]): string {
  const owner = references?.find(({ controller }) => controller);
  if (owner === undefined) return "<none>";
  const group = owner.apiVersion.includes("/") ? `.${owner.apiVersion.split("/")[0]}` : "";
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}
