/** What is in a pod's volumes, and what is said of those that cannot be mounted. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { CA, type TestCluster } from "./cluster.ts";
import { type PodSpec, shell, withCluster } from "./containers.ts";

type Volume = NonNullable<PodSpec["volumes"]>[number];

const ACCESS = "/var/run/secrets/kubernetes.io/serviceaccount";

const withVolume = (volume: Omit<Volume, "name">, script = "sleep 3600"): PodSpec => ({
  volumes: [{ name: "v", ...volume }],
  containers: [shell(script, { volumeMounts: [{ name: "v", mountPath: "/v" }] })],
});

function volumes(name: string, run: (cluster: TestCluster) => Promise<void>): void {
  Deno.test(`volumes: ${name}`, () => withCluster(run));
}

/** A file as the pod's first container sees it. */
async function fileOf(cluster: TestCluster, path: string, name = "p"): Promise<string | undefined> {
  const { metadata, spec } = await cluster.pod(name);
  const worker = cluster.kubelets.kubelet(spec!.nodeName!)!.workerOf(metadata.uid!)!;
  return worker.runtime.containers[0].process!.readFile(path);
}

const claimsOf = (token: string) => JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));

const failedMounts = async (cluster: TestCluster, name = "p") =>
  (await cluster.events(name)).filter((event) => event.startsWith("Warning FailedMount: "))
    .map((event) => event.slice("Warning FailedMount: ".length).replace(/ \(x\d+\)$/, ""));

volumes("what a container needs to talk to the API is there", async (cluster) => {
  await cluster.run({ containers: [{ name: "app", image: "busybox:1.36", command: ["sleep", "9999"] }] });
  await cluster.clock.settle();
  assert.equal(await fileOf(cluster, `${ACCESS}/namespace`), "default");
  assert.equal(await fileOf(cluster, `${ACCESS}/ca.crt`), CA);
  const token = (await fileOf(cluster, `${ACCESS}/token`))!;
  // It is replaced within the hour, and good for a year.
  const { exp, iat, "kubernetes.io": { warnafter } } = claimsOf(token);
  assert.deepEqual([exp - iat, warnafter - iat], [365 * 24 * 3600, 3607]);
  const user = await cluster.tokens.authenticate(token);
  assert.equal(user?.name, "system:serviceaccount:default:default");
  assert.deepEqual(user?.extra?.["authentication.kubernetes.io/pod-name"], ["p"]);
});

volumes("a token is replaced before it ends", async (cluster) => {
  await cluster.run({ containers: [{ name: "app", image: "busybox:1.36", command: ["sleep", "9999"] }] });
  await cluster.clock.settle();
  const first = await fileOf(cluster, `${ACCESS}/token`);
  await cluster.advance(40 * 60);
  assert.equal(await fileOf(cluster, `${ACCESS}/token`), first);
  await cluster.advance(15 * 60);
  const second = await fileOf(cluster, `${ACCESS}/token`);
  assert.notEqual(second, first);
  assert.notEqual(await cluster.tokens.authenticate(second!), undefined);
});

volumes("a token for somebody else", async (cluster) => {
  const serviceAccountToken = { audience: "vault", expirationSeconds: 600, path: "vault/token" };
  await cluster.run(withVolume({ projected: { sources: [{ serviceAccountToken }] } }));
  await cluster.clock.settle();
  const token = (await fileOf(cluster, "/v/vault/token"))!;
  await assert.rejects(async () => await cluster.tokens.authenticate(token), /Unauthorized/);
  const user = await cluster.tokens.authenticateFor(token, ["vault"]);
  assert.equal(user?.name, "system:serviceaccount:default:default");
  const { exp, iat } = claimsOf(token);
  assert.equal(exp - iat, 600);
});

volumes("a token that the API refuses", async (cluster) => {
  await cluster.client.create(refs.serviceAccounts, { metadata: { name: "robot", namespace: "default" } });
  await cluster.run({
    serviceAccountName: "robot",
    schedulingGates: [{ name: "example.com/wait" }],
    containers: [{ name: "app", image: "nginx" }],
  });
  await cluster.client.delete(refs.serviceAccounts, "default", "robot");
  await cluster.client.patch(refs.pods, "default", "p", { type: "merge", body: { spec: { schedulingGates: [] } } });
  await cluster.advance(3);
  const [message] = await failedMounts(cluster);
  assert.match(message, /^MountVolume\.SetUp failed for volume "kube-api-access-\w{5}" : failed to fetch token: /);
  assert.match(message, /: serviceaccounts "robot" not found$/);
});

