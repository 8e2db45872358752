/** What containers are configured with: users, variables, volumes that are images; and what is said when it cannot be. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { oneNode, type TestCluster } from "./cluster.ts";
import { nginx, type PodSpec, shell, withCluster } from "./containers.ts";

function configuration(name: string, run: (cluster: TestCluster) => Promise<void>): void {
  Deno.test(`configuration: ${name}`, () => withCluster(run, { nodes: oneNode }));
}

const waiting = async (cluster: TestCluster) => (await cluster.pod()).status!.containerStatuses![0].state.waiting;

/** Why a pod's container cannot be configured, which its status and an event say. */
async function configError(cluster: TestCluster, spec: PodSpec): Promise<string> {
  await cluster.run(spec);
  await cluster.advance(16);
  const { reason, message } = (await waiting(cluster))!;
  assert.equal(reason, "CreateContainerConfigError");
  const events = (await cluster.events()).map((event) => event.replace(/ \(x\d+\)$/, ""));
  assert.ok(events.includes(`Warning Failed: Error: ${message}`), events.join("\n"));
  return message!.replace((await cluster.pod()).metadata.uid!, "UID");
}

/** What a pod's container wrote. */
async function output(cluster: TestCluster): Promise<readonly string[]> {
  const { metadata, spec } = await cluster.pod();
  const { runtime } = cluster.kubelets.kubelet(spec!.nodeName!)!.workerOf(metadata.uid!)!;
  return runtime.containers.find(({ name }) => name === "app")!.log.lines.map(({ text }) => text);
}

configuration("an image that runs as root where nobody may", async (cluster) => {
  assert.equal(
    await configError(cluster, { securityContext: { runAsNonRoot: true }, containers: [nginx] }),
    'container has runAsNonRoot and image will run as root (pod: "p_default(UID)", container: app)',
  );
});

configuration("a user that is root where nobody may be", async (cluster) => {
  assert.equal(
    await configError(cluster, { containers: [{ ...nginx, securityContext: { runAsNonRoot: true, runAsUser: 0 } }] }),
    'container\'s runAsUser breaks non-root policy (pod: "p_default(UID)", container: app)',
  );
});

for (
  const [what, more, message] of [
    ["a ConfigMap", { envFrom: [{ configMapRef: { name: "ghost" } }] }, 'configmap "ghost" not found'],
    ["a Secret", { envFrom: [{ secretRef: { name: "ghost" } }] }, 'secret "ghost" not found'],
    [
      "a ConfigMap with a key",
      { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "ghost", key: "a" } } }] },
      'configmap "ghost" not found',
    ],
    [
      "a key of a ConfigMap",
      { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "there", key: "a" } } }] },
      "couldn't find key a in ConfigMap default/there",
    ],
    [
      "a key of a Secret",
      { env: [{ name: "A", valueFrom: { secretKeyRef: { name: "there", key: "a" } } }] },
      "couldn't find key a in Secret default/there",
    ],
  ] as const
) {
  configuration(`${what} that is missing`, async (cluster) => {
    const metadata = { name: "there", namespace: "default" };
    await cluster.client.create(refs.configMaps, { metadata, data: { b: "1" } });
    await cluster.client.create(refs.secrets, { metadata, data: { b: "MQ==" } });
    assert.equal(await configError(cluster, { containers: [{ ...nginx, ...more }] }), message);
  });
}

configuration("what may be missing", async (cluster) => {
  await cluster.run({
    restartPolicy: "Never",
    containers: [shell('echo "[$A]"', {
      envFrom: [{ configMapRef: { name: "ghost", optional: true } }],
      env: [{ name: "A", valueFrom: { secretKeyRef: { name: "ghost", key: "a", optional: true } } }],
    })],
  });
  await cluster.clock.settle();
  assert.deepEqual(await output(cluster), ["[]"]);
});

configuration("users and groups", async (cluster) => {
  await cluster.run({
    restartPolicy: "Never",
    securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000] },
    containers: [shell("id")],
  });
  await cluster.clock.settle();
  assert.deepEqual(await output(cluster), ["uid=1000 gid=3000 groups=3000,4000,2000"]);
  const { user } = (await cluster.pod()).status!.containerStatuses![0];
  assert.deepEqual(user, { linux: { uid: 1000, gid: 3000, supplementalGroups: [3000, 4000, 2000] } });
});

