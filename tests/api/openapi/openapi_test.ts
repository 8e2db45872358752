import assert from "node:assert/strict";
import { openApi, type Schema } from "../../../cluster/memory/api/openapi/mod.ts";
import type { Kind } from "../../../cluster/memory/kinds/kind.ts";
import { shapeOf } from "../../../cluster/memory/kinds/schema/shape.ts";
import { recorded, recordedKinds, undescribed } from "./recorded.ts";

const strategy = { names: "subdomain" } as const;
const configMap: Kind = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  singular: "configmap",
  namespaced: true,
  type: "core.v1.ConfigMap",
  strategy,
};
const widget: Kind = {
  ...configMap,
  group: "example.com",
  kind: "Widget",
  plural: "widgets",
  singular: "widget",
  shape: { ...shapeOf("core.v1.ConfigMap"), name: "" },
  status: {},
};
const widgetSchema: Schema = {
  type: "object",
  description: "A widget.",
  properties: { spec: { type: "object", properties: { size: { type: "integer", description: "How large." } } } },
};

const documents = openApi([configMap, widget], {
  customSchema: (kind) => kind.kind === "Widget" ? widgetSchema : undefined,
  now: () => Date.UTC(2026, 0, 1),
});
const read = (path: string) => JSON.parse(documents.at(path)!.body);

Deno.test("openapi: the index names every document by its hash, and with it documents are kept", () => {
  const { paths } = read("/openapi/v3");
  assert.deepEqual(Object.keys(paths), [
    ".well-known/openid-configuration",
    "api",
    "api/v1",
    "apis",
    "apis/example.com",
    "apis/example.com/v1",
    "openid/v1/jwks",
    "version",
  ]);
  const url = new URL(paths["api/v1"].serverRelativeURL, "http://server");
  const answer = documents.at(url.pathname, url.searchParams.get("hash")!)!;
  assert.equal(answer.headers["cache-control"], "public, immutable");
  assert.equal(answer.headers.expires, "Fri, 01 Jan 2027 00:00:00 GMT");
  const old = documents.at(url.pathname, "OLD")!;
  assert.deepEqual([old.status, old.headers.location], [301, paths["api/v1"].serverRelativeURL]);
  assert.equal(documents.at("/openapi/v3/apis/none"), undefined);
});

Deno.test("openapi: a change of one group leaves the addresses of the others", () => {
  const before = read("/openapi/v3").paths;
  const other = openApi([configMap, widget], { customSchema: () => ({ ...widgetSchema, description: "Another." }) });
  const after = JSON.parse(other.at("/openapi/v3")!.body).paths;
  assert.deepEqual(after["api/v1"], before["api/v1"]);
  assert.notDeepEqual(after["apis/example.com/v1"], before["apis/example.com/v1"]);
});

Deno.test("openapi: kubectl finds that fields are validated, and which patches a kind takes", () => {
  const patchOf = (document: string, path: string) => read(document).paths[path].patch;
  const types = (operation: { requestBody: { content: object } }) => Object.keys(operation.requestBody.content);
  const builtIn = patchOf("/openapi/v3/api/v1", "/api/v1/namespaces/{namespace}/configmaps/{name}");
  const custom = patchOf(
    "/openapi/v3/apis/example.com/v1",
    "/apis/example.com/v1/namespaces/{namespace}/widgets/{name}",
  );
  for (const operation of [builtIn, custom]) {
    assert.ok(operation.parameters.some(({ name }: { name: string }) => name === "fieldValidation"));
  }
  assert.deepEqual(builtIn["x-kubernetes-group-version-kind"], { group: "", version: "v1", kind: "ConfigMap" });
  assert.ok(types(builtIn).includes("application/strategic-merge-patch+json"));
  assert.ok(!types(custom).includes("application/strategic-merge-patch+json"));
});

Deno.test("openapi: a custom resource has the schema of its definition, and what every object has", () => {
  const { components } = read("/openapi/v3/apis/example.com/v1");
  const schema = components.schemas["com.example.v1.Widget"];
  assert.equal(schema.description, "A widget.");
  assert.deepEqual(schema.properties.spec, widgetSchema.properties && (widgetSchema.properties as Schema).spec);
  assert.deepEqual(Object.keys(schema.properties).sort(), ["apiVersion", "kind", "metadata", "spec"]);
  assert.deepEqual(schema["x-kubernetes-group-version-kind"], [
    { group: "example.com", version: "v1", kind: "Widget" },
  ]);
  assert.ok(components.schemas["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"]);
  assert.ok(components.schemas["com.example.v1.WidgetList"]);
});

Deno.test("openapi: descriptions come from the installed client", () => {
  const { schemas } = read("/openapi/v3/api/v1").components;
  const { properties } = schemas["io.k8s.api.core.v1.ConfigMap"];
  assert.match(
    properties.immutable.description,
    /^Immutable, if set to true, ensures that data stored in the ConfigMap/,
  );
  // The client has no comments at fields that hold another type.
  assert.match(properties.metadata.description, /^ObjectMeta is metadata that all persisted resources must have/);
});

Deno.test({
  name: "openapi: every document is what a real server serves (needs ../shared/openapi beside the repository)",
  ignore: recorded("v3-index.json") === undefined,
  async fn(t) {
    const real = openApi(recordedKinds());
    const { paths } = JSON.parse(real.at("/openapi/v3")!.body);
    assert.deepEqual(Object.keys(paths), Object.keys(recorded("v3-index.json").paths));
    for (const name of Object.keys(paths)) {
      await t.step(name, () => {
        const ours = undescribed(JSON.parse(real.at(`/openapi/v3/${name}`)!.body));
        const theirs = undescribed(recorded(`v3/${name.replaceAll("/", "_")}.json`));
        for (const [schema, expected] of Object.entries(theirs.components.schemas ?? {})) {
          assert.deepEqual(ours.components.schemas[schema], expected, schema);
        }
        for (const [path, expected] of Object.entries(theirs.paths)) assert.deepEqual(ours.paths[path], expected, path);
        assert.deepEqual(ours, theirs);
      });
    }
  },
});

const deleted = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";
const watched = "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent";

Deno.test({
  name: "openapi: the v2 document has a real server's definitions and paths (needs ../shared/openapi)",
  ignore: recorded("swagger-v2.json") === undefined,
  fn() {
    const ours = undescribed(JSON.parse(openApi(recordedKinds()).v2("application/json").body as string));
    const theirs = undescribed(recorded("swagger-v2.json"));
    for (const name of Object.keys(theirs.definitions)) {
      // A real server knows these kinds in versions, too, that it does not serve.
      if (name !== deleted && name !== watched) {
        assert.deepEqual(ours.definitions[name], theirs.definitions[name], name);
      }
    }
    assert.deepEqual(Object.keys(ours.paths).sort(), Object.keys(theirs.paths).sort());
  },
});

Deno.test("openapi: the v2 document in protobuf is of the type that kubectl asks for", () => {
  const answer = documents.v2("application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
  assert.equal(answer.headers["content-type"], "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
  assert.ok(answer.body instanceof Uint8Array);
  // Field 1 (swagger), three bytes: "2.0".
  assert.deepEqual([...answer.body.subarray(0, 5)], [0x0a, 3, 0x32, 0x2e, 0x30]);
});
