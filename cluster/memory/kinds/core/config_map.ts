/** ConfigMap. Source: `pkg/apis/core/validation` and `pkg/registry/core/configmap`. */
import { type FieldError, forbidden, invalid, tooLong } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { byteLength, configMapKey } from "../names.ts";
import { metadataErrors } from "../object_meta.ts";
import type { ConfigMap } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { base64Length, LARGEST_DATA } from "./data_size.ts";

const IMMUTABLE = "field is immutable when `immutable` is set";

export const configMap = defineKind<ConfigMap>({
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  singular: "configmap",
  shortNames: ["cm"],
  namespaced: true,
  type: "core.v1.ConfigMap",
  strategy: {
    names: "subdomain",
    generation: false,
    validate,
    validateUpdate: (
      object,
      old,
    ) => [...validateImmutable(object, old), ...metadataErrors(object), ...validate(object)],
  },
  table: tableOf("core.v1.ConfigMap", ({ metadata, data = {}, binaryData = {} }, now) => [
    metadata.name ?? "",
    Object.keys(data).length + Object.keys(binaryData).length,
    age(metadata.creationTimestamp, now),
  ]),
});

function validate({ data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    errors.push(...configMapKey(key).map((message) => invalid(`data[${key}]`, key, message)));
    if (Object.hasOwn(binaryData, key)) {
      errors.push(invalid(`data[${key}]`, key, "duplicate of key present in binaryData"));
    }
    size += byteLength(value);
  }
  for (const [key, value] of Object.entries(binaryData)) {
    errors.push(...configMapKey(key).map((message) => invalid(`binaryData[${key}]`, key, message)));
    size += base64Length(value);
  }
  if (size > LARGEST_DATA) errors.push(tooLong("", LARGEST_DATA));
  return errors;
}

function validateImmutable(object: ConfigMap, old: ConfigMap): FieldError[] {
  if (!old.immutable) return [];
  return [
    ...object.immutable ? [] : [forbidden("immutable", IMMUTABLE)],
    ...(["data", "binaryData"] as const).filter((field) => !equalJson(object[field], old[field]))
      .map((field) => forbidden(field, IMMUTABLE)),
  ];
}
