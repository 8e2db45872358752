import assert from "node:assert/strict";
import { services } from "../../../cluster/memory/api/kind_refs.ts";
import type { Client } from "../../../cluster/memory/api/client.ts";
import type { StatusError } from "../../../cluster/memory/api/status.ts";
import type { Service, ServiceSpec } from "../../../cluster/memory/kinds/schema/types.ts";
import { completeApi, httpClient } from "../testing.ts";

const SERVICES = "/api/v1/namespaces/default/services";

function create(client: Client, name: string, spec: Partial<ServiceSpec> = {}): Promise<Service> {
  return client.create(services, {
    metadata: { name, namespace: "default" },
    spec: { ports: [{ port: 80 }], ...spec },
  });
}

const refusal = (message: RegExp) => (error: StatusError) => {
  assert.equal(error.code, 422);
  assert.match(error.message, message);
  return true;
};

Deno.test("a service gets an address, which nobody else gets and which comes back", async () => {
  const { api, client } = await completeApi();
  const { spec } = await create(client, "a");
  assert.match(spec!.clusterIP!, /^10\.96\.\d+\.\d+$/);
  assert.deepEqual([spec!.clusterIPs, spec!.ipFamilies, spec!.ipFamilyPolicy], [
    [spec!.clusterIP],
    ["IPv4"],
    "SingleStack",
  ]);
  const taken = { clusterIP: spec!.clusterIP };
  await assert.rejects(create(client, "b", taken), refusal(/provided IP is already allocated$/));
  const address = api.store.get("networking.k8s.io/ipaddresses", spec!.clusterIP!)!.object as { spec?: unknown };
  assert.deepEqual(address.spec, { parentRef: { resource: "services", namespace: "default", name: "a" } });
  await client.delete(services, "default", "a");
  assert.equal((await create(client, "b", taken)).spec!.clusterIP, spec!.clusterIP);
});

Deno.test("an address beyond the range is refused", async () => {
  const { client } = await completeApi();
  await assert.rejects(
    create(client, "a", { clusterIP: "10.97.0.1" }),
    refusal(/failed to allocate IP 10\.97\.0\.1: the provided network does not match the current range$/),
  );
  await assert.rejects(
    create(client, "a", { clusterIP: "10.96.0.0" }),
    refusal(/the provided IP \(10\.96\.0\.0\) is not in the valid range\. The range of valid IPs is 10\.96\.0\.0\/16$/),
  );
});

Deno.test("a headless service has no address", async () => {
  const { client } = await completeApi();
  const { spec } = await create(client, "a", { clusterIP: "None", selector: { app: "web" } });
  assert.deepEqual([spec!.clusterIP, spec!.clusterIPs], ["None", ["None"]]);
  const free = (await create(client, "b", { clusterIP: "None" })).spec!;
  assert.deepEqual([free.ipFamilies, free.ipFamilyPolicy], [["IPv4", "IPv6"], "RequireDualStack"]);
});

Deno.test("node ports are given, kept, changed and given back", async () => {
  const { client } = await completeApi();
  const first = await create(client, "a", { type: "NodePort" });
  const port = first.spec!.ports![0].nodePort!;
  assert.ok(port >= 30086 && port <= 32767);
  await assert.rejects(
    create(client, "b", { type: "NodePort", ports: [{ port: 80, nodePort: port }] }),
    refusal(/provided port is already allocated$/),
  );
  await assert.rejects(
    create(client, "b", { type: "NodePort", ports: [{ port: 80, nodePort: 80 }] }),
    refusal(/provided port is not in the valid range\. The range of valid ports is 30000-32767$/),
  );
  // Who does not say the port keeps it.
  const { ports: _, ...spec } = first.spec!;
  const kept = await client.update(services, { ...first, spec: { ...spec, ports: [{ port: 80, targetPort: 8080 }] } });
  assert.equal(kept.spec!.ports![0].nodePort, port);
  await client.patch(services, "default", "a", { type: "merge", body: { spec: { type: "ClusterIP" } } });
  const second = await create(client, "b", { type: "NodePort", ports: [{ port: 80, nodePort: port }] });
  assert.equal(second.spec!.ports![0].nodePort, port);
});

Deno.test("a service that becomes a mere name gives all back", async () => {
  const { client } = await completeApi();
  const { spec } = await create(client, "a", { type: "NodePort" });
  const body = { spec: { type: "ExternalName", externalName: "example.com" } };
  const named = await client.patch<Service>(services, "default", "a", { type: "merge", body });
  assert.equal(named.spec!.clusterIP, undefined);
  const again = {
    type: "NodePort",
    clusterIP: spec!.clusterIP,
    ports: [{ port: 80, nodePort: spec!.ports![0].nodePort }],
  };
  await create(client, "b", again);
});

Deno.test("what is refused takes nothing, and neither does a dry run", async () => {
  const { api, client } = await completeApi();
  const count = () => api.store.count("networking.k8s.io/ipaddresses");
  const before = count();
  await assert.rejects(create(client, "a", { type: "NodePort", ports: [{ port: 0 }] }));
  assert.equal(count(), before);
  const body = { metadata: { name: "a" }, spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30100 }] } };
  const options = { body, headers: { "content-type": "application/json" } };
  assert.equal((await httpClient({ api })("POST", `${SERVICES}?dryRun=All`, options)).status, 201);
  assert.equal(count(), before);
  assert.equal((await httpClient({ api })("POST", SERVICES, options)).status, 201);
});
