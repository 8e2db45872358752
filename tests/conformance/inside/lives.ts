/** How containers begin, end, are probed and are started again. */
import assert from "node:assert/strict";
import { BUSYBOX, IDLE, type Inside, type InsideCase, type Loose, NGINX, statusOf } from "./inside_case.ts";

const script = (text: string) => ({ image: BUSYBOX, command: ["sh", "-c", text] });
const terminated = (pod: Loose, container = "app") => statusOf(pod, container).state.terminated;

/** Waits for a state of a pod that is made from `spec`. */
async function until(
  { create, eventually, get }: Inside,
  spec: object,
  what: string,
  holds: (pod: Loose) => boolean,
): Promise<Loose> {
  await create({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec });
  return await eventually(what, async () => {
    const found = await get("v1", "Pod", "p");
    return found !== undefined && holds(found) ? found : undefined;
  });
}

export const LIVES: readonly InsideCase[] = [
  {
    title: "an end by an exit code, and the pod's phase",
    images: [BUSYBOX],
    async run({ ended }) {
      const failed = await ended("failed", script("exit 3"));
      assert.deepEqual([failed.status.phase, terminated(failed).exitCode, terminated(failed).reason], [
        "Failed",
        3,
        "Error",
      ]);
      const done = await ended("done", script("true"));
      assert.deepEqual([done.status.phase, terminated(done).exitCode, terminated(done).reason], [
        "Succeeded",
        0,
        "Completed",
      ]);
    },
  },
  {
    title: "a command that is not there",
    images: [BUSYBOX],
    async run({ ended }) {
      const pod = await ended("typo", { image: BUSYBOX, command: ["no-such-program"] });
      assert.equal(terminated(pod).exitCode, 128);
      assert.match(terminated(pod).reason, /StartError|ContainerCannotRun/);
      assert.match(terminated(pod).message, /executable file not found in \$PATH/);
    },
  },
  {
    title: "memory beyond the limit",
    images: [BUSYBOX],
    async run({ ended }) {
      const resources = { limits: { memory: "16Mi" } };
      const pod = await ended("greedy", { ...script("x=a; while true; do x=$x$x; done"), resources });
      assert.deepEqual([terminated(pod).exitCode, terminated(pod).reason], [137, "OOMKilled"]);
    },
  },
  {
    title: "a termination message from its file, else from the log where that is asked for",
    images: [BUSYBOX],
    async run({ ended }) {
      const written = await ended("written", script("echo because > /dev/termination-log; exit 1"));
      assert.equal(terminated(written).message.trim(), "because");
      const logged = await ended("logged", {
        ...script("echo last words; exit 1"),
        terminationMessagePolicy: "FallbackToLogsOnError",
      });
      assert.equal(terminated(logged).message.trim(), "last words");
    },
  },
  {
    title: "the end: SIGTERM that is handled, and SIGKILL after the time of grace",
    images: [BUSYBOX],
    async run({ cluster, ref, started, get, eventually }) {
      const hold = { finalizers: ["example.com/hold"] };
      const handled = script("trap 'exit 5' TERM; while true; do sleep 1; done");
      const deaf = script("trap '' TERM; while true; do sleep 1; done");
      await started("p", {}, {
        spec: { terminationGracePeriodSeconds: 3, containers: [{ name: "a", ...handled }, { name: "b", ...deaf }] },
      });
      const pod = ref("v1", "Pod", "p");
      await cluster.objects.patch(pod, { type: "merge", body: { metadata: hold } });
      await cluster.objects.delete(pod);
      const last = await eventually("both ends", async () => {
        const found = await get("v1", "Pod", "p") as Loose;
        return terminated(found, "a") && terminated(found, "b") ? found : undefined;
      });
      assert.deepEqual([terminated(last, "a").exitCode, terminated(last, "b").exitCode], [5, 137]);
      await cluster.objects.patch(pod, { type: "merge", body: { metadata: { finalizers: null } } });
    },
  },
  {
    title: "hooks: postStart is done before the container counts as started, preStop before its end",
    images: [BUSYBOX],
    async run({ cluster, ref, started, sh, says }) {
      const volumeMounts = [{ name: "data", mountPath: "/data" }];
      const volumes = [{
        name: "data",
        hostPath: { path: `/tmp/hooks-${crypto.randomUUID()}`, type: "DirectoryOrCreate" },
      }];
      const exec = (word: string) => ({ exec: { command: ["sh", "-c", `echo ${word} >> /data/hooks`] } });
      const { spec: { nodeName } } = await started("p", {
        ...IDLE,
        volumeMounts,
        lifecycle: { postStart: exec("begin"), preStop: exec("end") },
      }, { spec: { volumes } });
      assert.equal(await sh("p", "cat /data/hooks"), "begin");
      await started("witness", { ...IDLE, volumeMounts }, { spec: { volumes, nodeName } });
      await cluster.objects.delete(ref("v1", "Pod", "p"));
      await says("witness", "cat /data/hooks", /^begin\nend\n$/);
    },
  },
  {
    title: "a container that ends is started again, later each time",
    images: [BUSYBOX],
    async run(inside) {
      const spec = { containers: [{ name: "app", ...script("exit 1") }] };
      const pod = await until(inside, spec, "the second restart", (pod) => statusOf(pod)?.restartCount >= 2);
      const { state, lastState: { terminated: { finishedAt, exitCode } } } = statusOf(pod);
      assert.equal(exitCode, 1);
      // The first restart came at once, the second after ten seconds.
      const { startedAt } = state.running ?? state.terminated;
      assert.ok(Date.parse(startedAt) - Date.parse(finishedAt) >= 10_000, `${finishedAt} to ${startedAt}`);
      await inside.eventually(
        "the event",
        async () =>
          (await inside.list("v1", "Event") as readonly Loose[]).some(({ reason, message }) =>
            reason === "BackOff" && /^Back-off restarting failed container app in pod p_/.test(message)
          ),
      );
    },
  },
  {
    title: "init containers run one after the other, and each must end well",
    images: [BUSYBOX],
    async run({ started, sh, create, eventually, get }) {
      const volumeMounts = [{ name: "data", mountPath: "/data" }];
      const initContainers = ["one", "two"].map((name) => ({
        name,
        ...script(`echo ${name} >> /data/order`),
        volumeMounts,
      }));
      await started("p", { ...IDLE, volumeMounts }, {
        spec: { initContainers, volumes: [{ name: "data", emptyDir: {} }] },
      });
      assert.equal(await sh("p", "cat /data/order"), "one\ntwo");
      await create({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "stuck" },
        spec: {
          restartPolicy: "Never",
          initContainers: [{ name: "bad", ...script("exit 1") }],
          containers: [{ name: "app", ...IDLE }],
        },
      });
      await eventually("Failed", async () => (await get("v1", "Pod", "stuck") as Loose).status.phase === "Failed");
      assert.equal(statusOf((await get("v1", "Pod", "stuck"))!).state.waiting.reason, "PodInitializing");
    },
  },
  {
    title: "a sidecar starts before the containers, and does not keep the pod from ending",
    images: [BUSYBOX],
    async run({ ended, log }) {
      const side = script("echo ready > /data/side; trap 'exit 0' TERM; while true; do sleep 1; done");
      const volumeMounts = [{ name: "data", mountPath: "/data" }];
      const pod = await ended("p", { ...script("cat /data/side"), volumeMounts }, {
        spec: {
          volumes: [{ name: "data", emptyDir: {} }],
          initContainers: [{
            name: "side",
            restartPolicy: "Always",
            ...side,
            volumeMounts,
            startupProbe: { exec: { command: ["cat", "/data/side"] }, periodSeconds: 1 },
          }],
        },
      });
      assert.equal(pod.status.phase, "Succeeded");
      assert.equal(await log("p", { container: "app" }), "ready\n");
    },
  },
  {
    title: "a readiness probe decides about readiness, both ways",
    images: [BUSYBOX],
    async run({ started, sh, get, eventually }) {
      const readinessProbe = {
        exec: { command: ["test", "!", "-e", "/tmp/busy"] },
        periodSeconds: 1,
        failureThreshold: 1,
      };
      await started("p", { ...IDLE, readinessProbe });
      await sh("p", "touch /tmp/busy");
      await eventually("unreadiness", async () => statusOf((await get("v1", "Pod", "p"))!).ready === false);
      await sh("p", "rm /tmp/busy");
      await eventually("readiness", async () => statusOf((await get("v1", "Pod", "p"))!).ready === true);
      assert.equal(statusOf((await get("v1", "Pod", "p"))!).restartCount, 0);
    },
  },
  {
    title: "a liveness probe over HTTP ends a container that answers no more",
    images: [NGINX],
    async run({ started, exec, get, eventually, list }) {
      const livenessProbe = { httpGet: { path: "/alive", port: 80 }, periodSeconds: 1, failureThreshold: 2 };
      const command = ["sh", "-c", "echo ok > /usr/share/nginx/html/alive; exec nginx -g 'daemon off;'"];
      await started("p", { image: NGINX, command, livenessProbe });
      await exec("p", ["rm", "/usr/share/nginx/html/alive"]);
      await eventually("a restart", async () => statusOf((await get("v1", "Pod", "p"))!).restartCount > 0);
      const events = await list("v1", "Event") as readonly Loose[];
      assert.ok(events.some(({ reason, message }) => reason === "Unhealthy" && /statuscode: 404/.test(message)));
    },
  },
  {
    title: "a startup probe holds the others back",
    images: [BUSYBOX],
    async run(inside) {
      const pod = await until(
        inside,
        {
          containers: [{
            name: "app",
            ...IDLE,
            startupProbe: { exec: { command: ["false"] }, periodSeconds: 1, failureThreshold: 3 },
            livenessProbe: { exec: { command: ["true"] }, periodSeconds: 1 },
          }],
        },
        "a restart",
        (pod) => statusOf(pod)?.restartCount > 0,
      );
      assert.equal(statusOf(pod).started, false);
      assert.equal(statusOf(pod).ready, false);
    },
  },
];
