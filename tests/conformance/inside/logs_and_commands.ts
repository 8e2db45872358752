/** `kubectl logs`, `exec`, `debug` and `port-forward`, as the API serves them. */
import assert from "node:assert/strict";
import { BUSYBOX, IDLE, type InsideCase, type Loose, NGINX, statusOf } from "./inside_case.ts";

const writing = (script: string) => ({ image: BUSYBOX, command: ["sh", "-c", script] });

export const LOGS_AND_COMMANDS: readonly InsideCase[] = [
  {
    title: "logs: both streams, the last lines, the first bytes",
    images: [BUSYBOX],
    async run({ ended, log }) {
      // A runtime reads each stream by itself: lines of two keep their order only with time between them.
      await ended("writer", writing("echo one; echo two >&2; sleep 1; echo three"));
      assert.deepEqual((await log("writer")).split("\n").sort(), ["", "one", "three", "two"]);
      assert.equal(await log("writer", { tailLines: 1 }), "three\n");
      assert.equal((await log("writer", { limitBytes: 3 })).length, 3);
    },
  },
  {
    title: "logs: timestamps stand before each line",
    images: [BUSYBOX],
    async run({ ended, log }) {
      await ended("writer", writing("echo one"));
      assert.match(await log("writer", { timestamps: true }), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\S+) one\n$/);
    },
  },
  {
    title: "logs: of the run before the last restart, and of no run before it",
    images: [BUSYBOX],
    async run({ create, started, log, eventually }) {
      await started("steady", IDLE);
      await assert.rejects(log("steady", { previous: true }), /previous terminated container/);
      await create({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "crasher" },
        spec: { containers: [{ name: "app", ...writing("echo run; exit 3") }] },
      });
      // While the next run has just ended, the log of the one before it is gone already.
      const previous = () => log("crasher", { previous: true }).catch(() => "");
      await eventually("the log of the run before", async () => await previous() === "run\n");
    },
  },
  {
    title: "logs: a container must be named where there are two",
    images: [BUSYBOX],
    async run({ started, log, eventually }) {
      const containers = ["a", "b"].map((name) => ({ name, ...writing(`echo ${name}; sleep 3600`) }));
      await started("pair", {}, { spec: { containers } });
      await assert.rejects(log("pair"), /a container name must be specified for pod pair, choose one of: \[a b\]/);
      // It runs before it has written anything.
      await eventually("the log of b", async () => await log("pair", { container: "b" }) === "b\n");
    },
  },
  {
    title: "exec: both streams and the exit code",
    images: [BUSYBOX],
    async run({ started, exec }) {
      await started("shell", IDLE);
      assert.deepEqual(await exec("shell", ["sh", "-c", "echo out; echo err >&2; exit 7"]), {
        exitCode: 7,
        stdout: "out\n",
        stderr: "err\n",
      });
      assert.equal((await exec("shell", ["sh", "-c", "kill -9 $$"])).exitCode, 137);
    },
  },
  {
    title: "exec: what is typed reaches the command",
    images: [BUSYBOX],
    async run({ started, exec }) {
      await started("shell", IDLE);
      assert.equal((await exec("shell", ["head", "-n", "2"], { stdin: "one\ntwo\n" })).stdout, "one\ntwo\n");
    },
  },
  {
    title: "exec: a program that is not there is told",
    images: [BUSYBOX],
    async run({ started, exec }) {
      await started("shell", IDLE);
      await assert.rejects(exec("shell", ["no-such-program"]), /executable file not found in \$PATH|no such file/);
    },
  },
  {
    title: "exec: the container that is named, and the first one else",
    images: [BUSYBOX],
    async run({ started, sh }) {
      const containers = ["a", "b"].map((name) => ({ name, ...IDLE, env: [{ name: "WHO", value: name }] }));
      await started("pair", {}, { spec: { containers } });
      assert.equal(await sh("pair", "echo $WHO", { container: "b" }), "b");
    },
  },
  {
    title: "debug: an ephemeral container joins a pod that runs, and stays in its spec",
    images: [BUSYBOX, NGINX],
    async run({ started, api, namespace, get, eventually, sh }) {
      await started("web", { image: NGINX });
      const pod = await api.readNamespacedPod({ name: "web", namespace });
      const debugger_ = { name: "debugger", ...IDLE, targetContainerName: "app" };
      pod.spec!.ephemeralContainers = [debugger_ as Loose];
      await api.replaceNamespacedPodEphemeralcontainers({ name: "web", namespace, body: pod });
      await eventually(
        "the debugger",
        async () => statusOf((await get("v1", "Pod", "web"))!, "debugger")?.state?.running !== undefined,
      );
      const page = await sh("web", "wget -qO- http://127.0.0.1/", { container: "debugger" });
      assert.match(page, /Welcome to nginx/);
      pod.spec!.ephemeralContainers = [];
      await assert.rejects(
        api.replaceNamespacedPodEphemeralcontainers({ name: "web", namespace, body: pod }),
        /ephemeral|modified|Conflict|conflict/,
      );
    },
  },
  {
    title: "port-forward: bytes go to the container's port and come back",
    images: [NGINX],
    async run({ started, forward }) {
      // Without a probe it is ready before it listens.
      const readinessProbe = { httpGet: { port: 80 }, periodSeconds: 1 };
      await started("web", { image: NGINX, ports: [{ containerPort: 80 }], readinessProbe });
      const request = "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n";
      assert.match(await forward("web", 80, request, /<\/html>/), /^HTTP\/1\.1 200 OK\r\n[^]*Welcome to nginx/);
    },
  },
];
