/** Files that are mounted into containers, and how they follow what they come from. */
import assert from "node:assert/strict";
import { configMap } from "../manifests.ts";
import { BUSYBOX, IDLE, type InsideCase } from "./inside_case.ts";

const mounted = (volume: object, mount: object = {}) =>
  [
    { ...IDLE, volumeMounts: [{ name: "data", mountPath: "/data", ...mount }] },
    { spec: { volumes: [{ name: "data", ...volume }] } },
  ] as const;

export const VOLUMES: readonly InsideCase[] = [
  {
    title: "emptyDir: shared between containers, and kept over a restart of one",
    images: [BUSYBOX],
    async run({ started, sh, exec, get, eventually }) {
      const volumeMounts = [{ name: "data", mountPath: "/data" }];
      const containers = ["a", "b"].map((name) => ({ name, ...IDLE, volumeMounts }));
      await started("pair", {}, { spec: { containers, volumes: [{ name: "data", emptyDir: {} }] } });
      await sh("pair", "echo shared > /data/file", { container: "a" });
      assert.equal(await sh("pair", "cat /data/file", { container: "b" }), "shared");
      await exec("pair", ["kill", "1"], { container: "a" });
      await eventually("a restart", async () => {
        // deno-lint-ignore no-explicit-any
        const statuses = ((await get("v1", "Pod", "pair"))?.status as any).containerStatuses;
        return statuses[0].restartCount === 1 && statuses[0].state.running !== undefined;
      });
      assert.equal(await sh("pair", "cat /data/file", { container: "a" }), "shared");
    },
  },
  {
    title: "configMap: a file for each key, read only, and changed after it",
    images: [BUSYBOX],
    async run({ cluster, create, ref, started, sh, exec, says }) {
      await create(configMap("settings", { "app.conf": "colour=blue\n", size: "9" }));
      await started("shell", ...mounted({ configMap: { name: "settings" } }));
      assert.equal(await sh("shell", "ls /data; cat /data/app.conf"), "app.conf\nsize\ncolour=blue");
      assert.match((await exec("shell", ["sh", "-c", "echo x > /data/size"])).stderr, /Read-only file system/);
      const body = { data: { "app.conf": "colour=red\n", size: null } };
      await cluster.objects.patch(ref("v1", "ConfigMap", "settings"), { type: "merge", body });
      await says("shell", "cat /data/app.conf; ls /data", /^colour=red\napp\.conf\n$/);
    },
  },
  {
    title: "configMap: chosen keys under other paths, with a mode; one that is missing is optional",
    images: [BUSYBOX],
    async run({ create, started, sh }) {
      await create(configMap("settings", { a: "1", b: "2" }));
      const items = [{ key: "a", path: "deep/er", mode: 0o400 }];
      await started("shell", ...mounted({ configMap: { name: "settings", items } }));
      assert.equal(await sh("shell", "cat /data/deep/er; ls /data"), "1deep");
      assert.match(await sh("shell", "ls -lL /data/deep/er"), /^-r--------/);
      await started("other", ...mounted({ configMap: { name: "none", optional: true } }));
      assert.equal(await sh("other", "ls /data"), "");
    },
  },
  {
    title: "secret: decoded, with its mode",
    images: [BUSYBOX],
    async run({ create, started, sh }) {
      await create({ apiVersion: "v1", kind: "Secret", metadata: { name: "login" }, stringData: { word: "s3cret" } });
      await started("shell", ...mounted({ secret: { secretName: "login", defaultMode: 0o440 } }));
      assert.match(await sh("shell", "cat /data/word; echo; ls -lL /data/word"), /^s3cret\n-r--r-----/);
    },
  },
  {
    title: "subPath: one file among those that the image has, and no update",
    images: [BUSYBOX],
    async run({ cluster, create, ref, started, sh, says }) {
      await create(configMap("settings", { motd: "hello\n" }));
      const volumeMounts = [
        { name: "data", mountPath: "/etc/motd", subPath: "motd" },
        { name: "data", mountPath: "/all" },
      ];
      await started("shell", { ...IDLE, volumeMounts }, {
        spec: { volumes: [{ name: "data", configMap: { name: "settings" } }] },
      });
      assert.equal(await sh("shell", "cat /etc/motd; test -f /etc/passwd && echo kept"), "hello\nkept");
      await cluster.objects.patch(ref("v1", "ConfigMap", "settings"), {
        type: "merge",
        body: { data: { motd: "bye\n" } },
      });
      await says("shell", "cat /all/motd", /^bye\n$/);
      assert.equal(await sh("shell", "cat /etc/motd"), "hello");
    },
  },
  {
    title: "subPathExpr: a folder of its own for each pod",
    images: [BUSYBOX],
    async run({ started, sh }) {
      await started("shell", {
        ...IDLE,
        env: [{ name: "NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
        volumeMounts: [{ name: "data", mountPath: "/own", subPathExpr: "$(NAME)" }, {
          name: "data",
          mountPath: "/all",
        }],
      }, { spec: { volumes: [{ name: "data", emptyDir: {} }] } });
      assert.equal(await sh("shell", "echo x > /own/file; find /all -type f"), "/all/shell/file");
    },
  },
  {
    title: "downwardAPI: labels and annotations in files, changed after them",
    images: [BUSYBOX],
    async run({ cluster, ref, started, sh, says }) {
      const items = [
        { path: "labels", fieldRef: { fieldPath: "metadata.labels" } },
        { path: "limit", resourceFieldRef: { containerName: "app", resource: "limits.memory", divisor: "1Mi" } },
      ];
      const [container, more] = mounted({ downwardAPI: { items } });
      await started("shell", { ...container, resources: { limits: { memory: "64Mi" } } }, {
        ...more,
        labels: { tier: "back" },
      });
      assert.equal(await sh("shell", "cat /data/labels; echo; cat /data/limit"), 'tier="back"\n64');
      const body = { metadata: { labels: { tier: "front" } } };
      await cluster.objects.patch(ref("v1", "Pod", "shell"), { type: "merge", body });
      await says("shell", "cat /data/labels", /^tier="front"/);
    },
  },
  {
    title: "projected: several sources in one folder, a token for its audience among them",
    images: [BUSYBOX],
    async run({ create, started, sh, namespace }) {
      await create(configMap("settings", { colour: "blue" }));
      const sources = [
        { configMap: { name: "settings" } },
        { downwardAPI: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] } },
        { serviceAccountToken: { path: "token", audience: "vault", expirationSeconds: 3600 } },
      ];
      await started("shell", ...mounted({ projected: { sources } }));
      assert.equal(await sh("shell", "ls /data; cat /data/colour /data/name"), "colour\nname\ntoken\nblueshell");
      const claims = JSON.parse(
        atob((await sh("shell", "cat /data/token")).split(".")[1].replace(/-/g, "+").replace(/_/g, "/")),
      );
      assert.deepEqual(claims.aud, ["vault"]);
      assert.equal(claims.sub, `system:serviceaccount:${namespace}:default`);
      assert.equal(claims.exp - claims.iat, 3600);
      assert.equal(claims["kubernetes.io"].pod.name, "shell");
    },
  },
  {
    title: "the ServiceAccount's token, certificate and namespace, unless the pod does without",
    images: [BUSYBOX],
    async run({ started, sh, exec, namespace }) {
      const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
      await started("shell", IDLE);
      assert.equal(
        await sh("shell", `ls ${folder}; cat ${folder}/namespace`),
        `ca.crt\nnamespace\ntoken\n${namespace}`,
      );
      await started("without", IDLE, { spec: { automountServiceAccountToken: false } });
      assert.notEqual((await exec("without", ["ls", folder])).exitCode, 0);
    },
  },
  {
    title: "hostPath: the node's own folder, which outlives the pod",
    images: [BUSYBOX],
    async run({ cluster, ref, started, sh, get, eventually, namespace }) {
      const hostPath = { path: `/tmp/${namespace}`, type: "DirectoryOrCreate" };
      const { spec: { nodeName } } = await started("first", ...mounted({ hostPath }));
      await sh("first", "echo kept > /data/file");
      await cluster.objects.delete(ref("v1", "Pod", "first"));
      await eventually("the end of the first", async () => await get("v1", "Pod", "first") === undefined);
      const [container, { spec }] = mounted({ hostPath });
      await started("second", container, { spec: { ...spec, nodeName } });
      assert.equal(await sh("second", "cat /data/file; rm -r /data/file"), "kept");
    },
  },
  {
    title: "a claim: its volume keeps what is written when the pod is made anew",
    images: [BUSYBOX],
    needs: "a default StorageClass",
    async run({ cluster, create, ref, started, sh, get, eventually }) {
      await create({
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "disk" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
      });
      const volume = mounted({ persistentVolumeClaim: { claimName: "disk" } });
      await started("first", ...volume);
      await sh("first", "echo kept > /data/file");
      await cluster.objects.delete(ref("v1", "Pod", "first"));
      await eventually("the end of the first", async () => await get("v1", "Pod", "first") === undefined);
      await started("second", ...volume);
      assert.equal(await sh("second", "cat /data/file"), "kept");
    },
  },
];
