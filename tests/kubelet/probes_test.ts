/** Probes on virtual time: readiness, restarts by liveness, and startup that holds both back. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import type { TestCluster } from "./cluster.ts";
import { type Container, nginx, withCluster } from "./containers.ts";

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

Deno.test("probes: the server is told the port with its name", () =>
  withCluster(async (cluster) => {
    const config = "server { listen 80; if ($http_host ~ :80$) { return 204; } return 500; }";
    const data = { "default.conf": config };
    await cluster.client.create(refs.configMaps, { metadata: { name: "c", namespace: "default" }, data });
    await cluster.run({
      volumes: [{ name: "v", configMap: { name: "c" } }],
      containers: [{
        ...nginx,
        volumeMounts: [{ name: "v", mountPath: "/etc/nginx/conf.d" }],
        readinessProbe: { httpGet: { port: 80 } },
      }],
    });
    assert.equal(await cluster.clock.settle(), true);
    assert.equal(await isReady(cluster), true);
  }));

Deno.test("probes: a port where nobody listens", () =>
  withCluster(async (cluster) => {
    await cluster.run({ containers: [{ ...nginx, readinessProbe: { tcpSocket: { port: 8080 } } }] });
    await cluster.advance(30);
    assert.match(
      (await unhealthy(cluster))[0],
      /^Warning Unhealthy: Readiness probe failed: dial tcp 10\.244\.\d\.2:8080: connect: connection refused/,
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

Deno.test("probes: what is killed is started at once the first two times, and later each time after", () =>
  withCluster(async (cluster) => {
    await cluster.run({
      terminationGracePeriodSeconds: 1,
      containers: [{
        name: "app",
        image: "busybox:1.36",
        command: ["sleep", "600"],
        livenessProbe: { exec: { command: ["false"] }, periodSeconds: 1, failureThreshold: 2 },
      }],
    });
    const status = async () => (await cluster.pod()).status!.containerStatuses![0];
    await cluster.advance(9);
    assert.equal((await status()).restartCount, 2);
    assert.ok((await status()).state.running);
    await cluster.advance(5);
    assert.equal((await status()).restartCount, 2);
    assert.match((await status()).state.waiting!.message!, /^back-off 10s restarting failed container=app /);
    await cluster.advance(12);
    assert.equal((await status()).restartCount, 3);
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

const failures = async (cluster: TestCluster, reason = "Unhealthy") =>
  (await unhealthyOf(cluster, reason)).map((event) => event.replace(/ \(x\d+\)$/, ""));
const unhealthyOf = async (cluster: TestCluster, reason: string) =>
  (await cluster.events()).filter((event) => event.startsWith(`Warning ${reason}: `))
    .map((event) => event.slice(`Warning ${reason}: `.length));

const health = (args: readonly string[] = []): Container => ({
  name: "app",
  image: "registry.k8s.io/e2e-test-images/agnhost:2.53",
  args: ["grpc-health-checking", ...args],
});

Deno.test("probes: a gRPC server that is healthy, and one that is no longer", () =>
  withCluster(async (cluster) => {
    const probe = { grpc: { port: 5000 }, periodSeconds: 5 };
    const args = ["--delay-unhealthy-sec=20"];
    await cluster.run({ containers: [{ ...health(args), readinessProbe: probe, livenessProbe: probe }] });
    await cluster.advance(10);
    assert.equal(await isReady(cluster), true);
    assert.deepEqual(await failures(cluster), []);
    await cluster.advance(40);
    assert.deepEqual(
      new Set(await failures(cluster)),
      new Set([
        'Readiness probe failed: service unhealthy (responded with "NOT_SERVING")',
        'Liveness probe failed: service unhealthy (responded with "NOT_SERVING")',
      ]),
    );
    assert.ok((await cluster.events()).some((event) =>
      event.startsWith("Normal Killing: Container app failed liveness probe, will be restarted")
    ));
    assert.equal((await cluster.pod()).status!.containerStatuses![0].restartCount, 1);
  }));

Deno.test("probes: a gRPC service that the server does not know", () =>
  withCluster(async (cluster) => {
    const readinessProbe = { grpc: { port: 5000, service: "orders" } };
    await cluster.run({ containers: [{ ...health(), readinessProbe }] });
    await cluster.advance(8);
    const why = "rpc error: code = NotFound desc = unknown service";
    assert.deepEqual(await failures(cluster), [`Readiness probe failed: error: health rpc probe failed: ${why}`]);
  }));

Deno.test("probes: a server that speaks no gRPC, and none at all", () =>
  withCluster(async (cluster) => {
    const containers = [{ ...nginx, readinessProbe: { grpc: { port: 80 } } }, {
      ...health(["--service=orders", "--http-port=8081"]),
      name: "other",
      readinessProbe: { grpc: { port: 5001 }, timeoutSeconds: 3 },
    }];
    await cluster.run({ containers });
    await cluster.advance(12);
    const { podIP } = (await cluster.pod()).status!;
    const failed = (port: number, seconds: number) =>
      `Readiness probe failed: timeout: failed to connect service "${podIP}:${port}" within ${seconds}s: ` +
      "context deadline exceeded";
    assert.deepEqual(new Set(await failures(cluster)), new Set([failed(80, 1), failed(5001, 3)]));
  }));

Deno.test("probes: etcd says by gRPC that it is well", () =>
  withCluster(async (cluster) => {
    await cluster.run({
      containers: [{
        name: "etcd",
        image: "registry.k8s.io/etcd:3.5.1-0",
        command: ["/usr/local/bin/etcd", "--data-dir", "/var/lib/etcd"],
        livenessProbe: { grpc: { port: 2379 }, initialDelaySeconds: 10 },
      }],
    });
    await cluster.advance(60);
    assert.deepEqual(await failures(cluster), []);
    assert.equal((await cluster.pod()).status!.containerStatuses![0].restartCount, 0);
  }));

Deno.test("probes: containers of a pod share its ports", () =>
  withCluster(async (cluster) => {
    const asking = { name: "asking", image: "busybox:1.36", command: ["sleep", "3600"] };
    await cluster.run({ containers: [nginx, { ...asking, readinessProbe: { tcpSocket: { port: 80 } } }] });
    await cluster.advance(8);
    assert.deepEqual((await cluster.pod()).status!.containerStatuses!.map(({ ready }) => ready), [true, true]);
  }));

Deno.test("probes: a host that is not the pod", () =>
  withCluster(async (cluster) => {
    const readinessProbe = { httpGet: { host: "127.0.0.1", port: 8080, path: "/healthz" } };
    await cluster.run({ containers: [{ ...nginx, readinessProbe }] });
    await cluster.advance(8);
    const why = 'Get "http://127.0.0.1:8080/healthz": dial tcp 127.0.0.1:8080: connect: connection refused';
    assert.deepEqual(await failures(cluster), [`Readiness probe failed: ${why}`]);
  }));

Deno.test("probes: a command that does not exist tells nothing of the container", () =>
  withCluster(async (cluster) => {
    const livenessProbe = { exec: { command: ["grpc_health_probe", "-addr=:5000"] }, periodSeconds: 1 };
    await cluster.run({ containers: [{ ...nginx, livenessProbe }] });
    await cluster.advance(8);
    const [first] = await failures(cluster);
    assert.match(
      first,
      /^Liveness probe errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "grpc_health_probe": executable file not found in \$PATH$/,
    );
    assert.equal((await cluster.pod()).status!.containerStatuses![0].restartCount, 0);
  }));

Deno.test("probes: a command that takes too long", () =>
  withCluster(async (cluster) => {
    const readinessProbe = { exec: { command: ["sh", "-c", "sleep 5"] }, periodSeconds: 5 };
    await cluster.run({
      containers: [{ name: "app", image: "busybox:1.36", command: ["sleep", "3600"], readinessProbe }],
    });
    await cluster.advance(8);
    assert.deepEqual(await failures(cluster), [
      'Readiness probe failed: command timed out: "sh -c sleep 5" timed out after 1s',
    ]);
  }));

Deno.test("probes: a port that the container does not name", () =>
  withCluster(async (cluster) => {
    const ports = [{ name: "http", containerPort: 80 }];
    await cluster.run({ containers: [{ ...nginx, ports, readinessProbe: { httpGet: { port: "web" } } }] });
    await cluster.advance(8);
    const why = 'strconv.Atoi: parsing "web": invalid syntax';
    assert.deepEqual(await failures(cluster), [`Readiness probe errored and resulted in unknown state: ${why}`]);
    assert.equal(await isReady(cluster), false);
  }));

Deno.test("probes: nobody asks a container that has ended for good", () =>
  withCluster(async (cluster) => {
    await cluster.run({
      restartPolicy: "Never",
      containers: [nginx, {
        name: "task",
        image: "busybox:1.36",
        command: ["true"],
        livenessProbe: { exec: { command: ["true"] }, periodSeconds: 1 },
      }],
    });
    assert.equal(await cluster.clock.settle({ limit: 60_000 }), true);
  }));
