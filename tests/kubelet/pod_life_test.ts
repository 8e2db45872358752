/** The lives of pods on virtual time: what their status says, second by second, and the events that they leave. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { nginx, shell } from "./containers.ts";
import { life } from "./life.ts";

life("a server starts and is ready", async (cluster, states) => {
  await cluster.run({ containers: [nginx] });
  assert.equal(await cluster.clock.settle(), true);
  assert.deepEqual(states, ["0s Pending", "0s Pending app=ContainerCreating", "0s Running app=ready"]);
  assert.deepEqual(await cluster.events(), [
    "Normal Scheduled: Successfully assigned default/p to node01",
    'Normal Pulled: Container image "nginx:1.27" already present on machine and can be accessed by the pod',
    "Normal Created: Container created",
    "Normal Started: Container started",
  ]);
});

life("a command that ends completes the pod", async (cluster, states) => {
  await cluster.run({ restartPolicy: "Never", containers: [shell("echo hello; sleep 3")] });
  assert.equal(await cluster.clock.settle(), true);
  // A pod is not said to have ended before all of it has.
  assert.deepEqual(states.slice(2), ["0s Running app=ready", "4s Running app=Completed", "4s Succeeded app=Completed"]);
  const { uid } = (await cluster.pod()).metadata;
  const worker = cluster.kubelets.kubelet("node01")!.workerOf(uid!);
  assert.deepEqual(worker?.runtime.containers[0].log.lines.map(({ text }) => text), ["hello"]);
});

life("a command that fails is tried again, with growing delays", async (cluster) => {
  await cluster.run({ containers: [shell("exit 3")] });
  const starts: number[] = [];
  const seen = new Set<string>();
  for (let second = 0; second < 1500; second++) {
    await cluster.advance(1);
    const { containerStatuses = [] } = (await cluster.pod()).status ?? {};
    const id = containerStatuses[0]?.containerID;
    if (id === undefined || seen.has(id)) continue;
    seen.add(id);
    starts.push(second);
  }
  const delays = starts.slice(2).map((start, i) => start - starts[i + 1]);
  // Each delay begins at the end before, and up to half of it is added by chance.
  for (const [i, delay] of delays.entries()) {
    const least = Math.min(300, 10 * 2 ** i);
    // A long delay is looked after once a minute or so.
    assert.ok(delay >= least && delay <= least * 1.5 + 92, `${i}: ${delay}s after ${least}s`);
  }
  assert.ok(delays.length >= 5, String(delays));
  const { lastState, state } = (await cluster.pod()).status!.containerStatuses![0];
  assert.equal((lastState.terminated ?? state.terminated)?.exitCode, 3);
  const events = await cluster.events();
  const { uid } = (await cluster.pod()).metadata;
  assert.match(events.at(-1)!, /^Warning BackOff: Back-off restarting failed container app in pod p_default\(/);
  assert.ok(events.at(-1)!.includes(uid!));
});

life("a command that nobody knows", async (cluster) => {
  await cluster.run({ containers: [{ ...nginx, command: ["pyhton"] }] });
  await cluster.advance(5);
  const [{ state, lastState, restartCount }] = (await cluster.pod()).status!.containerStatuses!;
  const message =
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create " +
    "failed: unable to start container process: error during container init: " +
    'exec: "pyhton": executable file not found in $PATH';
  assert.deepEqual(state.waiting, { reason: "RunContainerError", message });
  assert.equal(lastState.terminated?.exitCode, 128);
  assert.equal(lastState.terminated?.reason, "StartError");
  assert.equal(restartCount, 1);
  assert.ok((await cluster.events()).includes(`Warning Failed: Error: ${message} (x2)`));
});

life("init containers run one after the other", async (cluster, states) => {
  const init = (name: string, script: string) => shell(script, { name });
  await cluster.run({ initContainers: [init("one", "true"), init("two", "sleep 2")], containers: [nginx] });
  assert.equal(await cluster.clock.settle(), true);
  assert.deepEqual(states, [
    "0s Pending",
    "0s Pending one=PodInitializing two=PodInitializing app=PodInitializing",
    "0s Pending one=running two=PodInitializing app=PodInitializing",
    "1s Pending one=Completed two=PodInitializing app=PodInitializing",
    "1s Pending one=Completed two=running app=PodInitializing",
    "4s Pending one=Completed two=Completed app=PodInitializing",
    "4s Running one=Completed two=Completed app=ready",
  ]);
});

life("an init container that fails ends a pod that is never restarted", async (cluster) => {
  await cluster.run({
    restartPolicy: "Never",
    initContainers: [shell("exit 1", { name: "one" })],
    containers: [nginx],
  });
  assert.equal(await cluster.clock.settle(), true);
  const { phase, conditions = [] } = (await cluster.pod()).status!;
  assert.equal(phase, "Failed");
  assert.deepEqual(
    conditions.find(({ type }) => type === "Initialized")?.message,
    "containers with incomplete status: [one]",
  );
});

life("a sidecar starts first, stays, and is stopped last", async (cluster, states) => {
  await cluster.run({
    restartPolicy: "Never",
    initContainers: [{ ...nginx, name: "side", restartPolicy: "Always" }],
    containers: [shell("sleep 2")],
  });
  assert.equal(await cluster.clock.settle(), true);
  assert.equal(states.at(-1)?.slice(3), "Succeeded side=Completed app=Completed");
  assert.ok(states.some((state) => state.endsWith("Running side=ready app=ready")), states.join("\n"));
  assert.ok((await cluster.events()).includes("Normal Killing: Stopping container side"));
});

life("a ConfigMap that is missing", async (cluster) => {
  await cluster.run({ containers: [{ ...nginx, envFrom: [{ configMapRef: { name: "ghost" } }] }] });
  await cluster.advance(3);
  const waiting = async () => (await cluster.pod()).status!.containerStatuses![0].state.waiting;
  assert.deepEqual(await waiting(), { reason: "CreateContainerConfigError", message: 'configmap "ghost" not found' });
  await cluster.client.create(refs.configMaps, { metadata: { name: "ghost", namespace: "default" }, data: { A: "1" } });
  await cluster.advance(20);
  assert.equal((await cluster.pod()).status?.phase, "Running");
});

life("a key that is missing", async (cluster) => {
  await cluster.client.create(refs.secrets, { metadata: { name: "s", namespace: "default" }, data: { A: btoa("1") } });
  const env = [{ name: "B", valueFrom: { secretKeyRef: { name: "s", key: "B" } } }];
  await cluster.run({ containers: [{ ...nginx, env }] });
  await cluster.advance(3);
  const { waiting } = (await cluster.pod()).status!.containerStatuses![0].state;
  assert.equal(waiting?.message, "couldn't find key B in Secret default/s");
});

life("a volume that is missing", async (cluster) => {
  await cluster.run({
    volumes: [{ name: "v", secret: { secretName: "ghost" } }],
    containers: [{ ...nginx, volumeMounts: [{ name: "v", mountPath: "/v" }] }],
  });
  await cluster.advance(5);
  const { status } = await cluster.pod();
  assert.equal(status?.containerStatuses?.[0].state.waiting?.reason, "ContainerCreating");
  assert.equal(status?.podIP, undefined);
  const [, failed] = await cluster.events();
  assert.match(
    failed,
    /^Warning FailedMount: MountVolume\.SetUp failed for volume "v" : secret "ghost" not found \(x\d\)$/,
  );
  await cluster.client.create(refs.secrets, { metadata: { name: "ghost", namespace: "default" } });
  await cluster.advance(10);
  assert.equal((await cluster.pod()).status?.phase, "Running");
});

life("a container that uses too much memory", async (cluster) => {
  await cluster.run({
    restartPolicy: "Never",
    containers: [{
      name: "app",
      image: "polinux/stress",
      command: ["stress"],
      args: ["--vm", "1", "--vm-bytes", "250M"],
      resources: { limits: { memory: "100Mi" } },
    }],
  });
  assert.equal(await cluster.clock.settle(), true);
  const { phase, containerStatuses = [] } = (await cluster.pod()).status!;
  assert.equal(phase, "Failed");
  assert.equal(containerStatuses[0].state.terminated?.reason, "OOMKilled");
  assert.equal(containerStatuses[0].state.terminated?.exitCode, 137);
});

life("a pod given to a node that cannot take it", async (cluster) => {
  await cluster.run({ nodeName: "node01", containers: [{ ...nginx, resources: { requests: { cpu: "3" } } }] });
  await cluster.advance(2);
  const { phase, reason, message } = (await cluster.pod()).status!;
  assert.deepEqual([phase, reason], ["Failed", "OutOfcpu"]);
  const why = "Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 2000";
  assert.equal(message, `Pod was rejected: ${why}`);
  assert.deepEqual(await cluster.events(), [`Warning OutOfcpu: ${why}`]);
});

for (
  const [what, name, why] of [
    ["is the whole node's", "kernel.msgmax", '"kernel.msgmax" not allowlisted'],
    ["written with slashes", "net/core/somaxconn", '"net.core.somaxconn" not allowlisted'],
    ["of the pod's own", "net/ipv4/tcp_syncookies", undefined],
  ] as const
) {
  life(`a kernel setting that is ${what}`, async (cluster) => {
    await cluster.run({ securityContext: { sysctls: [{ name, value: "1" }] }, containers: [nginx] });
    await cluster.advance(3);
    const { phase, reason, message } = (await cluster.pod()).status!;
    assert.deepEqual([phase, reason], why === undefined ? ["Running", undefined] : ["Failed", "SysctlForbidden"]);
    if (why !== undefined) {
      assert.ok(message!.startsWith("Pod was rejected: forbidden sysctl: ") && message!.includes(why));
    }
  });
}

life("a hook that fails ends the container", async (cluster) => {
  await cluster.run({ containers: [{ ...nginx, lifecycle: { postStart: { exec: { command: ["false"] } } } }] });
  await cluster.advance(3);
  const { waiting } = (await cluster.pod()).status!.containerStatuses![0].state;
  assert.equal(waiting?.reason, "PostStartHookError");
  const events = await cluster.events();
  assert.ok(events.some((event) => event.startsWith("Warning FailedPostStartHook: PostStartHook failed")));
  assert.ok(events.some((event) => event.startsWith("Normal Killing: FailedPostStartHook")));
});

life("the last words of a container", async (cluster) => {
  const script = "echo why > /dev/termination-log; exit 1";
  await cluster.run({ restartPolicy: "Never", containers: [shell(script)] });
  assert.equal(await cluster.clock.settle(), true);
  assert.equal((await cluster.pod()).status!.containerStatuses![0].state.terminated?.message, "why\n");
});

life("a container's environment", async (cluster) => {
  await cluster.client.create(refs.configMaps, {
    metadata: { name: "c", namespace: "default" },
    data: { COLOR: "blue" },
  });
  const env = [
    { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
    { name: "TEXT", value: "$(COLOR) on $(NODE), $(UNKNOWN), $$(COLOR)" },
  ];
  const envFrom = [{ configMapRef: { name: "c" } }];
  await cluster.run({ restartPolicy: "Never", containers: [shell('echo "$TEXT"', { env, envFrom })] });
  assert.equal(await cluster.clock.settle(), true);
  const { metadata, spec } = await cluster.pod();
  const { runtime } = cluster.kubelets.kubelet(spec!.nodeName!)!.workerOf(metadata.uid!)!;
  assert.equal(runtime.containers[0].log.lines[0].text, "blue on node01, $(UNKNOWN), $(COLOR)");
});

life("another image makes another container", async (cluster) => {
  await cluster.run({ containers: [nginx] });
  await cluster.clock.settle();
  const body = { spec: { containers: [{ name: "app", image: "nginx:1.28" }] } };
  await cluster.client.patch(refs.pods, "default", "p", { type: "strategic", body });
  await cluster.clock.settle();
  const [{ restartCount, image, lastState }] = (await cluster.pod()).status!.containerStatuses!;
  assert.deepEqual([restartCount, image], [1, "docker.io/library/nginx:1.28"]);
  assert.equal(lastState.terminated?.reason, "Completed");
  assert.ok((await cluster.events()).includes("Normal Killing: Container app definition changed, will be restarted"));
});

life("a container to look into a pod with", async (cluster) => {
  const pod = await cluster.run({ containers: [nginx] });
  await cluster.clock.settle();
  const debug = { name: "debug", image: "busybox:1.36", command: ["sleep", "30"], targetContainerName: "app" };
  const current = await cluster.client.get<typeof pod>(refs.pods, "default", "p");
  const body = { spec: { ephemeralContainers: [debug] } };
  await cluster.client.patch(refs.pods, "default", "p", {
    type: "strategic",
    body,
    subresource: "ephemeralcontainers",
  });
  await cluster.advance(2);
  const [{ state, ready, restartCount }] = (await cluster.pod()).status!.ephemeralContainerStatuses!;
  assert.notEqual(state.running, undefined);
  assert.deepEqual([ready, restartCount], [false, 0]);
  await cluster.advance(40);
  const [after] = (await cluster.pod()).status!.ephemeralContainerStatuses!;
  assert.equal(after.state.terminated?.reason, "Completed");
  assert.equal((await cluster.pod()).status?.phase, "Running");
  assert.equal(current.spec!.ephemeralContainers, undefined);
});

life("a readiness gate that another opens", async (cluster) => {
  await cluster.run({ readinessGates: [{ conditionType: "example.com/open" }], containers: [nginx] });
  await cluster.clock.settle();
  const ready = async () => (await cluster.pod()).status!.conditions!.find(({ type }) => type === "Ready")!;
  assert.equal((await ready()).reason, "ReadinessGatesNotReady");
  const why = 'corresponding condition of pod readiness gate "example.com/open" does not exist.';
  assert.equal((await ready()).message, why);
  const condition = { type: "example.com/open", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" };
  const body = { status: { conditions: [condition] } };
  await cluster.client.patch(refs.pods, "default", "p", { type: "strategic", body, subresource: "status" });
  await cluster.clock.settle();
  assert.equal((await ready()).status, "True");
});

life("two servers of a pod that want the same port", async (cluster) => {
  await cluster.run({ containers: [nginx, { ...nginx, name: "second" }] });
  await cluster.advance(30);
  const { containerStatuses = [] } = (await cluster.pod()).status!;
  const [first, second] = containerStatuses;
  assert.equal(first.ready, true);
  assert.ok(second.restartCount >= 1);
  assert.equal((second.lastState.terminated ?? second.state.terminated)?.exitCode, 1);
  const { metadata, spec } = await cluster.pod();
  const { runtime } = cluster.kubelets.kubelet(spec!.nodeName!)!.workerOf(metadata.uid!)!;
  const { log } = runtime.containers.find(({ name, state }) => name === "second" && state === "exited")!;
  const said = log.lines.map(({ text }) => text).filter((text) => text.startsWith("nginx: [emerg]"));
  assert.deepEqual(said, [
    ...Array<string>(5).fill("nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)"),
    "nginx: [emerg] still could not bind()",
  ]);
});

life("a container that uses too much memory again and again", async (cluster) => {
  const { metadata: { uid } } = await cluster.run({
    containers: [{
      name: "app",
      image: "polinux/stress",
      command: ["stress", "--vm", "1", "--vm-bytes", "250M"],
      resources: { limits: { memory: "100Mi" } },
    }],
  });
  await cluster.advance(60);
  const { phase, containerStatuses = [], conditions = [] } = (await cluster.pod()).status!;
  const [{ state, lastState, ready, restartCount }] = containerStatuses;
  assert.deepEqual([phase, ready], ["Running", false]);
  assert.ok(restartCount >= 2);
  assert.match(state.waiting?.reason ?? state.terminated?.reason ?? "", /^(CrashLoopBackOff|OOMKilled)$/);
  const { reason, exitCode } = (lastState.terminated ?? state.terminated)!;
  assert.deepEqual([reason, exitCode], ["OOMKilled", 137]);
  if (state.waiting !== undefined) {
    const format = `back-off \\d+s restarting failed container=app pod=p_default\\(${uid}\\)`;
    assert.match(state.waiting.message!, new RegExp(`^${format}$`));
  }
  const unready = conditions.find(({ type }) => type === "Ready")!;
  assert.deepEqual([unready.reason, unready.message], [
    "ContainersNotReady",
    "containers with unready status: [app]",
  ]);
  const backOff = `Warning BackOff: Back-off restarting failed container app in pod p_default(${uid})`;
  assert.ok((await cluster.events()).some((event) => event.startsWith(backOff)));
});
