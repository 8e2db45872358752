/** The kinds of a real server, from the discovery documents that lie beside the repository, where they do. */
import type { Kind, Verb } from "../../../cluster/memory/kinds/kind.ts";
import { typeFacts, typeNames } from "../../../cluster/memory/kinds/schema/shape.ts";

const folder = new URL("../../../../shared/openapi/", import.meta.url);

/** A recorded document, or undefined where there is none. */
// deno-lint-ignore no-explicit-any -- a document that somebody else wrote
export function recorded(name: string): any {
  try {
    return JSON.parse(Deno.readTextFileSync(new URL(name, folder)));
  } catch {
    return undefined;
  }
}

/** A document without its descriptions: those are the installed client's words, which leave some out. */
// deno-lint-ignore no-explicit-any -- a document that somebody else wrote
export function undescribed(document: any): any {
  if (Array.isArray(document)) return document.map(undescribed);
  if (document === null || typeof document !== "object") return document;
  const entries = Object.entries(document).filter(([name, value]) =>
    name !== "description" || typeof value !== "string"
  );
  // What is wrapped to stand beside a description needs no wrap without it.
  if (entries.length === 1 && entries[0][0] === "allOf") return undescribed((entries[0][1] as unknown[])[0]);
  return Object.fromEntries(entries.map(([name, value]) => [name, undescribed(value)]));
}

interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}
interface Resource {
  readonly resource: string;
  readonly singularResource: string;
  readonly scope: string;
  readonly responseKind: Gvk;
  readonly verbs: readonly Verb[];
  readonly subresources?: readonly {
    readonly subresource: string;
    readonly responseKind: Gvk;
    readonly verbs: string[];
  }[];
}

/** Every kind that a real server discovers, as far as discovery tells of it. */
export function recordedKinds(): Kind[] {
  const kinds: Kind[] = [];
  for (const root of ["api", "apis"]) {
    for (const { metadata, versions } of recorded(`discovery-${root}.json`).items) {
      for (const { version, resources } of versions) {
        for (const resource of resources as Resource[]) kinds.push(kindOf(resource, metadata.name ?? "", version));
      }
    }
  }
  return kinds;
}

/** What discovery does not tell: the kinds whose deletion answers with the object. */
const RETURN_DELETED: ReadonlySet<string> = new Set(
  ("PersistentVolumeClaim Pod PodTemplate ResourceQuota ServiceAccount Service PersistentVolume DeviceClass " +
    "ResourceClaim ResourceClaimTemplate ResourceSlice CSIDriver CSINode StorageClass VolumeAttachment " +
    "VolumeAttributesClass").split(" "),
);

function kindOf(resource: Resource, group: string, version: string): Kind {
  const { kind } = resource.responseKind;
  const type = typeNames.find((name) =>
    typeFacts(name).kinds?.some((gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind)
  );
  const subresources = (resource.subresources ?? []).map(({ subresource, responseKind, verbs }) => ({
    name: subresource,
    kind: responseKind.version === "" ? { group, version, kind: responseKind.kind } : responseKind,
    verbs,
  }));
  return {
    group,
    version,
    kind,
    plural: resource.resource,
    singular: resource.singularResource,
    namespaced: resource.scope === "Namespaced",
    type: type!,
    verbs: resource.verbs,
    strategy: { names: "subdomain", returnsDeleted: RETURN_DELETED.has(kind) },
    subresources,
  };
}
