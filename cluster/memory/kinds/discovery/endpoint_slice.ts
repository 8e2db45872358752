/** EndpointSlice. Source: `pkg/registry/discovery/endpointslice` and `pkg/apis/discovery/{v1,validation}`. */
import type { FieldError } from "../field_error.ts";
import { ipWarnings } from "../ip_address.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { immutable } from "../object_meta.ts";
import type { Draft } from "../object.ts";
import type { EndpointPort, EndpointSlice } from "../schema/types.ts";
import { age, firstThree, tableOf } from "../table.ts";
import { validateEndpoints, validateSlice } from "./endpoint_slice_validation.ts";

const MANAGERS = ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"];

export const endpointSlice = defineKind<EndpointSlice>({
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  plural: "endpointslices",
  singular: "endpointslice",
  namespaced: true,
  type: "discovery.v1.EndpointSlice",
  strategy: {
    names: "subdomain",
    // It counts changes of labels too, so the kind keeps the number itself.
    generation: false,
    defaults(slice) {
      for (const port of (slice.ports ?? []) as Draft<EndpointPort>[]) {
        port.name ??= "";
        port.protocol ??= "TCP";
      }
    },
    prepareForCreate(slice) {
      slice.metadata.generation = 1;
      dropTopology(slice);
    },
    prepareForUpdate(slice, old) {
      const { metadata, ...content } = slice;
      const { metadata: before, ...oldContent } = old;
      if (!equalJson(content, oldContent) || !equalJson(metadata.labels ?? {}, before.labels ?? {})) {
        metadata.generation = (before.generation ?? 0) + 1;
      }
      if (!equalJson(slice.endpoints, old.endpoints)) dropTopology(slice);
    },
    validate: (slice) => [...validateSlice(slice), ...validateEndpoints(slice)],
    validateUpdate,
    warnings({ metadata, addressType, endpoints }, old) {
      const warnings = old === undefined && addressType === "FQDN"
        ? ["spec.addressType: FQDN endpoints are deprecated"]
        : [];
      if (MANAGERS.includes(metadata.labels?.["endpointslice.kubernetes.io/managed-by"] ?? "")) return warnings;
      return warnings.concat(
        (endpoints ?? []).flatMap(({ addresses }, i) =>
          (addresses ?? []).flatMap((address, j) => ipWarnings(`endpoints[${i}].addresses[${j}]`, address))
        ),
      );
    },
  },
  table: tableOf("discovery.v1.EndpointSlice", ({ metadata, addressType, ports, endpoints }, now) => [
    metadata.name ?? "",
    addressType ?? "",
    firstThree((ports ?? []).map((port) => String((port as EndpointPort).port ?? port.name ?? "*")), "<unset>"),
    firstThree((endpoints ?? []).flatMap(({ addresses }) => addresses ?? []), "<unset>"),
    age(metadata.creationTimestamp, now),
  ]),
});

/** v1 keeps zone and node in fields of their own; the map of old is not stored. */
function dropTopology(slice: Draft<EndpointSlice>) {
  for (const endpoint of slice.endpoints ?? []) delete endpoint.deprecatedTopology;
}

function validateUpdate(slice: EndpointSlice, old: EndpointSlice): FieldError[] {
  return [
    ...validateSlice(slice),
    ...equalJson(slice.endpoints, old.endpoints) ? [] : validateEndpoints(slice),
    ...slice.addressType === old.addressType ? [] : [immutable("addressType", slice.addressType)],
  ];
}
