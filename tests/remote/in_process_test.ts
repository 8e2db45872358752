import assert from "node:assert/strict";
import { ApiError, type ApiObject, type Cluster } from "../../cluster/cluster.ts";
import { inProcessCluster } from "../../cluster/in_process.ts";
import { parseKubeconfig } from "../../cluster/remote/kubeconfig.ts";
import { connect } from "../../cluster/remote/remote_cluster.ts";

const POD: ApiObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "talker", namespace: "default", labels: { app: "talker" } },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: "main", image: "busybox:1.36", command: ["sh", "-c", "echo hello; sleep 3600"] }],
  },
};
const REF = { apiVersion: "v1", kind: "Pod", namespace: "default", name: "talker" };
const CONTAINER = { namespace: "default", name: "talker" };

/** What only tells when a thing was made, and what one write after the other changes. */
function lasting(
  { metadata: { uid: _, resourceVersion: _1, creationTimestamp: _2, managedFields: _3, ...rest } }: ApiObject,
) {
  return rest;
}

async function refusal(action: Promise<unknown>) {
  const error = await action.then(() => undefined, (error) => error);
  assert.ok(error instanceof ApiError, String(error));
  const { code, reason, message, causes } = error;
  return { code, reason, message, causes };
}

/** What a client gets for each verb. */
async function tour({ objects, pass }: Cluster) {
  const claim = (name: string): ApiObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "default" },
  });
  const created = lasting(await objects.create(POD));
  while ((await objects.get(REF) as { status?: { phase?: string } }).status?.phase !== "Running") await pass(250);
  const result = {
    created,
    twice: await refusal(objects.create(POD)),
    invalid: await refusal(objects.create(claim("No_Name"))),
    unknownField: await refusal(objects.create({ ...claim("extra"), more: 1 })),
    listed: (await objects.list({ ...REF, labelSelector: "app=talker" })).map(lasting).length,
    others: await objects.list({ ...REF, labelSelector: "app!=talker" }),
    badSelector: await refusal(objects.list({ ...REF, labelSelector: "a b" })),
    patched:
      lasting(await objects.patch(REF, { type: "merge", body: { metadata: { labels: { tier: "web" } } } })).labels,
    applied: lasting(await objects.apply({ ...claim("settings"), data: { a: "1" } })),
    missing: await objects.get({ ...REF, name: "nobody" }),
    said: await objects.exec(CONTAINER, ["sh", "-c", "echo out; echo err >&2; exit 3"]),
    log: await objects.logs(CONTAINER),
    noLog: await refusal(objects.logs({ ...CONTAINER, container: "side" })),
    noKind: await objects.namespaced({ apiVersion: "v1", kind: "Nothing" }),
    deleted: [await objects.delete(REF), await objects.delete({ ...REF, name: "nobody" })],
  };
  while (await objects.get(REF) !== undefined) await pass(250);
  await objects.delete({ apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: "settings" });
  return result;
}

Deno.test({
  name: "in this process: requests are answered as over HTTPS",
  // The official client's HTTP library keeps a timer for its own purposes.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using cluster = await inProcessCluster();
    const { whileTimePasses } = cluster;
    await using remote = await connect(await parseKubeconfig(cluster.kubeconfigText, "kubeconfig"), { time: cluster });
    const { exec } = remote.objects;
    const objects = {
      ...remote.objects,
      exec: (...call: Parameters<typeof exec>) => whileTimePasses(() => exec(...call)),
    };
    const here = await tour(cluster);
    assert.deepEqual(here.said, { exitCode: 3, stdout: "out\n", stderr: "err\n" });
    assert.equal(here.twice.message, 'pods "talker" already exists');
    assert.deepEqual(await tour({ ...remote, objects }), here);
  },
});

Deno.test("in this process: a watch tells of changes until it is ended", async () => {
  await using cluster = await inProcessCluster();
  const ending = new AbortController();
  let heard = 0;
  const watching = cluster.objects.watch({ ...REF }, () => heard++, ending.signal);
  await cluster.pass(10);
  const before = heard;
  await cluster.objects.create(POD);
  await cluster.pass(10);
  assert.ok(heard > before);
  ending.abort();
  await watching;
  const after = heard;
  await cluster.objects.delete(REF);
  await cluster.pass(5000);
  assert.equal(heard, after);
});

Deno.test("in this process: commands that cannot be run are refused", async () => {
  await using cluster = await inProcessCluster();
  const exec = (name: string, command: readonly string[]) =>
    refusal(cluster.objects.exec({ ...CONTAINER, name }, command));
  assert.deepEqual(await exec("nobody", ["true"]), {
    code: 404,
    reason: "NotFound",
    message: 'pods "nobody" not found',
    causes: [],
  });
  await cluster.objects.create(POD);
  await cluster.pass(10_000);
  assert.match((await exec("talker", ["no-such-program"])).message, /executable file not found in \$PATH/);
  assert.equal((await exec("talker", ["sleep", "3000"])).message, "the command did not end in time: sleep 3000");
});
