/** The options of `up` and `run` that are about the cluster's network. */
import assert from "node:assert/strict";
import { MESSAGES } from "../../cli/messages/messages.ts";
import { parsers } from "../../cli/option_values.ts";
import { serveArguments } from "../../cli/own_command.ts";
import { serve } from "../../cluster/background/serve.ts";
import { Problem } from "../../cluster/problem.ts";
import { startMemoryCluster } from "../../cluster/memory/cluster.ts";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../cluster/memory/api/mod.ts";
import { virtualClock } from "../../cluster/memory/clock.ts";

const { range, addons } = parsers(MESSAGES.en);

Deno.test("a range of addresses for load balancers is one of IPv4 with room for some", () => {
  assert.equal(range("192.0.2.0/24"), "192.0.2.0/24");
  for (const wrong of ["192.0.2.0", "192.0.2.0/31", "192.0.2.0/33", "fd00::/64", "x/24", ""]) {
    assert.throws(() => range(wrong), /is not a range of IPv4 addresses/, wrong);
  }
});

Deno.test("add-ons are known by name", () => {
  assert.deepEqual(addons("ingress-nginx"), ["ingress-nginx"]);
  assert.throws(() => addons("ingress-nginx,istio"), /istio is not one of ingress-nginx/);
});

Deno.test("a cluster in the background is given the same options", () => {
  const options = { with: ["ingress-nginx"], loadBalancers: "192.0.2.0/24", nodePorts: true, port: 7443 } as const;
  assert.deepEqual(serveArguments(options), [
    "--with=ingress-nginx",
    "--load-balancers=192.0.2.0/24",
    "--node-ports",
    "--port=7443",
  ]);
  assert.deepEqual(serveArguments({ nodePorts: false }), []);
});

Deno.test("a memory cluster has what the options ask for", async () => {
  const clock = virtualClock();
  await using cluster = await startMemoryCluster({ clock, addons: ["ingress-nginx"], loadBalancers: "192.0.2.0/24" });
  await clock.settle();
  const client = cluster.api.client(administrator);
  const service = await client.get(refs.services, "ingress-nginx", "ingress-nginx-controller");
  assert.deepEqual(service.status.loadBalancer.ingress, [{ ip: "192.0.2.1", ipMode: "VIP" }]);
  assert.deepEqual((await client.list(refs.ingressClasses)).items.map(({ metadata }) => metadata.name), ["nginx"]);
});

Deno.test("what needs Pods is refused where none run", async () => {
  for (const options of [{ nodePorts: true }, { with: ["ingress-nginx"] }] as const) {
    await assert.rejects(serve("/nowhere", { name: "test", components: ["api"], ...options }), Problem);
  }
});
