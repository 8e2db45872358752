import assert from "node:assert/strict";
import { serviceCidrs, services } from "../../cluster/memory/api/kind_refs.ts";
import { startHarness } from "./harness.ts";

Deno.test("services take addresses from every range, and a range stays as long as one of its is taken", async () => {
  using harness = await startHarness({ names: ["service-cidr-controller"] });
  const { client, clock, settle, reports } = harness;
  await client.create(serviceCidrs, { metadata: { name: "more" }, spec: { cidrs: ["10.200.0.0/24"] } });
  await settle();
  const ready = async (name: string) => {
    const { metadata, status } = await client.get(serviceCidrs, undefined, name);
    const found = status?.conditions?.find(({ type }) => type === "Ready");
    return [metadata.finalizers, `${found?.status} ${found?.reason}: ${found?.message}`];
  };
  const finalizers = ["networking.k8s.io/service-cidr-finalizer"];
  assert.deepEqual(await ready("kubernetes"), [finalizers, "True : Kubernetes Service CIDR is ready"]);
  assert.deepEqual(await ready("more"), [finalizers, "True : Kubernetes Service CIDR is ready"]);

  const spec = { clusterIP: "10.200.0.7", ports: [{ port: 80 }] };
  await client.create(services, { metadata: { name: "web", namespace: "default" }, spec });
  await client.delete(serviceCidrs, undefined, "more");
  await settle();
  assert.match((await ready("more"))[1] as string, /^False Terminating: There are still IPAddresses referencing/);
  await assert.rejects(
    client.create(services, {
      metadata: { name: "other", namespace: "default" },
      spec: { ...spec, clusterIP: "10.200.0.8" },
    }),
    /the provided network does not match the current range/,
  );

  await client.delete(services, "default", "web");
  await clock.advance(20_000);
  await assert.rejects(ready("more"), /servicecidrs.networking.k8s.io "more" not found/);
  assert.deepEqual(reports, []);
});
