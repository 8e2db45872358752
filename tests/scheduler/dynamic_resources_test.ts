import assert from "node:assert/strict";
import {
  deviceClasses,
  events,
  pods,
  resourceClaims,
  resourceClaimTemplates,
  resourceSlices,
} from "../../cluster/memory/api/kind_refs.ts";
import { loadCel } from "../../cluster/memory/kinds/cel/engine.ts";
import type {
  Device,
  DeviceRequest,
  Node,
  Pod,
  ResourceSlice,
  ResourceV1ResourceClaim as ResourceClaim,
} from "../../cluster/memory/kinds/schema/types.ts";
import { allocate } from "../../cluster/memory/scheduler/dynamic_resources/allocator.ts";
import { virtualCluster } from "../behaviour/virtual_cluster.ts";

const node = { metadata: { name: "node01", labels: { disk: "ssd" } } } as unknown as Node;
const DRIVER = "gpu.example.com";

function slice(devices: readonly Device[], more: Partial<ResourceSlice["spec"]> = {}): ResourceSlice {
  const pool = { name: "pool", generation: 1, resourceSliceCount: 1 };
  return {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceSlice",
    metadata: { name: "slice" },
    spec: { driver: DRIVER, nodeName: "node01", pool, devices, ...more },
  };
}

const request = (name: string, more: Partial<DeviceRequest["exactly"]> = {}): DeviceRequest => ({
  name,
  exactly: { deviceClassName: "gpu", allocationMode: "ExactCount", count: 1, ...more },
});

const claim = (
  requests: readonly DeviceRequest[],
  more: Partial<ResourceClaim["spec"]["devices"]> = {},
): ResourceClaim => ({
  apiVersion: "resource.k8s.io/v1",
  kind: "ResourceClaim",
  metadata: { name: "claim", namespace: "default", uid: "1" },
  spec: { devices: { requests, ...more } },
  status: {},
});

/** "request=device" for each, of the claims one after the other; undefined where they do not get all. */
async function given(
  claims: readonly ResourceClaim[],
  slices: readonly ResourceSlice[],
  taken: readonly string[] = [],
): Promise<string[] | undefined> {
  await loadCel();
  const deviceClass = () => ({
    metadata: { name: "gpu" },
    spec: { selectors: [{ cel: { expression: `device.driver == "${DRIVER}"` } }] },
  });
  const ids = new Set(taken.map((name) => `${DRIVER}/pool/${name}`));
  return allocate(claims, node, { slices, taken: ids, deviceClass })
    ?.flatMap(({ devices }) => devices.results!.map(({ request, device }) => `${request}=${device}`));
}

const numa = (name: string, int: number): Device => ({ name, attributes: { numa: { int } } });
const chooses = (expression: string) => ({ selectors: [{ cel: { expression } }] });

Deno.test("devices: each request gets the first that is free, and all get theirs or none does", async () => {
  const devices = [{ name: "a" }, { name: "b" }, { name: "c" }];
  const two = claim([request("x"), request("y", { count: 2 })]);
  assert.deepEqual(await given([two], [slice(devices)]), ["x=a", "y=b", "y=c"]);
  assert.equal(await given([two], [slice(devices)], ["b"]), undefined);
  assert.deepEqual(await given([claim([request("x")]), claim([request("x")])], [slice(devices)], ["a"]), [
    "x=b",
    "x=c",
  ]);
});

Deno.test("devices: all of them are those that match, and there must be one", async () => {
  const all = claim([request("x", { allocationMode: "All" })]);
  assert.deepEqual(await given([all], [slice([{ name: "a" }, { name: "b" }])]), ["x=a", "x=b"]);
  assert.equal(await given([all], [slice([{ name: "a" }, { name: "b" }])], ["b"]), undefined);
  assert.equal(await given([all], [slice([])]), undefined);
});

