import assert from "node:assert/strict";
import { Metrics } from "../../../cluster/memory/api/http/metrics.ts";
import { apiHandler } from "../../../cluster/memory/api/http/handler.ts";
import { discoveryPaths, serverPaths } from "../../../cluster/memory/api/http/paths.ts";
import { administrator } from "../../../cluster/memory/api/mod.ts";
import { request, testApi } from "../testing.ts";

async function serving() {
  const { api } = await testApi();
  const metrics = new Metrics();
  const handler = apiHandler({
    core: api.core,
    authenticate: () => administrator,
    paths: [serverPaths(api.core, metrics), discoveryPaths(api.kinds, () => "127.0.0.1:6443")],
    metrics,
  });
  const get = async (path: string, headers?: Record<string, string>) => {
    const { status, headers: sent, body } = await handler(request("GET", path, undefined, headers));
    return { status, headers: sent, body: String(body ?? "") };
  };
  return { api, get };
}

Deno.test("health is told in a word, or check by check", async () => {
  const { get } = await serving();
  for (const path of ["/healthz", "/livez", "/readyz", "/livez/etcd"]) assert.equal((await get(path)).body, "ok");
  const verbose = (await get("/livez?verbose&exclude=etcd")).body;
  assert.match(verbose, /^\[\+\]ping ok\n/);
  assert.match(verbose, /\n\[\+\]etcd excluded: ok\n/);
  assert.match(verbose, /\nlivez check passed\n$/);
  assert.equal((await get("/healthz/nothing")).status, 404);
  assert.match(
    (await get("/readyz?verbose&exclude=nothing&exclude=etcd")).body,
    /\nwarn: some health checks cannot be excluded: no matches for "etcd","nothing"\nreadyz check passed\n$/,
  );
});

Deno.test("the root lists all paths", async () => {
  const { get } = await serving();
  const { paths } = JSON.parse((await get("/")).body);
  for (const path of ["/api/v1", "/apis/apps", "/apis/apps/v1", "/livez/ping", "/metrics", "/version"]) {
    assert.ok(paths.includes(path), path);
  }
  assert.deepEqual(paths, [...paths].sort());
});

Deno.test("metrics count requests and objects", async () => {
  const { get } = await serving();
  await get("/api/v1/namespaces");
  const { body } = await get("/metrics");
  assert.match(
    body,
    /^apiserver_request_total\{group="",version="v1",resource="namespaces",.*verb="LIST",code="200"\} 1$/m,
  );
  assert.match(body, /^apiserver_storage_objects\{resource="namespaces"\} 1$/m);
});

Deno.test("discovery is known by its ETag, and changes when a kind comes", async () => {
  const { api, get } = await serving();
  const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const first = await get("/apis", { accept });
  const etag = String(first.headers.ETag);
  const again = await get("/apis", { accept, "if-none-match": etag });
  assert.deepEqual([again.status, again.body], [304, ""]);
  const [kind] = api.kinds.kinds();
  api.kinds.set({ ...kind, group: "example.com", plural: "things", singular: "thing", kind: "Thing" });
  const changed = await get("/apis", { accept, "if-none-match": etag });
  assert.equal(changed.status, 200);
  assert.match(changed.body, /"example\.com"/);
});

Deno.test("the version is Kubernetes'", async () => {
  const { get } = await serving();
  assert.equal(JSON.parse((await get("/version")).body).gitVersion, "v1.36.0");
});

Deno.test("answers are broken into lines for programs that people look at, and the version always is", async () => {
  const { get } = await serving();
  const curl = { "user-agent": "curl/8.5.0" };
  assert.match((await get("/version")).body, /^\{\n {2}"major": "1",\n/);
  assert.match((await get("/api", curl)).body, /^\{\n {2}"kind": "APIVersions",\n/);
  assert.doesNotMatch((await get("/api")).body, /\n {2}"kind"/);
  const missing = await get("/api/v1/namespaces/none", curl);
  assert.match(missing.body, /^\{\n {2}"kind": "Status",\n {2}"apiVersion": "v1",\n/);
});

Deno.test("what can only be created has no path of its own", async () => {
  const { get } = await serving();
  assert.equal((await get("/api/v1/namespaces/default/bindings/x")).status, 404);
  assert.equal((await get("/api/v1/namespaces/default/bindings")).status, 405);
});
