/** IPAddress: an address of a service that is taken. Source: `pkg/registry/networking/ipaddress`. */
import { type FieldError, required } from "../field_error.ts";
import { validateCanonicalIp } from "../ip_address.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { check, dns1123Subdomain, pathSegmentName } from "../names.ts";
import { immutable } from "../object_meta.ts";
import type { IPAddress } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";

export const ipAddress = defineKind<IPAddress>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "IPAddress",
  plural: "ipaddresses",
  singular: "ipaddress",
  shortNames: ["ip"],
  namespaced: false,
  type: "networking.v1.IPAddress",
  strategy: {
    // The name is the address, in its canonical spelling.
    names: (name) => validateCanonicalIp("", name).map(({ message }) => message.slice(message.indexOf("must "))),
    generation: false,
    validate,
    validateUpdate: (address, old) => [
      ...validate(address),
      ...equalJson(address.spec?.parentRef, old.spec?.parentRef)
        ? []
        : [immutable("spec.parentRef", inGo(address.spec?.parentRef))],
    ],
  },
  table: tableOf("networking.v1.IPAddress", ({ metadata, spec }, now) => [
    metadata.name ?? "",
    parent(spec?.parentRef),
    age(metadata.creationTimestamp, now),
  ]),
});

type Parent = NonNullable<IPAddress["spec"]>["parentRef"] | null | undefined;

function parent(reference: Parent): string {
  if (!reference) return "<none>";
  const { group, resource = "", namespace, name = "" } = reference;
  const what = (group ? `${resource}.${group}` : resource).toLowerCase();
  return [what, ...namespace ? [namespace] : [], name].join("/");
}

/** The reference as Go prints its own type. */
const inGo = (reference: Parent) =>
  !reference ? null : {
    Group: reference.group ?? "",
    Resource: reference.resource ?? "",
    Namespace: reference.namespace ?? "",
    Name: reference.name ?? "",
  };

function validate({ spec }: IPAddress): FieldError[] {
  const path = "spec.parentRef";
  if (!spec?.parentRef) return [required(path)];
  const { group = "", resource = "", name = "", namespace = "" } = spec.parentRef;
  return [
    ...group === "" ? [] : check(`${path}.group`, group, dns1123Subdomain),
    ...resource === "" ? [required(`${path}.resource`)] : check(`${path}.resource`, resource, pathSegmentName),
    ...name === "" ? [required(`${path}.name`)] : check(`${path}.name`, name, pathSegmentName),
    ...namespace === "" ? [] : check(`${path}.namespace`, namespace, pathSegmentName),
  ];
}
