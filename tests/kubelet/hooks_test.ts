/** Lifecycle hooks, and how containers are stopped. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import type { TestCluster } from "./cluster.ts";
import { nginx, shell, withCluster } from "./containers.ts";
import { recordStates } from "./transcript.ts";

function hooks(name: string, run: (cluster: TestCluster, states: string[]) => Promise<void>): void {
  Deno.test(`hooks: ${name}`, () => withCluster((cluster) => run(cluster, recordStates(cluster))));
}

const once = (events: readonly string[]) => events.map((event) => event.replace(/ \(x\d+\)$/, ""));

hooks("a command after the start that fails ends the container", async (cluster) => {
  const command = ["sh", "-c", "echo out; echo oops >&2; exit 3"];
  const { metadata } = await cluster.run({
    containers: [{ ...nginx, lifecycle: { postStart: { exec: { command } } } }],
  });
  await cluster.advance(3);
  const [{ state, lastState }] = (await cluster.pod()).status!.containerStatuses!;
  assert.deepEqual(state.waiting, {
    reason: "PostStartHookError",
    message: `Exec lifecycle hook ([sh -c echo out; echo oops >&2; exit 3]) for Container "app" in Pod ` +
      `"p_default(${metadata.uid})" failed - error: command 'sh -c echo out; echo oops >&2; exit 3' exited with 3: ` +
      `oops\n, message: "out\\noops\\n"`,
  });
  assert.equal(lastState.terminated?.exitCode, 0);
  assert.deepEqual(once(await cluster.events()).slice(3, 6), [
    "Normal Started: Container started",
    "Warning FailedPostStartHook: PostStartHook failed",
    "Normal Killing: FailedPostStartHook",
  ]);
  const backOff = `Warning BackOff: Back-off restarting failed container app in pod p_default(${metadata.uid})`;
  assert.ok(once(await cluster.events()).includes(backOff));
});

hooks("a request after the start that nobody answers", async (cluster) => {
  const lifecycle = { postStart: { httpGet: { port: 8080, path: "/started" } } };
  const { metadata } = await cluster.run({
    terminationGracePeriodSeconds: 2,
    containers: [{ ...nginx, lifecycle }],
  });
  await cluster.advance(3);
  const { podIP, containerStatuses } = (await cluster.pod()).status!;
  assert.deepEqual(containerStatuses![0].state.waiting, {
    reason: "PostStartHookError",
    message: `HTTP lifecycle hook (/started) for Container "app" in Pod "p_default(${metadata.uid})" failed - error: ` +
      `Get "http://${podIP}:8080/started": dial tcp ${podIP}:8080: connect: connection refused`,
  });
});

hooks("an answer is enough, whatever it says", async (cluster) => {
  const lifecycle = { postStart: { httpGet: { port: 80, path: "/nothing" } } };
  await cluster.run({ containers: [nginx, shell("sleep 3600", { name: "second", lifecycle })] });
  await cluster.clock.settle();
  assert.equal((await cluster.pod()).status!.containerStatuses![1].ready, true);
});

hooks("a container is ready when its hook has run", async (cluster, states) => {
  const command = ["sh", "-c", "sleep 5; echo done > /tmp/started"];
  await cluster.run({ containers: [shell("sleep 3600", { lifecycle: { postStart: { exec: { command } } } })] });
  await cluster.clock.settle();
  assert.deepEqual(states.slice(2), ["5s Running app=ready"]);
});

const deletion = async (cluster: TestCluster) => {
  await cluster.advance(2);
  await cluster.client.delete(refs.pods, "default", "p");
  await cluster.advance(60);
};

hooks("a command before the end that fails is told, and the end comes all the same", async (cluster, states) => {
  await cluster.run({ containers: [{ ...nginx, lifecycle: { preStop: { exec: { command: ["false"] } } } }] });
  await deletion(cluster);
  assert.deepEqual((await cluster.events()).slice(-2), [
    "Normal Killing: Stopping container app",
    "Warning FailedPreStopHook: PreStopHook failed",
  ]);
  assert.equal(states.at(-1), "2s gone");
});

hooks("a command before the end that takes too long goes down with its container", async (cluster, states) => {
  await cluster.run({
    terminationGracePeriodSeconds: 10,
    containers: [shell("sleep 3600", { lifecycle: { preStop: { exec: { command: ["sleep", "600"] } } } })],
  });
  await deletion(cluster);
  assert.deepEqual((await cluster.events()).slice(-2), [
    "Normal Killing: Stopping container app",
    "Warning FailedPreStopHook: PreStopHook failed",
  ]);
  // Ten seconds of the hook, and two that everybody gets.
  assert.deepEqual(states.slice(-2), ["14s Failed app=Error deleting", "14s gone"]);
});

hooks("a pause before the end", async (cluster, states) => {
  await cluster.run({ containers: [{ ...nginx, lifecycle: { preStop: { sleep: { seconds: 5 } } } }] });
  await deletion(cluster);
  assert.equal(states.at(-1), "7s gone");
  assert.equal((await cluster.events()).at(-1), "Normal Killing: Stopping container app");
});

hooks("who ignores SIGTERM is killed when the time is over", async (cluster, states) => {
  await cluster.run({ terminationGracePeriodSeconds: 8, containers: [shell("trap '' TERM; sleep 3600 & wait")] });
  const codes: (number | undefined)[] = [];
  cluster.informers.for(refs.pods).on({
    updated: ({ status }) => codes.push(status?.containerStatuses?.[0].state.terminated?.exitCode),
  });
  await deletion(cluster);
  assert.deepEqual(states.slice(-2), ["10s Failed app=Error deleting", "10s gone"]);
  assert.equal(codes.at(-1), 137);
});

hooks("who heeds SIGTERM ends as it likes", async (cluster, states) => {
  await cluster.run({ containers: [shell("trap 'sleep 1; exit 0' TERM; while true; do sleep 1; done")] });
  await deletion(cluster);
  assert.match(states.at(-2)!, /^[34]s Succeeded app=Completed deleting$/);
});

hooks("a second deletion shortens the time that is left", async (cluster, states) => {
  await cluster.run({ terminationGracePeriodSeconds: 300, containers: [shell("sleep 3600")] });
  await cluster.advance(2);
  await cluster.client.delete(refs.pods, "default", "p");
  await cluster.advance(10);
  await cluster.client.delete(refs.pods, "default", "p", { gracePeriodSeconds: 5 });
  await cluster.advance(30);
  assert.match(states.at(-1)!, /^1[2-7]s gone$/);
});

hooks("a liveness probe may give less time than the pod", async (cluster) => {
  const livenessProbe = {
    exec: { command: ["false"] },
    periodSeconds: 1,
    failureThreshold: 1,
    terminationGracePeriodSeconds: 4,
  };
  await cluster.run({ terminationGracePeriodSeconds: 3600, containers: [shell("sleep 3600", { livenessProbe })] });
  await cluster.advance(12);
  const [{ restartCount, lastState }] = (await cluster.pod()).status!.containerStatuses!;
  assert.equal(restartCount >= 1, true);
  assert.equal(lastState.terminated?.exitCode, 137);
  assert.equal(lastState.terminated?.reason, "Error");
});
