import assert from "node:assert/strict";
import { configMaps } from "../../../cluster/memory/api/kind_refs.ts";
import { authenticated } from "../../../cluster/memory/api/user.ts";
import { completeApi, httpClient, testApi } from "../testing.ts";

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const JSON_TYPE = { "content-type": "application/json" };

Deno.test("who may not is told what and where", async () => {
  const { api } = await completeApi();
  const send = httpClient({ api }, authenticated("alice"));
  const { status, body } = await send("GET", CONFIG_MAPS);
  assert.equal(status, 403);
  assert.equal(
    body.message,
    'configmaps is forbidden: User "alice" cannot list resource "configmaps" in API group "" in the namespace "default"',
  );
  const path = await send("GET", "/metrics");
  assert.equal(path.body.message, 'forbidden: User "alice" cannot get path "/metrics"');
});

Deno.test("an administrator acts as somebody else", async () => {
  const { api } = await completeApi();
  const headers = { "impersonate-user": "system:serviceaccount:default:default" };
  const { body } = await httpClient({ api })("GET", CONFIG_MAPS, { headers });
  assert.match(body.message, /User "system:serviceaccount:default:default" cannot list resource "configmaps"/);
  const other = await httpClient({ api }, authenticated("alice"))("GET", CONFIG_MAPS, { headers });
  assert.match(other.body.message, /^serviceaccounts "default" is forbidden: User "alice" cannot impersonate resource/);
});

Deno.test("what is not served is told as the API or as the web server tells it", async () => {
  const { api } = await testApi();
  const send = httpClient({ api });
  for (const path of ["/api/v1/nothings", "/apis/apps/v9/deployments", "/api/v7/pods", "/api/v1/pods/web"]) {
    const { status, body } = await send("GET", path);
    assert.equal(status, 404);
    assert.equal(body.message, "the server could not find the requested resource", path);
  }
  for (const path of ["/nothing", "/apis/no.such.group/v1/things"]) {
    assert.equal((await send("GET", path)).body, "404 page not found\n", path);
  }
});

Deno.test("methods that a path does not have are refused", async () => {
  const { api } = await testApi();
  const send = httpClient({ api });
  const all = "/api/v1/configmaps";
  const one = `${CONFIG_MAPS}/a`;
  const asked = [["PUT", CONFIG_MAPS], ["POST", one], ["HEAD", one], ["FOO", one], ["POST", all], ["DELETE", all]];
  for (const [method, path] of asked) {
    const { status, body } = await send(method, path, { body: "{}", headers: JSON_TYPE });
    assert.equal(status, 405, `${method} ${path}`);
    assert.equal(body.message, "the server does not allow this method on the requested resource");
  }
});

Deno.test("unknown fields are warnings, unless the client is strict", async () => {
  const { api } = await testApi();
  const send = httpClient({ api });
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, dta: {} };
  const loose = await send("POST", CONFIG_MAPS, { body, headers: JSON_TYPE });
  assert.equal(loose.status, 201);
  assert.deepEqual(loose.headers.Warning, ['299 - "unknown field \\"dta\\""']);
  const strict = await send("POST", `${CONFIG_MAPS}?fieldValidation=Strict`, { body, headers: JSON_TYPE });
  assert.equal(strict.status, 400);
  assert.match(strict.body.message, /strict decoding error: unknown field "dta"$/);
});

Deno.test("names in path and body must agree", async () => {
  const { api, client } = await testApi();
  await client.create(configMaps, { metadata: { name: "a", namespace: "default" } });
  const send = httpClient({ api });
  const put = await send("PUT", `${CONFIG_MAPS}/a`, { body: { metadata: { name: "b" } }, headers: JSON_TYPE });
  assert.equal(put.body.message, "the name of the object (b) does not match the name on the URL (a)");
  const merge = { "content-type": "application/merge-patch+json" };
  const patch = await send("PATCH", `${CONFIG_MAPS}/a`, { body: { metadata: { name: "b" } }, headers: merge });
  assert.equal(patch.status, 400);
});

Deno.test("an apply creates, owns, and conflicts", async () => {
  const { api } = await testApi();
  const send = httpClient({ api });
  const apply = (manager: string, data: Record<string, string>, query = "") =>
    send("PATCH", `${CONFIG_MAPS}/a?fieldManager=${manager}${query}`, {
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data },
      headers: { "content-type": "application/apply-patch+yaml" },
    });
  assert.equal((await apply("one", { k: "1" })).status, 201);
  const conflict = await apply("two", { k: "2" });
  assert.equal(conflict.status, 409);
  assert.equal(conflict.body.message, 'Apply failed with 1 conflict: conflict with "one": .data.k');
  assert.deepEqual((await apply("two", { k: "2" }, "&force=true")).body.data, { k: "2" });
  assert.equal(
    (await apply("", {})).body.message,
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  );
});

Deno.test("an error of the server's own is a Status, and is reported", async () => {
  const reported: unknown[] = [];
  const { api } = await testApi({
    admission: () => [{
      name: "Broken",
      admit({ name }) {
        if (name === "boom") throw new Error("boom");
      },
    }],
  });
  const { apiHandler } = await import("../../../cluster/memory/api/http/handler.ts");
  const { administrator } = await import("../../../cluster/memory/api/mod.ts");
  const { request } = await import("../testing.ts");
  const handler = apiHandler({
    core: api.core,
    authenticate: () => administrator,
    paths: [],
    report: (error) => reported.push(error),
  });
  const { status, body } = await handler(request("POST", CONFIG_MAPS, { metadata: { name: "boom" } }, JSON_TYPE));
  assert.equal(status, 500);
  assert.equal(JSON.parse(String(body)).message, "Internal error occurred: boom");
  assert.equal(reported.length, 1);
});
