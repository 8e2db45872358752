/** DeviceClass. Source: `pkg/registry/resource/deviceclass` and `pkg/apis/resource/validation`. */
import { type FieldError, invalid } from "../field_error.ts";
import { loadCel } from "../cel/engine.ts";
import { defineKind } from "../kind.ts";
import { metadataErrors } from "../object_meta.ts";
import { isExtendedResource } from "../resource_names.ts";
import type { DeviceClass } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { validateSelectors } from "./claim_validation.ts";
import { validateConfiguration } from "./configuration.ts";
import { validateList } from "./lists.ts";

export const deviceClass = defineKind<DeviceClass>({
  group: "resource.k8s.io",
  version: "v1",
  kind: "DeviceClass",
  plural: "deviceclasses",
  singular: "deviceclass",
  namespaced: false,
  type: "resource.v1.DeviceClass",
  load: loadCel,
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    validate,
    validateUpdate: (deviceClass) => [...validate(deviceClass), ...metadataErrors(deviceClass)],
  },
  table: tableOf("resource.v1.DeviceClass", ({ metadata }, now) => [
    metadata.name ?? "",
    age(metadata.creationTimestamp, now),
  ]),
});

function validate({ spec = {} }: DeviceClass): FieldError[] {
  const { selectors, config, extendedResourceName: name } = spec;
  return [
    ...validateSelectors(selectors, "spec.selectors"),
    ...validateList(config, 32, validateConfiguration, "spec.config"),
    ...name !== undefined && !isExtendedResource(name)
      ? [invalid("spec.extendedResourceName", name, "must be a valid extended resource name")]
      : [],
  ];
}
