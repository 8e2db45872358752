/**
 * Aggregated discovery: everything that is served, in two documents.
 *
 * Source: `k8s.io/api/apidiscovery/v2`, `apiserver/pkg/endpoints/discovery/aggregated`.
 */
import type { Kind } from "../../kinds/kind.ts";
import type { DiscoveredGroup, DiscoveredVersion } from "./groups.ts";
import { type GroupVersionKind, isCustom, subresourcesOf, verbsOf } from "./resources.ts";

export type AggregatedVersion = "v2" | "v2beta1";

/** The document of `/apis` (all groups but the core group) or of `/api` (the core group alone). */
export function aggregatedDocument(groups: readonly DiscoveredGroup[], version: AggregatedVersion): object {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: group.name === "" ? {} : { name: group.name },
      versions: group.versions.map((version) => ({
        version: version.version,
        resources: version.kinds.map((kind) => resource(kind, group.name, version)),
        freshness: "Current",
      })),
    })),
  };
}

function resource(kind: Kind, group: string, { version }: DiscoveredVersion): object {
  const subresources = subresourcesOf(kind, group, version);
  const named = (other: GroupVersionKind) => responseKind(kind, other, group, version);
  return {
    resource: kind.plural,
    responseKind: named({ group, version, kind: kind.kind }),
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...kind.shortNames?.length ? { shortNames: kind.shortNames } : {},
    ...kind.categories?.length ? { categories: kind.categories } : {},
    ...subresources.length > 0
      ? {
        subresources: subresources.map((subresource) => ({
          subresource: subresource.name,
          responseKind: named(subresource.kind),
          verbs: subresource.verbs,
        })),
      }
      : {},
  };
}

/** Built-in kinds leave out the group and version under which they stand; custom resources name theirs. */
function responseKind(kind: Kind, answered: GroupVersionKind, group: string, version: string): GroupVersionKind {
  const same = answered.group === group && answered.version === version;
  return same && !isCustom(kind) ? { group: "", version: "", kind: answered.kind } : answered;
}