for (
  const [type, path, what] of [
    ["Directory", "/mnt/data", "directory"],
    ["Directory", "/etc/hostname", "directory"],
    ["DirectoryOrCreate", "/etc/hostname", "directory"],
    ["File", "/etc", "file"],
    ["File", "/etc/missing.conf", "file"],
    ["FileOrCreate", "/tmp", "file"],
    ["Socket", "/var/run/docker.sock", "socket file"],
    ["CharDevice", "/dev/sda", "character device"],
    ["BlockDevice", "/dev/sdz", "block device"],
  ]
) {
  volumes(`${path} is no ${type}`, async (cluster) => {
    await cluster.run(withVolume({ hostPath: { path, type } }));
    await cluster.advance(2);
    const why = `hostPath type check failed: ${path} is not a ${what}`;
    assert.deepEqual(await failedMounts(cluster), [`MountVolume.SetUp failed for volume "v" : ${why}`]);
    assert.equal((await cluster.pod()).status?.containerStatuses?.[0].state.waiting?.reason, "ContainerCreating");
  });
}

for (
  const [type, path] of [
    ["", "/mnt/data"],
    ["DirectoryOrCreate", "/mnt/data"],
    ["Directory", "/var/log"],
    ["File", "/etc/os-release"],
    ["FileOrCreate", "/run/xtables.lock"],
    ["Socket", "/run/containerd/containerd.sock"],
    ["CharDevice", "/dev/null"],
    ["BlockDevice", "/dev/sda"],
  ]
) {
  volumes(`${path} may be mounted as ${type || "anything"}`, async (cluster) => {
    await cluster.run(withVolume({ hostPath: { path, type } }));
    assert.equal(await cluster.clock.settle(), true);
    assert.equal((await cluster.pod()).status?.phase, "Running");
  });
}

volumes("a folder that one pod made is there for the next on its node", async (cluster) => {
  const hostPath = { path: "/mnt/data", type: "DirectoryOrCreate" };
  await cluster.run({ nodeName: "node01", ...withVolume({ hostPath }, "echo hello > /v/file; sleep 3600") });
  await cluster.clock.settle();
  const second = withVolume({ hostPath: { path: "/mnt/data", type: "Directory" } });
  await cluster.run({ nodeName: "node01", ...second }, { name: "q" });
  await cluster.run({ nodeName: "node02", ...second }, { name: "r" });
  await cluster.advance(2);
  assert.equal(await fileOf(cluster, "/v/file", "q"), "hello\n");
  assert.equal((await failedMounts(cluster, "r")).length, 1);
});

const access = { accessModes: ["ReadWriteOnce"], storageClassName: "manual" };

async function bind(cluster: TestCluster, source: Readonly<Record<string, unknown>>, name = "pv"): Promise<void> {
  const { client } = cluster;
  const claim = await client.create(refs.persistentVolumeClaims, {
    metadata: { name: "c", namespace: "default" },
    spec: { ...access, resources: { requests: { storage: "1Gi" } }, volumeName: name },
  });
  const claimRef = { kind: "PersistentVolumeClaim", namespace: "default", name: "c", uid: claim.metadata.uid };
  await client.create(refs.persistentVolumes, {
    metadata: { name },
    spec: { ...access, capacity: { storage: "1Gi" }, claimRef, ...source },
  });
  await client.updateStatus(refs.persistentVolumeClaims, { ...claim, status: { phase: "Bound" } });
}

volumes("a claim that does not exist, and one that is not bound", async (cluster) => {
  const spec = { nodeName: "node01", ...withVolume({ persistentVolumeClaim: { claimName: "c" } }) };
  await cluster.run(spec);
  await cluster.advance(1);
  const failed = "Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], " +
    "failed to process volumes=[v]: error processing PVC default/c: ";
  const missing = 'failed to fetch PVC from API server: persistentvolumeclaims "c" not found';
  assert.deepEqual(await failedMounts(cluster), [failed + missing]);
  await cluster.client.create(refs.persistentVolumeClaims, {
    metadata: { name: "c", namespace: "default" },
    spec: { ...access, resources: { requests: { storage: "1Gi" } } },
  });
  await cluster.advance(13);
  assert.deepEqual(await failedMounts(cluster), [failed + missing, `${failed}PVC is not bound`]);
});