Deno.test("devices: expressions know attributes, capacities and versions", async () => {
  const device: Device = {
    name: "a",
    attributes: { model: { string: "m" }, "other.example.com/driver": { version: "1.10.0" }, on: { bool: true } },
    capacity: { memory: { value: "16Gi" } },
  };
  for (
    const [expression, fits] of [
      [`device.attributes["${DRIVER}"].model == "m"`, true],
      [`device.attributes["other.example.com"].driver.isGreaterThan(semver("1.9.0"))`, true],
      [`device.capacity["${DRIVER}"].memory.compareTo(quantity("20Gi")) > 0`, false],
      [`has(device.attributes["nobody.example.com"].model)`, false],
      [`device.attributes["${DRIVER}"].on`, true],
    ] as const
  ) {
    const found = await given([claim([request("x", chooses(expression))])], [slice([device])]);
    assert.deepEqual(found, fits ? ["x=a"] : undefined, expression);
  }
  const wrong = claim([request("x", chooses(`device.attributes["${DRIVER}"].nothing == 1`))]);
  await assert.rejects(given([wrong], [slice([device])]), {
    message: "claim default/claim: selector #0: CEL runtime error: no such key: nothing",
  });
});

Deno.test("devices: constraints go back on choices that led nowhere", async () => {
  const devices = [numa("a", 0), numa("b", 1), numa("c", 1)];
  const requests = [request("x"), request("y")];
  const matching = claim(requests, { constraints: [{ matchAttribute: `${DRIVER}/numa` }] });
  assert.deepEqual(await given([matching], [slice(devices)]), ["x=b", "y=c"]);
  const distinct = claim(requests, { constraints: [{ distinctAttribute: `${DRIVER}/numa` }] });
  assert.deepEqual(await given([distinct], [slice(devices)]), ["x=a", "y=b"]);
  assert.equal(await given([matching], [slice([{ name: "a" }, numa("b", 1)])]), undefined);
});

Deno.test("devices: of alternatives the first that can be had", async () => {
  const alternatives = ["b", "a"].map((name) => ({
    name,
    deviceClassName: "gpu",
    ...chooses(`device.attributes["${DRIVER}"].size == "${name}"`),
  }));
  const device: Device = { name: "d", attributes: { size: { string: "a" } } };
  assert.deepEqual(await given([claim([{ name: "x", firstAvailable: alternatives }])], [slice([device])]), ["x/a=d"]);
});

Deno.test("devices: taints, other nodes, old generations and pools in the making count", async () => {
  const one = claim([request("x")]);
  const pool = { name: "pool", generation: 1, resourceSliceCount: 1 };
  const taints = [{ key: "broken", effect: "NoSchedule" }];
  assert.equal(await given([one], [slice([{ name: "a", taints }])]), undefined);
  const tolerant = claim([request("x", { tolerations: [{ key: "broken", operator: "Exists" }] })]);
  assert.deepEqual(await given([tolerant], [slice([{ name: "a", taints }])]), ["x=a"]);
  assert.equal(await given([one], [slice([{ name: "a" }], { nodeName: "node02" })]), undefined);
  assert.equal(await given([one], [slice([{ name: "a" }], { pool: { ...pool, resourceSliceCount: 2 } })]), undefined);
  const newer = slice([{ name: "b" }], { pool: { ...pool, generation: 2 } });
  assert.deepEqual(await given([one], [slice([{ name: "a" }]), newer]), ["x=b"]);
  const expression = { key: "disk", operator: "In", values: ["ssd"] };
  const nodeSelector = { nodeSelectorTerms: [{ matchExpressions: [expression] }] };
  assert.deepEqual(await given([one], [slice([{ name: "a" }], { nodeName: undefined, nodeSelector })]), ["x=a"]);
});

Deno.test("devices: parts of one card share what it has", async () => {
  const sharedCounters = [{ name: "card", counters: { memory: { value: "40Gi" } } }];
  const part = (name: string, value: string): Device => ({
    name,
    consumesCounters: [{ counterSet: "card", counters: { memory: { value } } }],
  });
  const counters = slice([], { sharedCounters, pool: { name: "pool", generation: 1, resourceSliceCount: 2 } });
  const parts = slice([part("whole", "40Gi"), part("half-1", "20Gi"), part("half-2", "20Gi")], {
    pool: { name: "pool", generation: 1, resourceSliceCount: 2 },
  });
  const two = claim([request("x", { count: 2 })]);
  assert.deepEqual(await given([two], [counters, parts]), ["x=half-1", "x=half-2"]);
  assert.equal(await given([claim([request("x")])], [counters, parts], ["whole"]), undefined);
  assert.deepEqual(await given([claim([request("x")])], [counters, parts], ["half-1"]), ["x=half-2"]);
});

