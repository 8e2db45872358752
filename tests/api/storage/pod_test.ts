import assert from "node:assert/strict";
import { nodes, podDisruptionBudgets, pods, serviceAccounts } from "../../../cluster/memory/api/kind_refs.ts";
import type { Client } from "../../../cluster/memory/api/client.ts";
import type { StatusError } from "../../../cluster/memory/api/status.ts";
import type { Pod } from "../../../cluster/memory/kinds/schema/types.ts";
import { completeApi, httpClient } from "../testing.ts";

const POD = "/api/v1/namespaces/default/pods/a";
const JSON_TYPE = { "content-type": "application/json" };

async function running(client: Client, name = "a"): Promise<Pod> {
  const pod = await client.create(pods, {
    metadata: { name, namespace: "default", labels: { app: "web" } },
    spec: { containers: [{ name: "c", image: "nginx" }], nodeName: "n" },
  });
  const conditions = [{ type: "Ready", status: "True" }];
  return await client.updateStatus(pods, { ...pod, status: { ...pod.status, phase: "Running", conditions } });
}

const evict = (client: Client, name = "a") =>
  client.post(pods, "default", name, "eviction", { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } });

const condition = ({ status }: Pod, type: string) => status?.conditions?.find((condition) => condition.type === type);

Deno.test("a pod is bound once", async () => {
  const { client } = await completeApi();
  const spec = { containers: [{ name: "c", image: "nginx" }] };
  await client.create(pods, { metadata: { name: "a", namespace: "default" }, spec });
  const binding = { metadata: { name: "a" }, target: { kind: "Node", name: "n1" } };
  await client.post(pods, "default", "a", "binding", binding);
  const pod = await client.get(pods, "default", "a");
  assert.equal(pod.spec.nodeName, "n1");
  assert.equal(condition(pod, "PodScheduled")?.status, "True");
  await assert.rejects(client.post(pods, "default", "a", "binding", binding), {
    message: 'Operation cannot be fulfilled on pods/binding "a": pod a is already assigned to node "n1"',
  });
});

Deno.test("a binding brings the pod the labels of its node's zone", async () => {
  const { client } = await completeApi();
  const labels = { "topology.kubernetes.io/zone": "a" };
  await client.create(nodes, { metadata: { name: "n1", labels } });
  const spec = { containers: [{ name: "c", image: "nginx" }] };
  await client.create(pods, { metadata: { name: "a", namespace: "default" }, spec });
  await client.post(pods, "default", "a", "binding", { metadata: { name: "a" }, target: { kind: "Node", name: "n1" } });
  assert.deepEqual((await client.get(pods, "default", "a")).metadata.labels, labels);
});

Deno.test("an eviction is a deletion where no budget forbids it", async () => {
  const { client } = await completeApi();
  await running(client);
  await evict(client);
  const pod = await client.get(pods, "default", "a");
  assert.equal(pod.metadata.deletionGracePeriodSeconds, 30);
  const { reason, observedGeneration } = condition(pod, "DisruptionTarget")!;
  assert.deepEqual([reason, observedGeneration], ["EvictionByEvictionAPI", undefined]);
});

Deno.test("a budget is used up, and then forbids", async () => {
  const { client } = await completeApi();
  await running(client);
  await running(client, "b");
  const created = await client.create(podDisruptionBudgets, {
    metadata: { name: "web", namespace: "default" },
    spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
  });
  const status = {
    disruptionsAllowed: 1,
    currentHealthy: 2,
    desiredHealthy: 1,
    expectedPods: 2,
    observedGeneration: created.metadata.generation,
  };
  await client.updateStatus(podDisruptionBudgets, { ...created, status });
  await evict(client);
  const budget = await client.get(podDisruptionBudgets, "default", "web");
  assert.equal(budget.status?.disruptionsAllowed, 0);
  assert.deepEqual(Object.keys(budget.status?.disruptedPods ?? {}), ["a"]);
  await assert.rejects(evict(client, "b"), (error: StatusError) => {
    assert.equal(error.code, 429);
    assert.equal(error.message, "Cannot evict pod as it would violate the pod's disruption budget.");
    assert.deepEqual(error.status.details?.causes, [{
      reason: "DisruptionBudget",
      message: "The disruption budget web needs 1 healthy pods and has 2 currently",
    }]);
    return true;
  });
});

Deno.test("an ephemeral container is added through its subresource alone", async () => {
  const { api, client } = await completeApi();
  await running(client);
  const ephemeralContainers = [{ name: "debug", image: "busybox" }];
  const options = {
    body: { spec: { ephemeralContainers, containers: [{ name: "c", image: "other" }] } },
    headers: { "content-type": "application/strategic-merge-patch+json" },
  };
  const { status, body } = await httpClient({ api })("PATCH", `${POD}/ephemeralcontainers`, options);
  assert.equal(status, 200);
  assert.equal(body.spec.ephemeralContainers[0].name, "debug");
  assert.equal(body.spec.containers[0].image, "nginx");
  const direct = await httpClient({ api })("PATCH", POD, {
    ...options,
    body: { spec: { ephemeralContainers: [{ name: "x", image: "y" }] } },
  });
  assert.equal(direct.status, 422);
});

Deno.test("a token names its account, ends with it, and is nobody else's", async () => {
  const { virtualClock } = await import("../../../cluster/memory/clock.ts");
  const { assembleApi } = await import("../../../cluster/memory/api/assemble.ts");
  const { ServiceAccountTokens } = await import("../../../cluster/memory/api/authn/service_account_tokens.ts");
  const { generateSigningKey } = await import("../../../cluster/memory/api/tls/certificates.ts");
  const { administrator } = await import("../../../cluster/memory/api/mod.ts");
  const { namespaces } = await import("../../../cluster/memory/api/kind_refs.ts");
  const clock = virtualClock();
  const key = await generateSigningKey();
  let tokens!: InstanceType<typeof ServiceAccountTokens>;
  const api = assembleApi({ clock, tokens: (store) => tokens = new ServiceAccountTokens(key, clock, store) });
  const client = api.client(administrator);
  await client.create(namespaces, { metadata: { name: "default" } });
  await client.create(serviceAccounts, { metadata: { name: "robot", namespace: "default" } });
  const send = httpClient({ api });
  const target = "/api/v1/namespaces/default/serviceaccounts/robot/token";
  const { status, body } = await send("POST", target, {
    body: { spec: { expirationSeconds: 600 } },
    headers: JSON_TYPE,
  });
  assert.equal(status, 201, body.message);
  assert.equal(body.status.expirationTimestamp, "2026-01-01T00:10:00Z");
  const user = await tokens.authenticate(body.status.token);
  assert.equal(user?.name, "system:serviceaccount:default:robot");
  assert.equal(await tokens.authenticate(`${body.status.token}x`), undefined);
  assert.equal(
    (await send("POST", target, { body: { spec: {} }, headers: JSON_TYPE })).body.spec.expirationSeconds,
    3600,
  );
  const short = await send("POST", target, { body: { spec: { expirationSeconds: 5 } }, headers: JSON_TYPE });
  assert.match(short.body.message, /may not specify a duration less than 10 minutes$/);
  await clock.advance(601_000);
  await assert.rejects(Promise.resolve(tokens.authenticate(body.status.token)), { code: 401 });
});
