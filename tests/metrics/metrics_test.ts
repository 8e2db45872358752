import assert from "node:assert/strict";
import { pods } from "../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../cluster/memory/api/mod.ts";
import { startMemoryCluster } from "../../cluster/memory/cluster.ts";
import { virtualClock } from "../../cluster/memory/clock.ts";
import type { NodeMetrics, PodMetrics } from "../../cluster/memory/kinds/metrics/types.ts";
import { nodeMetrics, podMetrics } from "../../cluster/memory/metrics/kinds.ts";
import { pod } from "../controllers/objects.ts";

const SECOND = 1000;
const milli = (text: string) => Number(/^(\d+)m$/.exec(text)![1]);

Deno.test("metrics: pods have them once they were seen twice, nodes count what their pods use", async () => {
  const clock = virtualClock();
  await using cluster = await startMemoryCluster({ clock, report: (_, error) => assert.fail(String(error)) });
  const client = cluster.api.client(administrator);
  await clock.settle();
  await client.create(pods, pod("web", { app: "web" }));
  await clock.settle();
  const fresh = await client.list<PodMetrics>(podMetrics, { namespace: "default" });
  assert.deepEqual(fresh.items, []);
  const before = await client.get<NodeMetrics>(nodeMetrics, undefined, "controlplane");

  await clock.advance(20 * SECOND);
  const { items: [web, ...others] } = await client.list<PodMetrics>(podMetrics, {
    namespace: "default",
    labelSelector: "app=web",
  });
  assert.deepEqual(others, []);
  assert.equal(web.metadata.name, "web");
  assert.deepEqual(web.containers.map(({ name }) => name), ["app"]);
  assert.match(web.containers[0].usage.memory, /^\d+Ki$/);
  assert.ok(milli(before.usage.cpu) > 0);
  await assert.rejects(client.get(podMetrics, "default", "ghost"), /"ghost" not found/);
});

Deno.test("metrics: without the component there is no such group", async () => {
  await using cluster = await startMemoryCluster({
    clock: virtualClock(),
    components: ["api", "controllers", "scheduler", "kubelets"],
  });
  assert.equal(cluster.api.kinds.find("metrics.k8s.io", "v1beta1", "pods"), undefined);
});
