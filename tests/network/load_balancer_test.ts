/** Services of type LoadBalancer on a whole cluster with a pool of addresses. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import type { Service } from "../../cluster/memory/kinds/schema/types.ts";
import { startCluster } from "./running_cluster.ts";

Deno.test("a service waits while the pool is empty, and gets the address that another gives back", async () => {
  using cluster = await startCluster({ loadBalancerRange: "192.0.2.0/30" });
  const { client, clock, events, pod, run } = cluster;
  await pod("client", "busybox");
  await pod("web", "nginx:1.27", { app: "web" });
  const create = async (name: string) => {
    await client.create<Service>(refs.services, {
      metadata: { name, namespace: "default" },
      spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80 }] },
    });
    await clock.settle();
  };
  const address = async (name: string) =>
    (await client.get<Service>(refs.services, "default", name)).status.loadBalancer.ingress?.[0].ip;
  for (const name of ["one", "two", "three"]) await create(name);
  assert.deepEqual([await address("one"), await address("two")], ["192.0.2.1", "192.0.2.2"]);
  assert.equal(await address("three"), undefined);
  const [ensuring, failed] = await events("three");
  assert.match(ensuring, /^Normal EnsuringLoadBalancer: Ensuring load balancer/);
  assert.match(
    failed,
    /^Warning SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: no address left/,
  );
  assert.match(await run("client", "wget", "-qO-", "-T", "5", "http://192.0.2.2"), /nginx.* \[0\]$/s);
  await client.delete(refs.services, "default", "one");
  await clock.settle();
  assert.equal(await address("three"), "192.0.2.1");
  assert.match(await run("client", "wget", "-qO-", "-T", "5", "http://192.0.2.1"), /nginx.* \[0\]$/s);
  assert.deepEqual((await events("one")).map((text) => text.split(":")[0]), [
    "Normal EnsuringLoadBalancer",
    "Normal EnsuredLoadBalancer",
    "Normal DeletingLoadBalancer",
    "Normal DeletedLoadBalancer",
  ]);
});

Deno.test("a service that is no load balancer any more gives its address back", async () => {
  using cluster = await startCluster({ loadBalancerRange: "192.0.2.0/30" });
  const { client, clock } = cluster;
  await client.create<Service>(refs.services, {
    metadata: { name: "web", namespace: "default" },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
  });
  await clock.settle();
  await client.patch(refs.services, "default", "web", { type: "merge", body: { spec: { type: "ClusterIP" } } });
  await clock.settle();
  const { status, metadata } = await client.get<Service>(refs.services, "default", "web");
  assert.deepEqual([status.loadBalancer, metadata.finalizers ?? []], [{}, []]);
});
