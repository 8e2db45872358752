/** Files of ConfigMaps, Secrets and the pod itself, and how they change. */
import assert from "node:assert/strict";
import * as refs from "../../../cluster/memory/api/kind_refs.ts";
import type { TestCluster } from "../cluster.ts";
import { failedMounts, fileOf, volumes, withVolume } from "./pod_volumes.ts";

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
