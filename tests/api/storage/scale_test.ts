import assert from "node:assert/strict";
import { deployments, namespaces } from "../../../cluster/memory/api/kind_refs.ts";
import type { Namespace } from "../../../cluster/memory/kinds/schema/types.ts";
import { completeApi, httpClient } from "../testing.ts";

const SCALE = "/apis/apps/v1/namespaces/default/deployments/web/scale";
const JSON_TYPE = { "content-type": "application/json" };

async function withDeployment() {
  const { api, client } = await completeApi();
  await client.create(deployments, {
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "nginx" }] } },
    },
  });
  return { client, send: httpClient({ api }) };
}

Deno.test("the scale of an object is read and written as a Scale", async () => {
  const { client, send } = await withDeployment();
  const { body } = await send("GET", SCALE);
  assert.deepEqual([body.kind, body.apiVersion, body.spec, body.status], [
    "Scale",
    "autoscaling/v1",
    { replicas: 2 },
    { replicas: 0, selector: "app=web" },
  ]);
  const put = await send("PUT", SCALE, { body: { ...body, spec: { replicas: 5 } }, headers: JSON_TYPE });
  assert.deepEqual([put.status, put.body.spec.replicas], [200, 5]);
  const deployment = await client.get(deployments, "default", "web");
  assert.deepEqual([deployment.spec?.replicas, deployment.metadata.generation], [5, 2]);
  const stale = await send("PUT", SCALE, { body: { ...body, spec: { replicas: 6 } }, headers: JSON_TYPE });
  assert.equal(stale.status, 409);
});

Deno.test("a Scale without a namespace is for that of the request, and one for another is refused", async () => {
  const { send } = await withDeployment();
  const put = (namespace?: string) =>
    send("PUT", SCALE, {
      body: {
        kind: "Scale",
        apiVersion: "autoscaling/v1",
        metadata: { name: "web", namespace },
        spec: { replicas: 3 },
      },
      headers: JSON_TYPE,
    });
  assert.equal((await put()).status, 200);
  assert.equal((await put("other")).status, 400);
});

Deno.test("a scale is patched, and who did so owns the replicas", async () => {
  const { client, send } = await withDeployment();
  const headers = { "content-type": "application/merge-patch+json" };
  const { body } = await send("PATCH", `${SCALE}?fieldManager=scaler`, { body: { spec: { replicas: 4 } }, headers });
  assert.equal(body.spec.replicas, 4);
  const { metadata } = await client.get(deployments, "default", "web");
  const entry = metadata.managedFields?.find(({ manager }) => manager === "scaler");
  assert.deepEqual([entry?.subresource, entry?.fieldsV1], ["scale", { "f:spec": { "f:replicas": {} } }]);
  const negative = await send("PATCH", SCALE, { body: { spec: { replicas: -1 } }, headers });
  assert.equal(negative.status, 422);
});

Deno.test("a namespace is Terminating until its controller has emptied it", async () => {
  const { api, client } = await completeApi();
  const send = httpClient({ api });
  await client.create(namespaces, { metadata: { name: "dev" } });
  const { body } = await send("DELETE", "/api/v1/namespaces/dev");
  assert.deepEqual([body.kind, body.status.phase], ["Namespace", "Terminating"]);
  const inside = await send("POST", "/api/v1/namespaces/dev/configmaps", {
    body: { metadata: { name: "a" } },
    headers: JSON_TYPE,
  });
  assert.equal(inside.status, 403);
  assert.match(inside.body.message, /unable to create new content in namespace dev because it is being terminated$/);
  const namespace = await client.get<Namespace>(namespaces, undefined, "dev");
  const emptied = { ...namespace, spec: { finalizers: [] } };
  assert.equal(
    (await send("PUT", "/api/v1/namespaces/dev/finalize", { body: emptied, headers: JSON_TYPE })).status,
    200,
  );
  await assert.rejects(client.get(namespaces, undefined, "dev"), { message: 'namespaces "dev" not found' });
});
