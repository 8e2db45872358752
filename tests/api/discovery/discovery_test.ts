import assert from "node:assert/strict";
import { compareVersions, discovery, discoveryForm } from "../../../cluster/memory/api/discovery/mod.ts";
import { allKinds } from "../../../cluster/memory/kinds/all.ts";
import type { Kind } from "../../../cluster/memory/kinds/kind.ts";
import { shapeOf } from "../../../cluster/memory/kinds/schema/shape.ts";

const strategy = { names: "subdomain" } as const;
const deployment: Kind = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  singular: "deployment",
  shortNames: ["deploy"],
  categories: ["all"],
  namespaced: true,
  type: "apps.v1.Deployment",
  strategy,
  status: {},
  scale: {
    replicas: () => 0,
    withReplicas: () => {},
    currentReplicas: () => 0,
    selector: () => "",
  },
};
const namespace: Kind = {
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  singular: "namespace",
  namespaced: false,
  type: "core.v1.Namespace",
  verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
  strategy,
  status: {},
  subresources: [{ name: "finalize", kind: { group: "", version: "v1", kind: "Namespace" }, verbs: ["update"] }],
};
const widget: Kind = {
  ...deployment,
  group: "example.com",
  kind: "Widget",
  plural: "widgets",
  singular: "widget",
  shortNames: [],
  categories: undefined,
  shape: { ...shapeOf("apps.v1.Deployment"), name: "" },
  otherVersions: [
    { group: "example.com", version: "v1beta1", type: "", toStored: (o) => o, fromStored: (o) => o },
    { group: "example.com", version: "v2", type: "", toStored: (o) => o, fromStored: (o) => o },
  ],
};

const served = discovery([widget, deployment, namespace], { serverAddress: "127.0.0.1:6443" });
const aggregatedForm = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const read = (path: string, accept = "application/json") => JSON.parse(served.at(path, accept)?.body ?? "null");

Deno.test("discovery: the aggregated document of the groups", () => {
  const document = served.at("/apis", `${aggregatedForm},application/json`)!;
  assert.equal(document.contentType, aggregatedForm);
  assert.match(document.etag!, /^"[0-9A-F]{128}"$/);
  const { items } = JSON.parse(document.body);
  assert.deepEqual(items.map((item: { metadata: object }) => item.metadata), [{ name: "apps" }, {
    name: "example.com",
  }]);
  assert.deepEqual(items[0].versions[0].resources[0], {
    resource: "deployments",
    responseKind: { group: "", version: "", kind: "Deployment" },
    scope: "Namespaced",
    singularResource: "deployment",
    verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    shortNames: ["deploy"],
    categories: ["all"],
    subresources: [
      {
        subresource: "scale",
        responseKind: { group: "autoscaling", version: "v1", kind: "Scale" },
        verbs: ["get", "patch", "update"],
      },
      {
        subresource: "status",
        responseKind: { group: "", version: "", kind: "Deployment" },
        verbs: ["get", "patch", "update"],
      },
    ],
  });
  assert.deepEqual(items[1].versions.map((item: { version: string }) => item.version), ["v2", "v1", "v1beta1"]);
  assert.deepEqual(items[1].versions[1].resources[0].responseKind, {
    group: "example.com",
    version: "v1",
    kind: "Widget",
  });
});

Deno.test("discovery: one document at a time", () => {
  assert.deepEqual(read("/api").versions, ["v1"]);
  assert.deepEqual(read("/apis").groups.map((group: { name: string }) => group.name), ["apps", "example.com"]);
  assert.deepEqual(read("/apis/example.com").preferredVersion, { groupVersion: "example.com/v2", version: "v2" });
  const { resources, apiVersion, groupVersion } = read("/api/v1/");
  assert.deepEqual({ apiVersion, groupVersion }, { apiVersion: undefined, groupVersion: "v1" });
  assert.deepEqual(resources.slice(1), [
    { name: "namespaces/finalize", singularName: "", namespaced: false, kind: "Namespace", verbs: ["update"] },
    {
      name: "namespaces/status",
      singularName: "",
      namespaced: false,
      kind: "Namespace",
      verbs: ["get", "patch", "update"],
    },
  ]);
  assert.match(resources[0].storageVersionHash, /^[A-Za-z0-9+/]{11}=$/);
  for (const path of ["/apis/none", "/apis/apps/v9", "/api/v2", "/apis/apps/v1/x", "/other"]) {
    assert.equal(served.at(path, "application/json"), undefined);
  }
});

Deno.test("discovery: the form is the first that the client can read and the server can write", () => {
  const v2beta1 = aggregatedForm.replace("v=v2", "v=v2beta1");
  assert.equal(discoveryForm(`${aggregatedForm},${v2beta1},application/json`), "v2");
  assert.equal(discoveryForm(`${v2beta1}, application/json`), "v2beta1");
  assert.equal(discoveryForm("application/json;as=Table;g=meta.k8s.io;v=v1, application/json"), "legacy");
  assert.equal(discoveryForm(""), "legacy");
});

Deno.test("discovery: versions by maturity, then by number", () => {
  const versions = ["v1beta1", "v10", "foo", "v1", "v2", "v2alpha1", "v11alpha2", "v1beta3"];
  assert.deepEqual(versions.sort(compareVersions), [
    "foo",
    "v2alpha1",
    "v11alpha2",
    "v1beta1",
    "v1beta3",
    "v1",
    "v2",
    "v10",
  ]);
});

/** What a real v1.36 answered, where it lies beside the repository. */
const recorded = new URL("../../../../shared/openapi/", import.meta.url);
const readRecorded = (name: string) => {
  try {
    return JSON.parse(Deno.readTextFileSync(new URL(name, recorded)));
  } catch {
    return undefined;
  }
};

interface Resources {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources: readonly { readonly resource: string }[];
    }[];
  }[];
}

/** Every resource with the place where it stands, in order: a kind that is missing hides no difference of another. */
const flat = ({ items }: Resources) =>
  items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources }) =>
      resources.map((resource) => ({ place: `${metadata.name ?? ""}/${version}/${resource.resource}`, resource }))
    )
  );

Deno.test({
  name: "discovery: the built-in kinds are discovered as from a real server (needs ../shared/openapi)",
  ignore: readRecorded("discovery-apis.json") === undefined,
  fn() {
    const real = discovery(allKinds, { serverAddress: "127.0.0.1:6443" });
    for (const root of ["api", "apis"]) {
      const ours = flat(JSON.parse(real.at(`/${root}`, aggregatedForm)!.body));
      const places = new Set(ours.map(({ place }) => place));
      const theirs = flat(readRecorded(`discovery-${root}.json`)).filter(({ place }) => places.has(place));
      assert.deepEqual(ours, theirs);
    }
  },
});
