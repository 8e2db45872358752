/** ResourceSlice: the devices that a driver has on a node. Source: `pkg/registry/resource/resourceslice`. */
import { defineKind } from "../kind.ts";
import { immutable } from "../object_meta.ts";
import type { ResourceSlice } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { validateSlice } from "./slice_validation.ts";

export const resourceSlice = defineKind<ResourceSlice>({
  group: "resource.k8s.io",
  version: "v1",
  kind: "ResourceSlice",
  plural: "resourceslices",
  singular: "resourceslice",
  namespaced: false,
  type: "resource.v1.ResourceSlice",
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    prepareForCreate({ metadata, spec }) {
      for (const { taints = [] } of spec?.devices ?? []) {
        for (const taint of taints) if (metadata.creationTimestamp) taint.timeAdded ??= metadata.creationTimestamp;
      }
    },
    validate: ({ spec }) => validateSlice(spec),
    validateUpdate: ({ spec }, { spec: old }) => [
      ...spec.pool?.name === old.pool?.name ? [] : [immutable("spec.pool.name", spec.pool?.name ?? "")],
      ...(["driver", "nodeName"] as const).filter((field) => spec[field] !== old[field])
        .map((field) => immutable(`spec.${field}`, spec[field] ?? null)),
      ...validateSlice(spec),
    ],
    warnings: ({ spec: { driver } }) =>
      driver === driver.toLowerCase()
        ? []
        : [`spec.driver: driver names should be lowercase; ${JSON.stringify(driver)} contains uppercase characters`],
  },
  table: tableOf("resource.v1.ResourceSlice", ({ metadata, spec }, now) => [
    metadata.name ?? "",
    spec.nodeName ?? "",
    spec.driver,
    spec.pool?.name ?? "",
    age(metadata.creationTimestamp, now),
  ]),
  selectableFields: ({ spec }) => ({ "spec.nodeName": spec?.nodeName ?? "", "spec.driver": spec?.driver ?? "" }),
  unknownField: (field) => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
});
