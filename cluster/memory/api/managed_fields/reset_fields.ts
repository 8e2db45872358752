/**
 * Which fields a write cannot change: nobody comes to own the status by writing the object, or the spec by writing the
 * status.
 *
 * Source: `GetResetFields` of the strategies in `k8s.io/kubernetes/pkg/registry` and apiextensions-apiserver.
 */
import { type FieldNode, type FieldSet, fieldSet, recursiveDifference } from "./field_set.ts";

/** Takes the fields that a write cannot change out of a set. */
export type ResetFilter = (fields: FieldSet) => FieldSet;

const SPEC = ["spec"];
const METADATA = ["metadata"];
const STATUS = ["status"];

/** What a write to a subresource leaves alone; "" is the object itself. Kinds without a rule have those of `OTHERS`. */
const RULES: Readonly<Record<string, Readonly<Record<string, readonly (readonly string[])[]>>>> = {
  "apps/deployments": { status: [SPEC, ["metadata", "labels"]] },
  "pods": { status: [SPEC, ["metadata", "deletionTimestamp"], ["metadata", "ownerReferences"]] },
  "namespaces": { finalize: [STATUS] },
  "certificates.k8s.io/certificatesigningrequests": {
    "": [SPEC, STATUS],
    status: [SPEC, ["status", "conditions"]],
    approval: [SPEC, ["status", "certificate"]],
  },
  "networking.k8s.io/servicecidrs": { status: [METADATA, SPEC] },
  "resource.k8s.io/resourceclaims": { status: [METADATA, SPEC] },
  "resource.k8s.io/devicetaintrules": { status: [METADATA, SPEC] },
  "storage.k8s.io/volumeattachments": { status: [METADATA, SPEC] },
  "flowcontrol.apiserver.k8s.io/flowschemas": { status: [METADATA, SPEC] },
  "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations": { status: [METADATA, SPEC] },
  "admissionregistration.k8s.io/validatingadmissionpolicies": { status: [METADATA, SPEC] },
};

const OTHERS = { "": [STATUS], status: [SPEC] };
const CUSTOM = { "": [STATUS], status: [METADATA, SPEC] };

/** What a write to a pod's subresource changes at all; "*" is any item. */
const POD_CHANGES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ephemeralcontainers: [["f:spec", "f:ephemeralContainers"]],
  resize: ["containers", "initContainers"].flatMap((list) => [
    ["f:spec", `f:${list}`, "*", "f:resources"],
    ["f:spec", `f:${list}`, "*", "f:resizePolicy"],
  ]),
};

const filters = new Map<string, ResetFilter>();

/**
 * @param resource "apps/deployments", "pods": see `bucketOf`
 * @param subresource "" for the object itself
 * @param custom said of custom resources: whether status is a subresource
 */
export function resetFields(
  resource: string,
  subresource = "",
  custom?: { readonly hasStatus: boolean },
): ResetFilter {
  const id = `${custom?.hasStatus}:${resource}/${subresource}`;
  let filter = filters.get(id);
  if (filter === undefined) filters.set(id, filter = filterOf(resource, subresource, custom));
  return filter;
}

function filterOf(resource: string, subresource: string, custom?: { readonly hasStatus: boolean }): ResetFilter {
  const only = resource === "pods" ? POD_CHANGES[subresource] : undefined;
  if (only !== undefined) return (fields) => matching(fields, only);
  if (custom?.hasStatus === false) return (fields) => fields;
  const others: Readonly<Record<string, readonly (readonly string[])[]>> = custom === undefined ? OTHERS : CUSTOM;
  const never = RULES[resource]?.[subresource] ?? others[subresource];
  if (never === undefined) return (fields) => fields;
  const set = fieldSet(...never.map((path) => path.map((name) => `f:${name}`)));
  return (fields) => recursiveDifference(fields, set);
}

/** The fields at or below one of the patterns, and the members on the way there. */
function matching(fields: FieldSet, patterns: readonly (readonly string[])[]): FieldSet {
  if (patterns.some((pattern) => pattern.length === 0)) return fields;
  const result = new Map<string, FieldNode>();
  for (const [element, { member, children }] of fields) {
    const rest = patterns.filter(([first]) => first === "*" || first === element).map((pattern) => pattern.slice(1));
    if (rest.length === 0) continue;
    const inner = matching(children, rest);
    if (member || inner.size > 0) result.set(element, { member, children: inner });
  }
  return result;
}
