/** The kinds as a real v1.36 API server lists them, from its recorded discovery documents where those are at hand. */
import assert from "node:assert/strict";
import { allKinds } from "../../cluster/memory/kinds/all.ts";
import type { Kind, Verb } from "../../cluster/memory/kinds/kind.ts";

interface Resource {
  readonly resource: string;
  readonly responseKind: { readonly kind: string };
  readonly scope: string;
  readonly singularResource: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources?: readonly Subresource[];
}

interface Subresource {
  readonly subresource: string;
  readonly verbs: readonly string[];
}

interface Discovery {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly { readonly version: string; readonly resources: readonly Resource[] }[];
  }[];
}

const FOLDER = new URL("../../../shared/openapi/", import.meta.url);
const documents = ["discovery-api.json", "discovery-apis.json"].flatMap((name) => {
  try {
    return [JSON.parse(Deno.readTextFileSync(new URL(name, FOLDER))) as Discovery];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
});

const ALL: readonly Verb[] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const BY_STATUS = ["get", "patch", "update"];

const served = new Map(
  allKinds.flatMap((kind) =>
    [kind, ...kind.otherVersions ?? []].map(({ group, version }) => [`${group}/${version}/${kind.plural}`, kind])
  ),
);

function subresources({ status, scale, subresources = [] }: Kind): readonly Subresource[] {
  return [
    ...status === undefined ? [] : [{ subresource: "status", verbs: BY_STATUS }],
    ...scale === undefined ? [] : [{ subresource: "scale", verbs: BY_STATUS }],
    ...subresources.map(({ name, verbs }) => ({ subresource: name, verbs: [...verbs].sort() })),
  ].sort((a, b) => a.subresource < b.subresource ? -1 : 1);
}

const [api, apis] = documents;
for (const { metadata, versions } of [...api?.items ?? [], ...apis?.items ?? []]) {
  for (const { version, resources } of versions) {
    Deno.test(`${metadata.name ?? "core"}/${version} has the kinds of a real server`, () => {
      const group = metadata.name ?? "";
      for (const resource of resources) {
        const kind = served.get(`${group}/${version}/${resource.resource}`);
        assert.ok(kind, `${resource.resource} is missing`);
        assert.deepEqual(
          {
            kind: kind.kind,
            singular: kind.singular,
            shortNames: kind.shortNames ?? [],
            categories: kind.categories ?? [],
            scope: kind.namespaced ? "Namespaced" : "Cluster",
            verbs: [...kind.verbs ?? ALL].sort(),
            subresources: subresources(kind),
          },
          {
            kind: resource.responseKind.kind,
            singular: resource.singularResource,
            shortNames: resource.shortNames ?? [],
            categories: resource.categories ?? [],
            scope: resource.scope,
            verbs: [...resource.verbs].sort(),
            subresources: (resource.subresources ?? []).map(({ subresource, verbs }) => ({
              subresource,
              verbs: [...verbs].sort(),
            })).sort((a, b) => a.subresource < b.subresource ? -1 : 1),
          },
        );
      }
      const own = [...served.keys()].filter((key) => key.startsWith(`${group}/${version}/`));
      assert.deepEqual(own.length, resources.length, `more kinds than a real server has: ${own}`);
    });
  }
}

Deno.test({
  name: "the recorded discovery documents are at hand",
  ignore: documents.length === 0,
  fn: () => assert.equal(documents.length, 2),
});