volumes("a claim's files are those of its volume", async (cluster) => {
  await bind(cluster, { hostPath: { path: "/mnt/data" } });
  const claim = { persistentVolumeClaim: { claimName: "c" } };
  await cluster.run({ nodeName: "node01", ...withVolume(claim, "echo kept > /v/file; sleep 3600") });
  await cluster.clock.settle();
  await cluster.run({ nodeName: "node01", ...withVolume({ hostPath: { path: "/mnt/data" } }) }, { name: "q" });
  await cluster.clock.settle();
  assert.equal(await fileOf(cluster, "/v/file", "q"), "kept\n");
});

volumes("a volume that was made for a claim goes with its data", async (cluster) => {
  await bind(cluster, { hostPath: { path: "/var/made/pv" }, persistentVolumeReclaimPolicy: "Delete" });
  const body = { metadata: { annotations: { "pv.kubernetes.io/provisioned-by": "example.com/maker" } } };
  await cluster.client.patch(refs.persistentVolumes, undefined, "pv", { type: "merge", body });
  const claim = { persistentVolumeClaim: { claimName: "c" } };
  await cluster.run({ nodeName: "node01", ...withVolume(claim, "echo kept > /v/file; sleep 3600") });
  await cluster.clock.settle();
  const files = () => [...cluster.kubelets.context("node01")!.sharedVolume("host:/").files.keys()];
  assert.ok(files().includes("var/made/pv/file"));
  await cluster.client.patch(refs.persistentVolumes, undefined, "pv", {
    type: "merge",
    body: { metadata: { finalizers: null } },
  });
  await cluster.client.delete(refs.persistentVolumes, undefined, "pv");
  await cluster.clock.settle();
  assert.equal(files().some((path) => path.startsWith("var/made/pv")), false);
});

volumes("a local volume whose folder nobody made", async (cluster) => {
  const terms = [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["node01"] }] }];
  const nodeAffinity = { required: { nodeSelectorTerms: terms } };
  await bind(cluster, { local: { path: "/mnt/disks/ssd1" }, nodeAffinity }, "local-pv");
  await cluster.run({ nodeName: "node01", ...withVolume({ persistentVolumeClaim: { claimName: "c" } }) });
  await cluster.advance(1);
  assert.deepEqual(await failedMounts(cluster), [
    'MountVolume.NewMounter initialization failed for volume "local-pv" : path "/mnt/disks/ssd1" does not exist',
  ]);
});

volumes("a driver that no node has", async (cluster) => {
  await cluster.run(withVolume({ csi: { driver: "secrets-store.csi.k8s.io" } }));
  await cluster.advance(1);
  assert.deepEqual(await failedMounts(cluster), [
    'MountVolume.SetUp failed for volume "v" : kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver ' +
    "name secrets-store.csi.k8s.io not found in the list of registered CSI drivers",
  ]);
});

volumes("a key that a ConfigMap or a Secret does not have", async (cluster) => {
  const metadata = { name: "c", namespace: "default" };
  await cluster.client.create(refs.configMaps, { metadata, data: { a: "1" } });
  await cluster.client.create(refs.secrets, { metadata, data: { a: "MQ==" } });
  const items = [{ key: "b", path: "b" }];
  await cluster.run(withVolume({ configMap: { name: "c", items } }));
  await cluster.run(withVolume({ secret: { secretName: "c", items } }), { name: "q" });
  await cluster.advance(1);
  assert.deepEqual(await failedMounts(cluster), [
    'MountVolume.SetUp failed for volume "v" : configmap references non-existent config key: b',
  ]);
  assert.deepEqual(await failedMounts(cluster, "q"), [
    'MountVolume.SetUp failed for volume "v" : references non-existent secret key: b',
  ]);
});

volumes("what was missing is waited for when it has come", async (cluster) => {
  await cluster.run(withVolume({ configMap: { name: "late" } }));
  await cluster.advance(60);
  // Nothing will happen by itself.
  assert.equal(await cluster.clock.settle({ limit: 1000 }), true);
  await cluster.client.create(refs.configMaps, { metadata: { name: "late", namespace: "default" }, data: { a: "1" } });
  assert.equal(await cluster.clock.settle(), true);
  assert.equal((await cluster.pod()).status?.phase, "Running");
  assert.equal(await fileOf(cluster, "/v/a"), "1");
});

