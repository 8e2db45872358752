import assert from "node:assert/strict";
import { resourceQuota } from "../../../cluster/memory/api/admission/resource_quota.ts";
import { modified } from "../../../cluster/memory/api/status.ts";
import type { ResourceQuota } from "../../../cluster/memory/kinds/schema/types.ts";
import { contextWith, type Loose, run } from "./testing.ts";

type List = Record<string, string>;

function quotaOf(hard: List, used: List | undefined, spec: Loose = {}) {
  const quota = { metadata: { name: "q", namespace: "dev" }, spec: { hard, ...spec }, status: { hard, used } };
  const context = contextWith({ resourcequotas: [quota] });
  const current = () => context.store.get<ResourceQuota>("resourcequotas", "dev/q")!.object;
  const updateQuotaStatus = (object: ResourceQuota) => {
    if (object.metadata.resourceVersion !== current().metadata.resourceVersion) {
      return Promise.reject(modified({ group: "", name: "resourcequotas" }, "q"));
    }
    context.store.update("resourcequotas", "dev/q", object);
    return Promise.resolve();
  };
  return { plugin: resourceQuota({ ...context, updateQuotaStatus }), used: () => current().status!.used };
}

const pod = (requests: List = {}, more: Loose = {}): Loose => ({
  metadata: { name: "web", namespace: "dev" },
  spec: { containers: [{ name: "app", resources: { requests } }], ...more },
});
const forbidden = (why: string) => `pods "web" is forbidden: ${why}`;

Deno.test("a quota is charged for what is admitted, and refuses what is more", async () => {
  const { plugin, used } = quotaOf({ pods: "2", "requests.cpu": "1" }, { pods: "0", "requests.cpu": "0" });
  assert.equal(typeof await run(plugin, { object: pod({ cpu: "600m" }) }), "object");
  assert.deepEqual(used(), { pods: "1", "requests.cpu": "600m" });
  assert.equal(
    await run(plugin, { object: pod({ cpu: "600m" }) }),
    forbidden("exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1"),
  );
  assert.equal(typeof await run(plugin, { object: pod({ cpu: "400m" }), dryRun: true }), "object");
  assert.deepEqual(used(), { pods: "1", "requests.cpu": "600m" }, "a dry run is not charged");
});

Deno.test("concurrent requests do not slip through together", async () => {
  const { plugin, used } = quotaOf({ pods: "3" }, { pods: "0" });
  const results = await Promise.all(Array.from({ length: 8 }, () => run(plugin, { object: pod() })));
  assert.equal(results.filter((result) => typeof result === "object").length, 3);
  assert.deepEqual(used(), { pods: "3" });
});

Deno.test("what a quota limits must be said, container by container", async () => {
  const { plugin } = quotaOf({ "requests.cpu": "1", "limits.memory": "1Gi" }, {
    "requests.cpu": "0",
    "limits.memory": "0",
  });
  assert.equal(
    await run(plugin, { object: pod() }),
    forbidden("failed quota: q: must specify limits.memory for: app; requests.cpu for: app"),
  );
});

Deno.test("a quota without a status refuses until it is counted", async () => {
  const { plugin } = quotaOf({ pods: "1" }, undefined);
  assert.equal(await run(plugin, { object: pod() }), forbidden("status unknown for quota: q, resources: pods"));
});

Deno.test("objects of every kind can be counted, some by an old name too", async () => {
  const { plugin } = quotaOf({ "count/configmaps": "1", configmaps: "5" }, {
    "count/configmaps": "1",
    configmaps: "1",
  });
  const object = { metadata: { name: "two", namespace: "dev" } };
  assert.equal(
    await run(plugin, { object, resource: "configmaps" }),
    'configmaps "two" is forbidden: exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=1, ' +
      "limited: count/configmaps=1",
  );
});

Deno.test("scopes choose the pods that a quota is about", async () => {
  const { plugin, used } = quotaOf({ pods: "1" }, { pods: "0" }, { scopes: ["BestEffort"] });
  assert.equal(typeof await run(plugin, { object: pod({ cpu: "1" }) }), "object");
  assert.deepEqual(used(), { pods: "0" }, "a burstable pod does not count");
  assert.equal(typeof await run(plugin, { object: pod() }), "object");
  assert.match(await run(plugin, { object: pod() }) as string, /exceeded quota/);
});

Deno.test("an update is charged for the difference", async () => {
  const service = (type: string, ports: number): Loose => ({
    metadata: { name: "s", namespace: "dev" },
    spec: { type, ports: Array.from({ length: ports }, (_, i) => ({ port: i + 1 })) },
  });
  const { plugin, used } = quotaOf({ services: "1", "services.nodeports": "2" }, {
    services: "1",
    "services.nodeports": "0",
  });
  const change = (type: string, ports: number) =>
    run(plugin, {
      operation: "UPDATE",
      resource: "services",
      oldObject: service("ClusterIP", 1),
      object: service(type, ports),
    });
  assert.equal(typeof await change("NodePort", 2), "object");
  assert.deepEqual(used(), { services: "1", "services.nodeports": "2" });
  assert.match(await change("NodePort", 1) as string, /exceeded quota: q, requested: services.nodeports=1/);
});
