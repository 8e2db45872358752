/** Static pods: their mirrors may be deleted, the pods go on. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { testCluster } from "./cluster.ts";

Deno.test("static pods: a mirror that is deleted comes back, and its container never noticed", async () => {
  const cluster = await testCluster();
  const kubelet = cluster.kubelets.kubelet("node01")!;
  await kubelet.addStaticPod({
    metadata: { name: "web" },
    spec: { containers: [{ name: "app", image: "nginx:1.27" }] },
  });
  await cluster.clock.settle();
  const before = await cluster.pod("web-node01");
  assert.equal(before.status?.phase, "Running");
  assert.equal(before.metadata.ownerReferences?.[0].kind, "Node");
  await cluster.client.delete(refs.pods, "default", "web-node01");
  await cluster.clock.settle();
  const after = await cluster.pod("web-node01");
  assert.notEqual(after.metadata.uid, before.metadata.uid);
  assert.equal(after.status?.containerStatuses?.[0].containerID, before.status?.containerStatuses?.[0].containerID);
  assert.equal(after.status?.phase, "Running");

  await kubelet.removeStaticPod("default", "web-node01");
  await cluster.clock.settle();
  await assert.rejects(cluster.pod("web-node01"), /not found/);
  assert.deepEqual([...kubelet.workers], []);
  cluster.stop();
});