volumes("a pod that waits for a volume is deleted at once", async (cluster) => {
  await cluster.run(withVolume({ configMap: { name: "ghost" } }));
  await cluster.advance(100);
  await cluster.client.delete(refs.pods, "default", "p");
  await cluster.advance(1);
  await assert.rejects(cluster.pod(), /not found/);
});

volumes("bytes that are no text", async (cluster) => {
  const data = { key: btoa(String.fromCharCode(0, 255, 128, 10)) };
  await cluster.client.create(refs.secrets, { metadata: { name: "s", namespace: "default" }, data });
  const script = "wc -c < /v/key; base64 /v/key";
  await cluster.run({ restartPolicy: "Never", ...withVolume({ secret: { secretName: "s" } }, script) });
  await cluster.clock.settle();
  const { metadata, spec } = await cluster.pod();
  const { runtime } = cluster.kubelets.kubelet(spec!.nodeName!)!.workerOf(metadata.uid!)!;
  assert.deepEqual(runtime.containers[0].log.lines.map(({ text }) => text.trim()), ["4", data.key]);
});

/** What a pod's container wrote. */
async function output(cluster: TestCluster): Promise<readonly string[]> {
  const { metadata, spec } = await cluster.pod();
  const { runtime } = cluster.kubelets.kubelet(spec!.nodeName!)!.workerOf(metadata.uid!)!;
  return runtime.containers[0].log.lines.map(({ text }) => text);
}

volumes("files of the API are links into a folder named after its time", async (cluster) => {
  const metadata = { name: "c", namespace: "default" };
  await cluster.client.create(refs.configMaps, { metadata, data: { "app.conf": "a", b: "1" } });
  const items = [{ key: "app.conf", path: "deep/app.conf", mode: 0o400 }, { key: "b", path: "b" }];
  const script = "cd /v; ls -a; readlink ..data b deep; stat -c %a ..data/deep/app.conf ..data/b; cat deep/app.conf b";
  await cluster.run({ restartPolicy: "Never", ...withVolume({ configMap: { name: "c", items } }, script) });
  await cluster.clock.settle();
  const lines = await output(cluster);
  assert.match(lines[2], /^\.\.2026_01_01_00_00_00\.\d{10}$/);
  assert.deepEqual(lines, [
    ".",
    "..",
    lines[2],
    "..data",
    "b",
    "deep",
    lines[2],
    "..data/b",
    "..data/deep",
    "400",
    "644",
    "a1",
  ]);
});

volumes("a change comes with all of its files, but not to a part that is mounted alone", async (cluster) => {
  const { client } = cluster;
  const metadata = { name: "c", namespace: "default" };
  await client.create(refs.configMaps, { metadata, data: { a: "old", gone: "x" } });
  const { volumes, containers } = withVolume({ configMap: { name: "c" } });
  const alone = { name: "v", mountPath: "/etc/a.conf", subPath: "a" };
  const volumeMounts = [...containers![0].volumeMounts!, alone];
  await cluster.run({ volumes, containers: [{ ...containers![0], volumeMounts }] });
  await cluster.clock.settle();
  assert.equal(await fileOf(cluster, "/etc/a.conf"), "old");
  await client.patch(refs.configMaps, "default", "c", {
    type: "merge",
    body: { data: { a: "new", gone: null, b: "2" } },
  });
  await cluster.advance(1);
  assert.equal(await fileOf(cluster, "/v/a"), "old");
  // The change arrives with the pod's next turn.
  const before = cluster.clock.now();
  assert.equal(await cluster.clock.settle(), true);
  assert.ok(cluster.clock.now() - before <= 90_000);
  assert.deepEqual(await Promise.all(["/v/a", "/v/b", "/v/gone", "/etc/a.conf"].map((path) => fileOf(cluster, path))), [
    "new",
    "2",
    undefined,
    "old",
  ]);
});

volumes("labels that a container may read change with the pod's", async (cluster) => {
  const items = [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }];
  await cluster.run(withVolume({ downwardAPI: { items } }), { labels: { app: "web" } });
  await cluster.clock.settle();
  assert.equal(await fileOf(cluster, "/v/labels"), 'app="web"');
  const body = { metadata: { labels: { tier: "front" } } };
  await cluster.client.patch(refs.pods, "default", "p", { type: "merge", body });
  await cluster.clock.settle();
  assert.equal(await fileOf(cluster, "/v/labels"), 'app="web"\ntier="front"');
});

