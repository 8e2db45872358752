/**
 * Discovery one document at a time: the groups, a group, a version's resources.
 *
 * Source: `apiserver/pkg/endpoints/discovery`, `kube-aggregator/pkg/apiserver/handler_apis.go`.
 */
import { apiVersionOf, type Kind } from "../../kinds/kind.ts";
import type { DiscoveredGroup, DiscoveredVersion } from "./groups.ts";
import { storageVersionHash, subresourcesOf, verbsOf } from "./resources.ts";

/** `/api` @param serverAddress where clients of any network reach the server, "127.0.0.1:6443" */
export function apiVersionsDocument(serverAddress: string): object {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
}

/** `/apis` */
export function groupListDocument(groups: readonly DiscoveredGroup[]): object {
  return { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(groupBody) };
}

/** `/apis/apps` */
export function groupDocument(group: DiscoveredGroup): object {
  return { kind: "APIGroup", apiVersion: "v1", ...groupBody(group) };
}

function groupBody({ name, versions }: DiscoveredGroup): object {
  const named = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: named, preferredVersion: named[0] };
}

/** `/api/v1` or `/apis/apps/v1` */
export function resourceListDocument(group: string, version: DiscoveredVersion): object {
  return {
    kind: "APIResourceList",
    // The core group's document is older than the field.
    ...group === "" ? {} : { apiVersion: "v1" },
    groupVersion: apiVersionOf({ group, version: version.version }),
    resources: version.kinds.flatMap((kind) => resources(kind, group, version.version)),
  };
}

function resources(kind: Kind, group: string, version: string): object[] {
  const { plural, singular, namespaced, shortNames, categories } = kind;
  const hash = storageVersionHash(kind);
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind: kind.kind,
      verbs: verbsOf(kind),
      ...shortNames?.length ? { shortNames } : {},
      ...categories?.length ? { categories } : {},
      ...hash === undefined ? {} : { storageVersionHash: hash },
    },
    ...subresourcesOf(kind, group, version).map((subresource) => {
      const same = subresource.kind.group === group && subresource.kind.version === version;
      return {
        name: `${plural}/${subresource.name}`,
        singularName: "",
        namespaced,
        ...same ? {} : { group: subresource.kind.group, version: subresource.kind.version },
        kind: subresource.kind.kind,
        verbs: subresource.verbs,
      };
    }),
  ];
}
