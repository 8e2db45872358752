/** Rules by which single containers, or all of a pod's, start again. */
import assert from "node:assert/strict";
import { oneNode, type TestCluster } from "./cluster.ts";
import { type Container, namedShell as shell, withCluster } from "./containers.ts";
import { recordStates } from "./transcript.ts";

/** What a container does when it ends with one of some codes. */
const on = (action: string, operator: string, ...values: number[]): Partial<Container> => ({
  restartPolicy: "Never",
  restartPolicyRules: [{ action, exitCodes: { operator, values } }],
});

function rules(name: string, run: (cluster: TestCluster, states: string[]) => Promise<void>): void {
  Deno.test(`restart rules: ${name}`, () =>
    withCluster((cluster) => run(cluster, recordStates(cluster)), { nodes: oneNode }));
}

const condition = async (cluster: TestCluster) =>
  (await cluster.pod()).status!.conditions!.find(({ type }) => type === "AllContainersRestarting");

rules("a code that is listed starts a container again that would not", async (cluster) => {
  await cluster.run({ restartPolicy: "Never", containers: [shell("app", "exit 42", on("Restart", "In", 42))] });
  await cluster.advance(5);
  const { phase, containerStatuses } = (await cluster.pod()).status!;
  assert.equal(phase, "Running");
  assert.equal(containerStatuses![0].restartCount, 1);
  assert.equal(await condition(cluster), undefined);
});

rules("a code that is not listed ends it", async (cluster) => {
  await cluster.run({ restartPolicy: "Always", containers: [shell("app", "exit 1", on("Restart", "In", 42))] });
  await cluster.advance(5);
  assert.equal((await cluster.pod()).status!.phase, "Failed");
});

rules("all codes but those that are listed", async (cluster) => {
  await cluster.run({
    restartPolicy: "Never",
    containers: [shell("app", "exit 3", on("Restart", "NotIn", 0, 42)), shell("other", "sleep 60")],
  });
  await cluster.advance(5);
  assert.equal((await cluster.pod()).status!.containerStatuses![0].restartCount, 1);
});

rules("a container that fails its probe is judged by its policy alone", async (cluster) => {
  const livenessProbe = { exec: { command: ["false"] }, periodSeconds: 1, failureThreshold: 1 };
  await cluster.run({
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 2,
    containers: [shell("app", "sleep 3600", { ...on("Restart", "In", 42), livenessProbe })],
  });
  await cluster.advance(6);
  assert.ok((await cluster.events()).includes("Normal Killing: Container app failed liveness probe"));
  assert.equal((await cluster.pod()).status?.phase, "Failed");
});

rules("one container's end starts all anew, the init containers too", async (cluster, states) => {
  const { metadata: { uid } } = await cluster.run({
    restartPolicy: "Never",
    initContainers: [shell("init", "sleep 1")],
    containers: [
      shell("app", "sleep 5; test -e /shared/again && sleep 3600; touch /shared/again; exit 88", {
        ...on("RestartAllContainers", "In", 88),
        volumeMounts: [{ name: "shared", mountPath: "/shared" }],
      }),
      shell("side", "trap 'exit 0' TERM; while true; do sleep 1; done"),
    ],
    volumes: [{ name: "shared", emptyDir: {} }],
  });
  await cluster.advance(5);
  assert.deepEqual([(await condition(cluster))?.status, (await condition(cluster))?.reason], ["False", undefined]);
  const ip = (await cluster.pod()).status!.podIP;
  await cluster.advance(5);
  assert.ok(
    states.some((state) => state.includes("init=RestartingAllContainers/1 app=RestartingAllContainers/1")),
    states.join("\n"),
  );
  await cluster.advance(10);
  const pod = await cluster.pod();
  const { phase, podIP, conditions, initContainerStatuses, containerStatuses = [] } = pod.status!;
  assert.deepEqual([pod.metadata.uid, phase, podIP], [uid, "Running", ip]);
  assert.deepEqual([...initContainerStatuses!, ...containerStatuses].map(({ restartCount }) => restartCount), [
    1,
    1,
    1,
  ]);
  assert.deepEqual(containerStatuses.map(({ ready }) => ready), [true, true]);
  const { reason, message, exitCode } = containerStatuses[0].lastState.terminated!;
  assert.deepEqual({ reason, message, exitCode }, {
    reason: "RestartingAllContainers",
    message: "The container is removed because RestartAllContainers in place",
    exitCode: 137,
  });
  assert.equal(conditions!.find(({ type }) => type === "Initialized")?.status, "True");
  assert.equal((await condition(cluster))?.status, "False");
  assert.ok((await cluster.events()).includes("Normal Killing: killing"));
});

rules("the condition says why while it is under way", async (cluster) => {
  const seen = new Set<string>();
  await cluster.run({
    restartPolicy: "Never",
    containers: [shell("app", "sleep 2; exit 1", on("RestartAllContainers", "In", 1)), shell("side", "sleep 3600")],
  });
  for (let i = 0; i < 20; i++) {
    await cluster.advance(0.25);
    const { status, reason = "", message = "" } = await condition(cluster) ?? { status: "" };
    seen.add([status, reason, message].join(" ").trim());
  }
  assert.ok(
    seen.has("True RestartAllContainersStarted container exited with restart policy rule"),
    [...seen].join("\n"),
  );
});
