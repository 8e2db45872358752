import assert from "node:assert/strict";
import { negotiate, patchTypeOf } from "../../../cluster/memory/api/http/negotiation.ts";
import { configMaps } from "../../../cluster/memory/api/kind_refs.ts";
import type { StatusError } from "../../../cluster/memory/api/status.ts";
import { httpClient, testApi } from "../testing.ts";

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const accepted = (accept: string) => negotiate(accept, new URLSearchParams(), "test/1", "list");

Deno.test("the first clause that can be met is met", () => {
  assert.equal(accepted(`${TABLE},application/json`).as?.kind, "Table");
  assert.equal(accepted("application/json;as=Unknown;v=v1;g=meta.k8s.io, application/json").as, undefined);
  assert.equal(accepted("application/json;q=0.5,application/yaml").mediaType, "application/yaml");
  assert.equal(accepted("*/*").mediaType, "application/json");
  assert.equal(accepted(PROTOBUF).mediaType, PROTOBUF);
  assert.equal(accepted(`${PROTOBUF},application/json`).mediaType, "application/json");
});

Deno.test("what cannot be met is told with what can", () => {
  assert.throws(() => accepted("application/xml"), (error: StatusError) => {
    assert.equal(error.code, 406);
    assert.match(
      error.message,
      /^406: Not Acceptable\n\nAvailable representations: application\/json, application\/yaml/,
    );
    return true;
  });
});

Deno.test("people get indented answers", () => {
  assert.equal(negotiate(undefined, new URLSearchParams(), "curl/8.0", "get").pretty, true);
  assert.equal(negotiate(undefined, new URLSearchParams("pretty=false"), "curl/8.0", "get").pretty, false);
  assert.equal(negotiate(undefined, new URLSearchParams("pretty=true"), "test/1", "get").pretty, true);
});

Deno.test("custom resources take no strategic merge patch", () => {
  assert.equal(patchTypeOf("application/strategic-merge-patch+json", false), "strategic");
  assert.throws(() => patchTypeOf("application/strategic-merge-patch+json", true), {
    message: "the body of the request was in an unknown format - accepted media types include: " +
      "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
  });
  assert.throws(() => patchTypeOf("application/json", false), { message: "415: Unsupported Media Type" });
});

async function withOne() {
  const { api, client, clock } = await testApi();
  await client.create(configMaps, { metadata: { name: "a", namespace: "default" }, data: { k: "v" } });
  return { send: httpClient({ api }), clock };
}

const ONE = "/api/v1/namespaces/default/configmaps/a";
const LIST = "/api/v1/namespaces/default/configmaps";

Deno.test("a table has the columns of its kind, and the age of now", async () => {
  const { send, clock } = await withOne();
  await clock.advance(330_000);
  const { body } = await send("GET", LIST, { headers: { accept: TABLE } });
  assert.deepEqual(body.columnDefinitions.map(({ name }: { name: string }) => name), ["Name", "Data", "Age"]);
  assert.deepEqual(body.rows[0].cells, ["a", 1, "5m30s"]);
  assert.equal(body.rows[0].object.kind, "PartialObjectMetadata");
  const none = await send("GET", `${LIST}?includeObject=None`, { headers: { accept: TABLE } });
  assert.equal(none.body.rows[0].object, null);
  const all = await send("GET", `${ONE}?includeObject=Object`, { headers: { accept: TABLE } });
  assert.deepEqual(all.body.rows[0].object.data, { k: "v" });
  const wrong = await send("GET", `${LIST}?includeObject=Some`, { headers: { accept: TABLE } });
  assert.equal(wrong.status, 400);
});

Deno.test("items of lists do not repeat what the list says; objects do", async () => {
  const { send } = await withOne();
  const { body } = await send("GET", LIST);
  assert.deepEqual([body.kind, body.apiVersion, body.items[0].kind], ["ConfigMapList", "v1", undefined]);
  assert.equal((await send("GET", ONE)).body.kind, "ConfigMap");
  const partial = { accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io" };
  const { body: metadata } = await send("GET", LIST, { headers: partial });
  assert.deepEqual([metadata.kind, metadata.items[0].data], ["PartialObjectMetadataList", undefined]);
});

Deno.test("YAML and protobuf are sent to those who ask for nothing else", async () => {
  const { send } = await withOne();
  const yaml = await send("GET", ONE, { headers: { accept: "application/yaml" } });
  assert.match(yaml.body, /^apiVersion: v1\ndata:\n {2}k: v\nkind: ConfigMap\n/);
  const protobuf = await send("GET", ONE, { headers: { accept: PROTOBUF } });
  assert.equal(new TextDecoder().decode(protobuf.body.subarray(0, 3)), "k8s");
});

Deno.test("a known media type in an unknown shape is refused in other words than an unknown media type", async () => {
  const { send } = await withOne();
  const refusal = async (accept: string) => {
    const { status, body } = await send("GET", ONE, { headers: { accept } });
    assert.equal(status, 406);
    return body.message;
  };
  assert.match(
    await refusal("application/json;as=Foo;v=v1;g=meta.k8s.io"),
    /^only the following media types are accepted/,
  );
  assert.match(await refusal("text/plain"), /^406: Not Acceptable/);
});
