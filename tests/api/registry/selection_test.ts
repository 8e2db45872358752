/** The field labels are those of the conversion functions, `pkg/apis/{core,batch,events,resource}/v1/conversion.go`. */
import assert from "node:assert/strict";
import { completeApi, httpClient } from "../testing.ts";

const send = httpClient(await completeApi());
const select = async (path: string, selector: string) => {
  const { status, body } = await send("GET", `${path}?fieldSelector=${encodeURIComponent(selector)}`);
  return status === 200 ? body.items.length as number : body.message as string;
};

Deno.test("each kind refuses an unknown field in its own words", async () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["/api/v1/pods", "spec.image", "field label not supported: spec.image"],
    ["/api/v1/nodes", "metadata.namespace", "field label not supported: metadata.namespace"],
    ["/api/v1/namespaces", "name", "field label not supported: name"],
    ["/apis/batch/v1/jobs", "status.failed", 'field label "status.failed" not supported for Job'],
    [
      "/apis/resource.k8s.io/v1/resourceslices",
      "spec.pool",
      "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: spec.pool",
    ],
    ["/apis/events.k8s.io/v1/events", "source", "field label not supported: source"],
    ...["/api/v1/persistentvolumes", "/apis/networking.k8s.io/v1/ipaddresses", "/apis/apps/v1/replicasets"].map((
      path,
    ) => [path, "name", '"name" is not a known field selector: only "metadata.name", "metadata.namespace"'] as const),
  ];
  for (const [path, field, message] of cases) assert.equal(await select(path, `${field}=x`), message, path);
});

Deno.test("fields and their old names select", async () => {
  const spec = { nodeName: "node01", containers: [{ name: "c", image: "web" }] };
  await send("POST", "/api/v1/namespaces/default/pods", { body: { metadata: { name: "web" }, spec } });
  for (const field of ["spec.nodeName", "spec.host"]) {
    assert.equal(await select("/api/v1/pods", `${field}=node01`), 1);
    assert.equal(await select("/api/v1/pods", `${field}!=node01`), 0);
  }
  await send("POST", "/api/v1/nodes", { body: { metadata: { name: "idle" }, spec: { unschedulable: true } } });
  assert.equal(await select("/api/v1/nodes", "spec.unschedulable=true"), 1);
  assert.equal(await select("/apis/events.k8s.io/v1/events", "regarding.name=web,metadata.namespace=default"), 0);
  assert.equal(await select("/api/v1/persistentvolumes", "metadata.namespace="), 0);
});
