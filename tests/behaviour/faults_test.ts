/** Components survive their own bugs: what throws is reported and tried again, and the server answers all the time. */
import assert from "node:assert/strict";
import type { Client } from "../../cluster/memory/api/client.ts";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { virtualClock } from "../../cluster/memory/clock.ts";
import { daemonSet, deployment, job, service } from "../controllers/objects.ts";
import { virtualCluster } from "./virtual_cluster.ts";

/** A client whose every method fails as often as `fails` says, as if the code around it had a bug. */
function faulty(client: Client, fails: () => boolean): Client {
  const methods = Object.entries(client).map(([name, method]: [string, (...args: unknown[]) => unknown]) => {
    const broken = (...args: unknown[]) => {
      if (fails()) throw new TypeError(`Cannot read properties of undefined (reading '${name}')`);
      return method(...args);
    };
    return [name, name === "watch" ? method : broken];
  });
  return Object.fromEntries(methods);
}

Deno.test("controllers, scheduler and kubelets that throw are reported and tried again", async () => {
  const { random } = virtualClock({ seed: 3 });
  let buggy = false;
  using cluster = await virtualCluster({
    wrap: (client, user) => user === "kubernetes-admin" ? client : faulty(client, () => buggy && random() < 0.5),
  });
  const { client, clock, reports } = cluster;
  buggy = true;
  await client.create(refs.services, service("web"));
  await client.create(refs.deployments, deployment("web", 3));
  await client.create(refs.daemonSets, daemonSet("agent"));
  await client.create(refs.jobs, job("sum"));
  await clock.advance(120_000);
  for (const name of ["deployment-controller", "replicaset-controller", "scheduler", "node01", "node02"]) {
    assert.ok(reports.some((report) => report.startsWith(`${name}: TypeError`)), `${name} reports its bug`);
  }
  // The server has answered all the time, and does.
  assert.equal((await client.list(refs.nodes)).items.length, 2);

  buggy = false;
  await clock.advance(10 * 60_000);
  const told = reports.length;
  const { status } = await client.get(refs.deployments, "default", "web");
  assert.equal(status?.availableReplicas, 3);
  assert.equal((await client.get(refs.daemonSets, "default", "agent")).status?.numberReady, 2);
  assert.equal((await client.get(refs.endpoints, "default", "web")).subsets?.[0].addresses?.length, 3);
  await client.delete(refs.deployments, "default", "web");
  await clock.advance(60_000);
  const left = (await client.list(refs.pods, { namespace: "default" })).items;
  assert.deepEqual(left.filter(({ metadata }) => metadata.labels?.app === "web"), []);
  assert.equal(reports.length, told);
});
