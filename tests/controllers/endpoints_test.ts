import assert from "node:assert/strict";
import { endpoints, endpointSlices, pods, services } from "../../cluster/memory/api/kind_refs.ts";
import type { Harness } from "./harness.ts";
import { inPortOrder } from "../../cluster/memory/controllers/endpoint/port_order.ts";
import { startHarness } from "./harness.ts";
import { pod, service } from "./objects.ts";

const NAMES = [
  "serviceaccount-controller",
  "endpoints-controller",
  "endpointslice-controller",
  "endpointslice-mirroring-controller",
];
const start = () => startHarness({ names: NAMES });
const merge = (body: unknown) => ({ type: "merge" as const, body });

const addresses = async ({ client }: Harness) =>
  (await client.get(endpoints, "default", "web")).subsets?.map(({ addresses, notReadyAddresses, ports }) => [
    addresses?.map(({ ip, targetRef }) => `${ip} ${targetRef?.name}`),
    notReadyAddresses?.map(({ ip, targetRef }) => `${ip} ${targetRef?.name}`),
    ports?.map(({ port }) => port),
  ]);

const slices = async ({ client }: Harness) => (await client.list(endpointSlices)).items;

Deno.test("a service finds the pods that it selects, in both ways", async () => {
  using harness = await start();
  const { client } = harness;
  await client.create(services, service("web"));
  for (const name of ["a", "b"]) await client.create(pods, pod(name, { app: "web" }));
  await client.create(pods, pod("c", { app: "other" }));
  await harness.settle();
  assert.deepEqual(await addresses(harness), [[["10.244.0.1 a", "10.244.0.2 b"], undefined, [8080]]]);
  const [slice, ...others] = await slices(harness);
  assert.deepEqual(others, []);
  assert.match(slice.metadata.name!, /^web-[a-z0-9]{5}$/);
  assert.equal(slice.metadata.labels?.["endpointslice.kubernetes.io/managed-by"], "endpointslice-controller.k8s.io");
  assert.deepEqual(slice.endpoints?.map(({ addresses, conditions }) => [addresses, conditions]), [
    [["10.244.0.1"], { ready: true, serving: true, terminating: false }],
    [["10.244.0.2"], { ready: true, serving: true, terminating: false }],
  ]);
  assert.deepEqual(harness.reports, []);
});

Deno.test("a pod that is not ready is listed apart; one that goes away disappears", async () => {
  using harness = await start();
  const { client } = harness;
  await client.create(services, service("web"));
  await client.create(pods, pod("a", { app: "web" }));
  await harness.settle();
  const conditions = [{ type: "Ready", status: "False" }];
  await client.patch(pods, "default", "a", { ...merge({ status: { conditions } }), subresource: "status" });
  await harness.settle();
  assert.deepEqual(await addresses(harness), [[undefined, ["10.244.0.1 a"], [8080]]]);
  assert.equal((await slices(harness))[0].endpoints?.[0].conditions?.ready, false);
  await client.delete(pods, "default", "a");
  await harness.settle();
  assert.equal(await addresses(harness), undefined);
  assert.deepEqual((await slices(harness)).map(({ endpoints }) => endpoints ?? []), [[]]);
});

Deno.test("a hundred addresses to a slice", async () => {
  using harness = await start();
  const { client } = harness;
  await client.create(services, service("web"));
  for (let index = 0; index < 250; index++) await client.create(pods, pod(`p${index}`, { app: "web" }));
  await harness.settle();
  const sizes = (await slices(harness)).map(({ endpoints }) => endpoints?.length ?? 0);
  assert.ok(sizes.every((size) => size <= 100));
  assert.equal(sizes.reduce((sum, size) => sum + size), 250);
});

Deno.test("endpoints that somebody wrote are mirrored", async () => {
  using harness = await start();
  const { client } = harness;
  await client.create(services, service("web", { selector: undefined }));
  await client.create(endpoints, {
    metadata: { name: "web", namespace: "default" },
    subsets: [{ addresses: [{ ip: "192.0.2.7" }], ports: [{ port: 5432 }] }],
  });
  await harness.settle();
  const [{ metadata, endpoints: [one] = [], ports }] = await slices(harness);
  assert.equal(metadata.labels?.["endpointslice.kubernetes.io/managed-by"], "endpointslicemirroring-controller.k8s.io");
  assert.deepEqual(one.addresses, ["192.0.2.7"]);
  assert.equal(ports?.[0].port, 5432);
  // Other ports do not need another slice.
  const subsets = [{ addresses: [{ ip: "192.0.2.8" }], ports: [{ port: 6432 }] }];
  await client.patch(endpoints, "default", "web", merge({ subsets }));
  await harness.settle();
  const [again, ...others] = await slices(harness);
  assert.deepEqual([again.metadata.name, again.metadata.generation, others], [metadata.name, 2, []]);
  assert.equal(again.ports?.[0].port, 6432);
  // What a service without a selector is called does not matter.
  const external = { type: "ExternalName", externalName: "example.com", clusterIP: null, clusterIPs: null };
  await client.patch(services, "default", "web", merge({ spec: external }));
  await harness.settle();
  assert.equal((await slices(harness)).length, 1);
});

Deno.test("what belonged to a service goes with it", async () => {
  using harness = await start();
  const { client } = harness;
  await client.create(services, service("web"));
  await client.create(pods, pod("a", { app: "web" }));
  await harness.settle();
  await client.delete(services, "default", "web");
  await harness.settle();
  assert.deepEqual((await client.list(endpoints)).items, []);
});

Deno.test("ports stand in the order of their hashes, as real controllers write them", () => {
  const ports = [
    { name: "http", port: 80, protocol: "TCP" },
    { name: "https", port: 443, protocol: "TCP" },
    { name: "m", port: 9000, protocol: "TCP", appProtocol: "http" },
    { name: "z", port: 8080, protocol: "TCP" },
  ] as const;
  assert.deepEqual(inPortOrder(ports).map(({ name }) => name), ["m", "http", "https", "z"]);
});