configuration("a user that the image does not know belongs to root's group", async (cluster) => {
  await cluster.run({ restartPolicy: "Never", containers: [shell("id", { securityContext: { runAsUser: 1000 } })] });
  await cluster.clock.settle();
  assert.deepEqual(await output(cluster), ["uid=1000 gid=0(root) groups=0(root)"]);
});

configuration("the image's own user", async (cluster) => {
  const app = { name: "app", image: "curlimages/curl:8.9.1", command: ["id", "-u"] };
  await cluster.run({ restartPolicy: "Never", securityContext: { runAsNonRoot: true }, containers: [app] });
  await cluster.clock.settle();
  assert.deepEqual(await output(cluster), ["100"]);
});

configuration("a pull secret that is missing is told, and the image pulled all the same", async (cluster) => {
  await cluster.run({ imagePullSecrets: [{ name: "regcred" }, { name: "other" }], containers: [nginx] });
  await cluster.clock.settle();
  const message = "Unable to retrieve some image pull secrets (regcred, other); " +
    "attempting to pull the image may not succeed.";
  assert.ok(
    (await cluster.events()).some((event) => event.startsWith(`Warning FailedToRetrieveImagePullSecret: ${message}`)),
  );
  assert.equal((await cluster.pod()).status?.phase, "Running");
});

const fromFile = (key: string, optional = false): PodSpec => ({
  restartPolicy: "Never",
  volumes: [{ name: "config", emptyDir: {} }],
  initContainers: [{
    ...shell(`printf "# settings\\nCOLOR='light blue' # a comment\\nLINES='a\\nb'\\nEMPTY= 'x'\\n" > /config/app.env`),
    name: "init",
    volumeMounts: [{ name: "config", mountPath: "/config" }],
  }],
  containers: [shell('echo "[$VALUE]"', {
    env: [{ name: "VALUE", valueFrom: { fileKeyRef: { volumeName: "config", path: "app.env", key, optional } } }],
  })],
});

configuration("a variable from a file that an init container wrote", async (cluster) => {
  await cluster.run(fromFile("COLOR"));
  await cluster.clock.settle();
  assert.deepEqual(await output(cluster), ["[light blue]"]);
});

configuration("a variable of several lines from a file", async (cluster) => {
  await cluster.run(fromFile("LINES"));
  await cluster.clock.settle();
  assert.deepEqual(await output(cluster), ["[a", "b]"]);
});

configuration("a key that the file does not set", async (cluster) => {
  const message = await configError(cluster, fromFile("SIZE"));
  assert.match(
    message,
    /^environment variable key "SIZE" not found in file "\/var\/lib\/kubelet\/pods\/UID\/.*app\.env"$/,
  );
});

configuration("a key that the file need not set", async (cluster) => {
  await cluster.run(fromFile("SIZE", true));
  await cluster.clock.settle();
  assert.deepEqual(await output(cluster), ["[]"]);
});

const withImage = (reference: string): PodSpec => ({
  restartPolicy: "Never",
  volumes: [{ name: "pages", image: { reference, pullPolicy: "IfNotPresent" } }],
  containers: [shell("cat /pages/etc/nginx/nginx.conf; touch /pages/x", {
    volumeMounts: [{ name: "pages", mountPath: "/pages", readOnly: true }],
  })],
});

configuration("a volume that is an image", async (cluster) => {
  await cluster.run(withImage("nginx:1.27"));
  await cluster.clock.settle();
  assert.ok((await output(cluster)).some((line) => line.startsWith("worker_processes")));
  assert.ok((await output(cluster)).some((line) => line.includes("Read-only file system")));
});

configuration("a volume whose image cannot be had", async (cluster) => {
  await cluster.run(withImage("registry.k8s.io/ghost:1"));
  await cluster.advance(3);
  assert.match((await waiting(cluster))?.reason ?? "", /^(ErrImagePull|ImagePullBackOff)$/);
  const events = (await cluster.events()).map((event) => event.replace(/ \(x\d+\)$/, ""));
  assert.ok(events.includes('Normal Pulling: Pulling image "registry.k8s.io/ghost:1"'));
  assert.ok(events.includes("Warning Failed: Error: ErrImagePull"));
});

configuration("a pod for another operating system", async (cluster) => {
  await cluster.run({ nodeName: "node01", os: { name: "windows" }, containers: [nginx] });
  await cluster.advance(1);
  const { phase, reason, message } = (await cluster.pod()).status!;
  assert.deepEqual([phase, reason, message], [
    "Failed",
    "PodOSNotSupported",
    "Pod was rejected: Failed to admit pod as the OS field doesn't match node OS",
  ]);
});
