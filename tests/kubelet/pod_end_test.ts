/** How pods end: deleted, removed, past their deadline, given up. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { nginx, shell } from "./containers.ts";
import { life } from "./life.ts";

life("a deletion gives the containers time", async (cluster, states) => {
  await cluster.run({ containers: [shell("sleep 3600")], terminationGracePeriodSeconds: 5 });
  await cluster.advance(2);
  await cluster.client.delete(refs.pods, "default", "p");
  assert.equal(await cluster.clock.settle(), true);
  assert.deepEqual(states.slice(-3), [
    "2s Running app=ready deleting",
    "7s Failed app=Error deleting",
    "7s gone",
  ]);
  assert.equal((await cluster.events()).at(-1), "Normal Killing: Stopping container app");
});

life("a deletion that is heeded is quick, and its hook runs before", async (cluster, states) => {
  await cluster.run({
    containers: [{ ...nginx, lifecycle: { preStop: { exec: { command: ["sleep", "4"] } } } }],
  });
  await cluster.advance(2);
  await cluster.client.delete(refs.pods, "default", "p");
  assert.equal(await cluster.clock.settle(), true);
  assert.equal(states.at(-1), "6s gone");
});

life("a pod that is removed by force leaves its node too", async (cluster) => {
  await cluster.run({ containers: [shell("sleep 3600")] });
  await cluster.advance(2);
  const { uid } = (await cluster.pod()).metadata;
  await cluster.client.delete(refs.pods, "default", "p", { gracePeriodSeconds: 0 });
  await cluster.advance(5);
  assert.equal(cluster.kubelets.kubelet("node01")!.workerOf(uid!), undefined);
});

life("a pod that may not take long", async (cluster) => {
  await cluster.run({ activeDeadlineSeconds: 5, containers: [nginx] });
  await cluster.advance(10);
  const { phase, reason, message } = (await cluster.pod()).status!;
  assert.deepEqual([phase, reason], ["Failed", "DeadlineExceeded"]);
  assert.equal(message, "Pod was active on the node longer than the specified deadline");
  assert.ok((await cluster.events()).includes(`Normal DeadlineExceeded: ${message} (x4)`));
});

life("a pod that may not take long, and never began", async (cluster) => {
  await cluster.run({ activeDeadlineSeconds: 5, containers: [{ name: "app", image: "ghost:1" }] });
  await cluster.advance(10);
  const { phase, reason, containerStatuses = [] } = (await cluster.pod()).status!;
  assert.deepEqual([phase, reason], ["Failed", "DeadlineExceeded"]);
  assert.deepEqual(containerStatuses[0].state.terminated, {
    reason: "ContainerStatusUnknown",
    message: "The container could not be located when the pod was terminated",
    exitCode: 137,
    startedAt: null,
    finishedAt: null,
  });
  const told = "Normal DeadlineExceeded: Pod was active on the node longer than the specified deadline";
  assert.ok((await cluster.events()).includes(`${told} (x4)`));
});

life("a pod that was given up before its init containers were done", async (cluster) => {
  await cluster.run({
    activeDeadlineSeconds: 5,
    initContainers: [shell("sleep 3600", { name: "one" }), shell("true", { name: "two" })],
    containers: [nginx],
  });
  await cluster.advance(60);
  const { phase, initContainerStatuses = [], containerStatuses = [] } = (await cluster.pod()).status!;
  assert.equal(phase, "Failed");
  assert.equal(initContainerStatuses[0].state.terminated?.exitCode, 137);
  assert.equal(initContainerStatuses[1].state.waiting?.reason, "PodInitializing");
  assert.equal(containerStatuses[0].state.waiting?.reason, "PodInitializing");
});
