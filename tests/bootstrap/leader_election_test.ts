import assert from "node:assert/strict";
import { events, leases } from "../../cluster/memory/api/kind_refs.ts";
import { virtualCluster } from "../behaviour/virtual_cluster.ts";

Deno.test("scheduler and controller manager show that they lead, and a lease that is deleted is taken again", async () => {
  using cluster = await virtualCluster({ nodes: ["controlplane"] });
  const { client, clock } = cluster;
  const found = async () => (await client.list(leases, { namespace: "kube-system" })).items;
  const before = await found();
  assert.deepEqual(before.map(({ metadata }) => metadata.name), ["kube-controller-manager", "kube-scheduler"]);
  const told = (await client.list(events, { namespace: "kube-system" })).items
    .filter(({ reason }) => reason === "LeaderElection").map(({ message, source }) =>
      `${source?.component}: ${message}`
    );
  const [manager, scheduler] = before.map(({ spec }) => spec?.holderIdentity);
  assert.match(manager!, /^controlplane_[0-9a-f-]{36}$/);
  assert.deepEqual(told.sort(), [
    `default-scheduler: ${scheduler} became leader`,
    `kube-controller-manager: ${manager} became leader`,
  ]);
  await client.delete(leases, "kube-system", "kube-scheduler");
  const taken = { type: "merge" as const, body: { spec: { holderIdentity: "somebody" } } };
  await client.patch(leases, "kube-system", "kube-controller-manager", taken);
  await clock.advance(60_000);
  for (const { metadata, spec } of await found()) {
    assert.match(spec!.holderIdentity!, /^controlplane_/);
    assert.ok(clock.now() - Date.parse(spec!.renewTime!) < spec!.leaseDurationSeconds! * 1000, metadata.name!);
  }
  assert.equal(await clock.settle(), true);
  assert.deepEqual(cluster.reports, []);
});
