/** VolumeAttributesClass. Source: `pkg/registry/storage/volumeattributesclass` and `pkg/apis/storage/validation`. */
import { type FieldError, forbidden } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { metadataErrors } from "../object_meta.ts";
import type { VolumeAttributesClass } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { validateParameters, validateProvisioner } from "./parameters.ts";

export const volumeAttributesClass = defineKind<VolumeAttributesClass>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "VolumeAttributesClass",
  plural: "volumeattributesclasses",
  singular: "volumeattributesclass",
  shortNames: ["vac"],
  namespaced: false,
  type: "storage.v1.VolumeAttributesClass",
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    generation: false,
    validate,
    validateUpdate: (object, old) => [
      ...object.driverName === old.driverName ? [] : [forbidden("driverName", "updates to driverName are forbidden.")],
      ...equalJson(object.parameters ?? {}, old.parameters ?? {})
        ? []
        : [forbidden("parameters", "updates to parameters are forbidden.")],
      ...metadataErrors(object),
      ...validate(object),
    ],
  },
  table: tableOf("storage.v1.VolumeAttributesClass", ({ metadata, driverName }, now) => [
    metadata.name ?? "",
    driverName,
    age(metadata.creationTimestamp, now),
  ]),
});

function validate({ driverName = "", parameters }: VolumeAttributesClass): FieldError[] {
  return [...validateProvisioner(driverName, "driverName"), ...validateParameters(parameters, false)];
}