volumes("an annotation brings a change at once", async (cluster) => {
  const { client } = cluster;
  await client.create(refs.configMaps, { metadata: { name: "c", namespace: "default" }, data: { a: "old" } });
  await cluster.run(withVolume({ configMap: { name: "c" } }));
  await cluster.clock.settle();
  await client.patch(refs.configMaps, "default", "c", { type: "merge", body: { data: { a: "new" } } });
  const body = { metadata: { annotations: { touched: "now" } } };
  await client.patch(refs.pods, "default", "p", { type: "merge", body });
  await cluster.advance(1);
  assert.equal(await fileOf(cluster, "/v/a"), "new");
});

for (const subPath of [undefined, "nginx.cnf"]) {
  volumes(`a folder cannot be mounted where a file is: ${subPath ?? "no subPath"}`, async (cluster) => {
    const data = { "nginx.conf": "events {}" };
    await cluster.client.create(refs.configMaps, { metadata: { name: "c", namespace: "default" }, data });
    const mountPath = "/etc/nginx/nginx.conf";
    const mount = { name: "v", mountPath, ...subPath === undefined ? {} : { subPath } };
    await cluster.run({
      volumes: [{ name: "v", configMap: { name: "c" } }],
      containers: [{ name: "app", image: "nginx:1.27", volumeMounts: [mount] }],
    });
    await cluster.advance(3);
    const { metadata: { uid }, status } = await cluster.pod();
    const { waiting } = status!.containerStatuses![0].state;
    assert.equal(waiting?.reason, "RunContainerError");
    const part = subPath === undefined ? "volumes/kubernetes.io~configmap/v" : "volume-subpaths/v/app/0";
    const source = `/var/lib/kubelet/pods/${uid}/${part}`;
    assert.equal(
      waiting?.message?.split("error during container init: ")[1],
      `error mounting "${source}" to rootfs at "${mountPath}": mount src=${source}, dst=${mountPath}, ` +
        "dstFd=/proc/thread-self/fd/11, flags=MS_RDONLY|MS_BIND|MS_REC: not a directory",
    );
  });
}

for (
  const [mountPath, subPath, why] of [
    ["/etc/nginx", "nginx.conf", /: mount src=\S+\/volume-subpaths\/v\/app\/0, dst=\/etc\/nginx, .*: not a directory$/],
    ["/etc/resolv.conf", undefined, /: mount src=\S+~configmap\/v, dst=\/etc\/resolv\.conf, .*: not a directory$/],
    ["/etc/passwd/x", undefined, /: create mountpoint for \/etc\/passwd\/x mount: .*: not a directory$/],
  ] as const
) {
  volumes(`a mount that does not fit what the image has at ${mountPath}`, async (cluster) => {
    const data = { "nginx.conf": "events {}" };
    await cluster.client.create(refs.configMaps, { metadata: { name: "c", namespace: "default" }, data });
    const mount = { name: "v", mountPath, ...subPath === undefined ? {} : { subPath } };
    await cluster.run({
      volumes: [{ name: "v", configMap: { name: "c" } }],
      containers: [{ name: "app", image: "nginx:1.27", volumeMounts: [mount] }],
    });
    await cluster.advance(3);
    assert.match((await cluster.pod()).status!.containerStatuses![0].state.waiting!.message!, why);
  });
}

volumes("a file of a ConfigMap may replace one of the image", async (cluster) => {
  const data = { "nginx.conf": "events {}\nhttp { server { listen 8080; } }\n" };
  await cluster.client.create(refs.configMaps, { metadata: { name: "c", namespace: "default" }, data });
  const volumeMounts = [{ name: "v", mountPath: "/etc/nginx/nginx.conf", subPath: "nginx.conf" }];
  await cluster.run({
    volumes: [{ name: "v", configMap: { name: "c" } }],
    containers: [{
      name: "app",
      image: "nginx:1.27",
      volumeMounts,
      readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
    }],
  });
  await cluster.advance(5);
  assert.equal((await cluster.pod()).status!.containerStatuses![0].ready, true);
});
