/** Probes on virtual time: readiness, restarts by liveness, and startup that holds both back. */
import assert from "node:assert/strict";
import { type TestCluster, testCluster } from "./cluster.ts";

type Container = NonNullable<Parameters<TestCluster["run"]>[0]["containers"]>[number];

const nginx: Container = { name: "app", image: "nginx:1.27" };

async function withCluster(run: (cluster: TestCluster) => Promise<void>): Promise<void> {
  const cluster = await testCluster();
  try {
    await run(cluster);
  } finally {
    cluster.stop();
  }
}

const isReady = async (cluster: TestCluster) => (await cluster.pod()).status!.containerStatuses![0].ready;
const unhealthy = async (cluster: TestCluster) =>
  (await cluster.events()).filter((event) => event.startsWith("Warning Unhealthy"));

Deno.test("probes: a page that is served makes a container ready", () =>
  withCluster(async (cluster) => {
    await cluster.run({ containers: [{ ...nginx, readinessProbe: { httpGet: { path: "/", port: 80 } } }] });
    assert.equal(await cluster.clock.settle(), true);
    assert.equal(await isReady(cluster), true);
    assert.deepEqual(await unhealthy(cluster), []);
  }));

Deno.test("probes: a page that is not served", () =>
  withCluster(async (cluster) => {
    await cluster.run({ containers: [{ ...nginx, readinessProbe: { httpGet: { path: "/ready", port: 80 } } }] });
    await cluster.advance(30);
    assert.equal(await isReady(cluster), false);
    assert.match(
      (await unhealthy(cluster))[0],
      /^Warning Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404/,
    );
  }));

Deno.test("probes: a port where nobody listens", () =>
  withCluster(async (cluster) => {
    await cluster.run({ containers: [{ ...nginx, readinessProbe: { tcpSocket: { port: 8080 } } }] });
    await cluster.advance(30);
    assert.match(
      (await unhealthy(cluster))[0],
      /^Warning Unhealthy: Readiness probe failed: dial tcp 10\.244\.1\.2:8080: connect: connection refused/,
    );
  }));

Deno.test("probes: a delay is waited for", () =>
  withCluster(async (cluster) => {
    const readinessProbe = { initialDelaySeconds: 20, periodSeconds: 5, tcpSocket: { port: 80 } };
    await cluster.run({ containers: [{ ...nginx, readinessProbe }] });
    await cluster.advance(18);
    assert.equal(await isReady(cluster), false);
    await cluster.advance(8);
    assert.equal(await isReady(cluster), true);
  }));

Deno.test("probes: a container that is not alive is started anew", () =>
  withCluster(async (cluster) => {
    const script = "touch /tmp/healthy; sleep 10; rm /tmp/healthy; sleep 600";
    await cluster.run({
      terminationGracePeriodSeconds: 2,
      containers: [{
        name: "app",
        image: "busybox:1.36",
        command: ["sh", "-c", script],
        livenessProbe: { exec: { command: ["cat", "/tmp/healthy"] }, periodSeconds: 5 },
      }],
    });
    await cluster.advance(40);
    const [{ restartCount, lastState }] = (await cluster.pod()).status!.containerStatuses!;
    assert.equal(restartCount, 1);
    assert.equal(lastState.terminated?.exitCode, 137);
    const events = await cluster.events();
    const problem = "cat: can't open '/tmp/healthy': No such file or directory";
    assert.ok(events.some((event) => event.startsWith(`Warning Unhealthy: Liveness probe failed: ${problem}`)));
    assert.ok(events.includes("Normal Killing: Container app failed liveness probe, will be restarted"));
  }));

Deno.test("probes: startup holds the others back, and restarts in the end", () =>
  withCluster(async (cluster) => {
    await cluster.run({
      containers: [{
        ...nginx,
        startupProbe: { exec: { command: ["false"] }, periodSeconds: 1, failureThreshold: 5 },
        livenessProbe: { tcpSocket: { port: 9 }, periodSeconds: 1 },
      }],
    });
    await cluster.advance(4);
    const [before] = (await cluster.pod()).status!.containerStatuses!;
    assert.equal(before.started, false);
    await cluster.advance(6);
    const events = await cluster.events();
    assert.ok(
      events.includes("Normal Killing: Container app failed startup probe, will be restarted"),
      events.join("\n"),
    );
    assert.equal(events.some((event) => event.includes("Liveness")), false);
  }));