async function withDevices() {
  const cluster = await virtualCluster();
  const { client } = cluster;
  await client.create(deviceClasses, { metadata: { name: "gpu" }, spec: {} });
  await client.create(resourceSlices, slice([{ name: "a" }], { nodeName: "node02" }));
  const template = { spec: { devices: { requests: [{ name: "x", exactly: { deviceClassName: "gpu" } }] } } };
  await client.create(resourceClaimTemplates, { metadata: { name: "one", namespace: "default" }, spec: template });
  const run = (name: string) =>
    client.create<Pod>(pods, {
      metadata: { name, namespace: "default" },
      spec: {
        containers: [{ name: "c", image: "nginx", resources: { claims: [{ name: "r" }] } }],
        resourceClaims: [{ name: "r", resourceClaimTemplateName: "one" }],
      },
    });
  const place = async (name: string) => {
    const { spec, status } = await client.get(pods, "default", name);
    return spec.nodeName ?? status.conditions?.find(({ type }) => type === "PodScheduled")?.message;
  };
  return { cluster, run, place };
}

Deno.test("scheduler: a pod goes where its device is, and the next one waits until it is given back", async () => {
  const { cluster, run, place } = await withDevices();
  using _ = cluster;
  const { client, clock } = cluster;
  await run("first");
  await clock.advance(2000);
  assert.equal(await place("first"), "node02");
  const [made] = (await client.list(resourceClaims)).items;
  assert.match(made.metadata.name!, /^first-r-[a-z0-9]{5}$/);
  assert.deepEqual(made.status?.reservedFor?.map(({ resource, name }) => `${resource}/${name}`), ["pods/first"]);
  assert.deepEqual(made.metadata.finalizers, ["resource.kubernetes.io/delete-protection"]);
  // Nobody has installed the driver of that device: the kubelet says so, and the pod does not run.
  const { items: told } = await client.list(events, { namespace: "default" });
  assert.deepEqual(
    told.filter(({ source }) => source?.component === "kubelet").map(({ reason, message }) => [reason, message]),
    [[
      "FailedPrepareDynamicResources",
      `Failed to prepare dynamic resources: prepare dynamic resources: DRA driver ${DRIVER} is not registered`,
    ]],
  );
  assert.equal((await client.get(pods, "default", "first")).status.phase, "Pending");
  await run("second");
  await clock.advance(2000);
  assert.equal(
    await place("second"),
    "0/2 nodes are available: 2 cannot allocate all claims. still not schedulable, preemption: 0/2 nodes are " +
      "available: 2 Preemption is not helpful for scheduling.",
  );
  await client.delete(pods, "default", "first", { gracePeriodSeconds: 0 });
  await clock.advance(5000);
  assert.equal(await place("second"), "node02");
  assert.equal((await client.list(resourceClaims)).items.length, 1);
});

Deno.test("scheduler: without its claim a pod is not tried, without its class it says so", async () => {
  const { cluster, run, place } = await withDevices();
  using _ = cluster;
  const { client, clock } = cluster;
  await client.delete(resourceClaimTemplates, "default", "one");
  await client.delete(deviceClasses, undefined, "gpu");
  await run("p");
  await clock.advance(1000);
  assert.equal(await place("p"), undefined);
  const template = { spec: { devices: { requests: [{ name: "x", exactly: { deviceClassName: "gpu" } }] } } };
  await client.create(resourceClaimTemplates, { metadata: { name: "one", namespace: "default" }, spec: template });
  await clock.advance(20_000);
  assert.equal(
    await place("p"),
    "0/2 nodes are available: request x: device class gpu does not exist. no new claims to deallocate, preemption: " +
      "0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
  );
  await client.create(deviceClasses, { metadata: { name: "gpu" }, spec: {} });
  await clock.advance(20_000);
  assert.equal(await place("p"), "node02");
});

Deno.test("scheduler: what was made for a pod that has ended is given back and goes", async () => {
  const { cluster, run } = await withDevices();
  using _ = cluster;
  const { client, clock } = cluster;
  const { metadata } = await run("p");
  await clock.advance(2000);
  const body = { metadata: { uid: metadata.uid }, status: { phase: "Succeeded" } };
  await client.patch(pods, "default", "p", { type: "merge", body, subresource: "status" });
  await clock.advance(1000);
  assert.deepEqual((await client.list(resourceClaims)).items, []);
});
