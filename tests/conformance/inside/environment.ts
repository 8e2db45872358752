/** What a container finds around it: variables, folders, users. */
import assert from "node:assert/strict";
import { configMap } from "../manifests.ts";
import { BUSYBOX, IDLE, type InsideCase, NGINX } from "./inside_case.ts";

const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const resource = (name: string, resource: string, more: object = {}) => ({
  name,
  valueFrom: { resourceFieldRef: { containerName: "app", resource, ...more } },
});

export const ENVIRONMENT: readonly InsideCase[] = [
  {
    title: "env: values, and what they refer to",
    images: [BUSYBOX],
    async run({ started, sh }) {
      const env = [{ name: "A", value: "one" }, { name: "B", value: "$(A) two" }, {
        name: "C",
        value: "$$(A) $(NONE)",
      }];
      await started("shell", { ...IDLE, env });
      assert.equal(await sh("shell", 'echo "$A|$B|$C"'), "one|one two|$(A) $(NONE)");
    },
  },
  {
    title: "env: keys of ConfigMaps and Secrets, one by one and all at once",
    images: [BUSYBOX],
    async run({ create, started, sh }) {
      await create(configMap("settings", { colour: "blue", size: "9" }));
      await create({ apiVersion: "v1", kind: "Secret", metadata: { name: "login" }, stringData: { user: "mina" } });
      await started("shell", {
        ...IDLE,
        env: [
          { name: "COLOUR", valueFrom: { configMapKeyRef: { name: "settings", key: "colour" } } },
          { name: "WHO", valueFrom: { secretKeyRef: { name: "login", key: "user" } } },
          { name: "NONE", valueFrom: { configMapKeyRef: { name: "settings", key: "none", optional: true } } },
        ],
        envFrom: [{ prefix: "SET_", configMapRef: { name: "settings" } }],
      });
      assert.equal(await sh("shell", 'echo "$COLOUR|$WHO|${NONE-unset}|$SET_size"'), "blue|mina|unset|9");
    },
  },
  {
    title: "env: a missing ConfigMap keeps the container from being made, and its coming lets it start",
    images: [BUSYBOX],
    async run({ create, get, eventually, sh }) {
      const env = [{ name: "COLOUR", valueFrom: { configMapKeyRef: { name: "late", key: "colour" } } }];
      await create({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "shell" },
        spec: { containers: [{ name: "app", ...IDLE, env }] },
      });
      // deno-lint-ignore no-explicit-any
      const state = async () => ((await get("v1", "Pod", "shell"))?.status as any)?.containerStatuses?.[0]?.state;
      await eventually("the refusal", async () => (await state())?.waiting?.reason === "CreateContainerConfigError");
      await create(configMap("late", { colour: "red" }));
      await eventually("the start", async () => (await state())?.running !== undefined);
      assert.equal(await sh("shell", "echo $COLOUR"), "red");
    },
  },
  {
    title: "env: fields of the pod and of its status",
    images: [BUSYBOX],
    async run({ started, sh, namespace }) {
      const { spec, status } = await started("shell", {
        ...IDLE,
        env: [
          field("NAME", "metadata.name"),
          field("SPACE", "metadata.namespace"),
          field("TIER", "metadata.labels['tier']"),
          field("NODE", "spec.nodeName"),
          field("ACCOUNT", "spec.serviceAccountName"),
          field("IP", "status.podIP"),
          field("HOST", "status.hostIP"),
        ],
      }, { labels: { tier: "back" } });
      assert.equal(
        await sh("shell", 'echo "$NAME|$SPACE|$TIER|$NODE|$ACCOUNT|$IP|$HOST"'),
        ["shell", namespace, "back", spec.nodeName, "default", status.podIP, status.hostIP].join("|"),
      );
    },
  },
  {
    title: "env: the container's resources, by their divisor",
    images: [BUSYBOX],
    async run({ started, sh }) {
      await started("shell", {
        ...IDLE,
        resources: { requests: { cpu: "50m", memory: "16Mi" }, limits: { cpu: "1500m", memory: "64Mi" } },
        env: [
          resource("CPU", "limits.cpu"),
          resource("MILLI", "limits.cpu", { divisor: "1m" }),
          resource("MEMORY", "limits.memory", { divisor: "1Mi" }),
          resource("ASKED", "requests.memory"),
        ],
      });
      assert.equal(await sh("shell", 'echo "$CPU|$MILLI|$MEMORY|$ASKED"'), "2|1500|64|16777216");
    },
  },
  {
    title: "env: the services that were there before the pod",
    images: [BUSYBOX],
    async run({ create, started, sh }) {
      const made = await create({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "data-base" },
        spec: { ports: [{ port: 5432 }] },
      });
      await started("shell", IDLE);
      // deno-lint-ignore no-explicit-any
      const { clusterIP } = (made as any).spec;
      assert.equal(
        await sh("shell", 'echo "$DATA_BASE_SERVICE_HOST:$DATA_BASE_SERVICE_PORT"'),
        `${clusterIP}:5432`,
      );
    },
  },
  {
    title: "command and args take the place of the image's, and refer to variables",
    images: [BUSYBOX],
    async run({ ended, log }) {
      const env = [{ name: "WORD", value: "hello" }];
      await ended("a", { image: BUSYBOX, env, command: ["echo", "$(WORD)"], args: ["to", "$$(WORD)"] });
      assert.equal(await log("a"), "hello to $(WORD)\n");
      await ended("b", { image: BUSYBOX, args: ["echo", "only args"] });
      assert.equal(await log("b"), "only args\n");
    },
  },
  {
    title: "the working folder, the host's name and the search list of names",
    images: [BUSYBOX],
    async run({ started, sh, namespace }) {
      await started("shell", { ...IDLE, workingDir: "/var/spool" });
      assert.equal(await sh("shell", "pwd; hostname"), "/var/spool\nshell");
      assert.match(await sh("shell", "cat /etc/resolv.conf"), new RegExp(`search ${namespace}\\.svc\\.\\S+ svc\\.`));
    },
  },
  {
    title: "the user and group, of the pod and of the container",
    images: [BUSYBOX],
    async run({ started, sh }) {
      const securityContext = { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000 };
      const containers = [{ name: "a", ...IDLE }, { name: "b", ...IDLE, securityContext: { runAsUser: 2500 } }];
      await started("shell", {}, { spec: { securityContext, containers } });
      assert.equal(await sh("shell", "id -u; id -g", { container: "a" }), "1000\n3000");
      assert.match(await sh("shell", "id -G", { container: "a" }), /\b2000\b/);
      assert.equal(await sh("shell", "id -u", { container: "b" }), "2500");
    },
  },
  {
    title: "an image's user who must not be root",
    images: [NGINX],
    async run({ create, get, eventually }) {
      await create({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "web" },
        spec: { securityContext: { runAsNonRoot: true }, containers: [{ name: "app", image: NGINX }] },
      });
      const waiting = await eventually(
        "the refusal",
        // deno-lint-ignore no-explicit-any
        async () => ((await get("v1", "Pod", "web"))?.status as any)?.containerStatuses?.[0]?.state?.waiting,
      );
      await eventually("its reason", async () => {
        // deno-lint-ignore no-explicit-any
        const { reason } = ((await get("v1", "Pod", "web"))?.status as any).containerStatuses[0].state.waiting;
        return reason === "CreateContainerConfigError";
      });
      assert.ok(waiting);
    },
  },
  {
    title: "a root file system that is read only, with a folder to write in",
    images: [BUSYBOX],
    async run({ started, exec, sh }) {
      await started("shell", {
        ...IDLE,
        securityContext: { readOnlyRootFilesystem: true },
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      }, { spec: { volumes: [{ name: "tmp", emptyDir: {} }] } });
      const refused = await exec("shell", ["sh", "-c", "echo x > /etc/x"]);
      assert.notEqual(refused.exitCode, 0);
      assert.match(refused.stderr, /Read-only file system/);
      assert.equal(await sh("shell", "echo x > /tmp/x; cat /tmp/x"), "x");
    },
  },
];
