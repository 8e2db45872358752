/** Endpoints. Source: `pkg/registry/core/endpoint` and `pkg/apis/core/{v1,validation}`. */
import { validateEndpointIp } from "../endpoint_address.ts";
import { child, type FieldError, invalid, notSupported, required } from "../field_error.ts";
import { ipWarnings, validateIp } from "../ip_address.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { check, dns1123Label, dns1123Subdomain, portNumber, qualifiedName } from "../names.ts";
import type { EndpointAddress, Endpoints, EndpointSubset } from "../schema/types.ts";
import { age, firstThree, tableOf } from "../table.ts";

type Port = NonNullable<EndpointSubset["ports"]>[number];

export const endpoints = defineKind<Endpoints>({
  group: "",
  version: "v1",
  kind: "Endpoints",
  plural: "endpoints",
  singular: "endpoints",
  shortNames: ["ep"],
  namespaced: true,
  type: "core.v1.Endpoints",
  deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  strategy: {
    names: "subdomain",
    generation: false,
    createOnUpdate: true,
    defaults(endpoints) {
      for (const subset of endpoints.subsets ?? []) for (const port of subset.ports ?? []) port.protocol ||= "TCP";
    },
    validate,
    // What was stored before the rules were strict may stay as long as nobody touches it.
    validateUpdate: (endpoints, old) => equalJson(endpoints.subsets, old.subsets) ? [] : validate(endpoints),
    warnings,
  },
  table: tableOf("core.v1.Endpoints", ({ metadata, subsets = [] }, now) => [
    metadata.name ?? "",
    firstThree(subsets.flatMap(addressTexts), "<none>"),
    age(metadata.creationTimestamp, now),
  ]),
});

function validate({ subsets = [] }: Endpoints): FieldError[] {
  return subsets.flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }, i) => {
    const path = `subsets[${i}]`;
    return [
      ...addresses.length + notReadyAddresses.length > 0
        ? []
        : [required(path, "must specify `addresses` or `notReadyAddresses`")],
      ...addresses.flatMap((address, j) => validateAddress(address, child(path, "addresses", j))),
      ...notReadyAddresses.flatMap((address, j) => validateAddress(address, child(path, "notReadyAddresses", j))),
      ...ports.flatMap((port, j) => validatePort(port, ports.length > 1, child(path, "ports", j))),
    ];
  });
}

function validateAddress({ ip = "", hostname, nodeName }: EndpointAddress, path: string): FieldError[] {
  return [
    ...validateIp(`${path}.ip`, ip),
    ...hostname ? check(`${path}.hostname`, hostname, dns1123Label) : [],
    ...nodeName === undefined ? [] : check(`${path}.nodeName`, nodeName, dns1123Subdomain),
    ...validateEndpointIp(`${path}.ip`, ip),
  ];
}

function validatePort({ name, port = 0, protocol, appProtocol }: Port, named: boolean, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (name) errors.push(...check(`${path}.name`, name, dns1123Label));
  else if (named) errors.push(required(`${path}.name`));
  errors.push(...portNumber(port).map((message) => invalid(`${path}.port`, port, message)));
  if (!protocol) errors.push(required(`${path}.protocol`));
  else if (!["SCTP", "TCP", "UDP"].includes(protocol)) {
    errors.push(notSupported(`${path}.protocol`, protocol, ["SCTP", "TCP", "UDP"]));
  }
  if (appProtocol !== undefined) errors.push(...check(`${path}.appProtocol`, appProtocol, qualifiedName));
  return errors;
}

function warnings({ metadata, subsets = [] }: Endpoints): string[] {
  if (metadata.labels?.["endpoints.kubernetes.io/managed-by"] === "endpoint-controller") return [];
  return subsets.flatMap((subset, i) =>
    (["addresses", "notReadyAddresses"] as const).flatMap((field) =>
      (subset[field] ?? []).flatMap(({ ip = "" }, j) => ipWarnings(`subsets[${i}].${field}[${j}].ip`, ip))
    )
  );
}

/** "10.0.0.1:80" for every address and port; the address alone without ports. */
function addressTexts({ addresses = [], ports = [] }: EndpointSubset): string[] {
  if (ports.length === 0) return addresses.map(({ ip }) => ip);
  return ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip.includes(":") ? `[${ip}]` : ip}:${port}`));
}
