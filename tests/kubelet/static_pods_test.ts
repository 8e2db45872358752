/** Static pods: their mirrors may be deleted, the pods go on. */
import assert from "node:assert/strict";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { type TestCluster, testCluster } from "./cluster.ts";

Deno.test("static pods: a mirror that is deleted comes back, and its container never noticed", async () => {
  const cluster = await testCluster();
  const kubelet = cluster.kubelets.kubelet("node01")!;
  await kubelet.addStaticPod({
    metadata: { name: "web" },
    spec: { containers: [{ name: "app", image: "nginx:1.27" }] },
  });
  await cluster.clock.settle();
  const before = await cluster.pod("web-node01");
  assert.equal(before.status?.phase, "Running");
  assert.equal(before.metadata.ownerReferences?.[0].kind, "Node");
  await cluster.client.delete(refs.pods, "default", "web-node01");
  await cluster.clock.settle();
  const after = await cluster.pod("web-node01");
  assert.notEqual(after.metadata.uid, before.metadata.uid);
  assert.equal(after.status?.containerStatuses?.[0].containerID, before.status?.containerStatuses?.[0].containerID);
  assert.equal(after.status?.phase, "Running");

  await kubelet.removeStaticPod("default", "web-node01");
  await cluster.clock.settle();
  await assert.rejects(cluster.pod("web-node01"), /not found/);
  assert.deepEqual([...kubelet.workers], []);
  cluster.stop();
});

const MANIFESTS = "/etc/kubernetes/manifests";

/** A pod that runs a script with the node's folder of manifests at /manifests. */
const onNode = (script: string): Parameters<TestCluster["run"]>[0] => ({
  nodeName: "node01",
  restartPolicy: "Never",
  volumes: [{ name: "manifests", hostPath: { path: MANIFESTS, type: "Directory" } }],
  containers: [{
    name: "app",
    image: "busybox:1.36",
    command: ["sh", "-c", script],
    volumeMounts: [{ name: "manifests", mountPath: "/manifests" }],
  }],
});

const write = (image: string) =>
  `cat > /manifests/web.yaml <<END
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: app
    image: ${image}
END`;

Deno.test("static pods: a manifest on the node makes one, a change makes another, and without it there is none", async () => {
  const cluster = await testCluster();
  await cluster.run(onNode(write("nginx:1.27")), { name: "first" });
  assert.equal(await cluster.clock.settle(), true);
  const pod = await cluster.pod("web-node01");
  assert.equal(pod.status?.phase, "Running");
  assert.equal(pod.metadata.annotations?.["kubernetes.io/config.source"], "file");
  assert.deepEqual(pod.spec?.tolerations?.at(-1), { effect: "NoExecute", operator: "Exists" });

  await cluster.run(onNode(write("nginx:1.28")), { name: "second" });
  assert.equal(await cluster.clock.settle(), true);
  const changed = await cluster.pod("web-node01");
  assert.equal(changed.status?.containerStatuses?.[0].image, "docker.io/library/nginx:1.28");
  assert.notEqual(changed.metadata.uid, pod.metadata.uid);

  await cluster.run(onNode("rm /manifests/web.yaml"), { name: "third" });
  assert.equal(await cluster.clock.settle(), true);
  await assert.rejects(cluster.pod("web-node01"), /not found/);
  cluster.stop();
});

Deno.test("static pods: a file that is no pod is told of, and harms nobody", async () => {
  const cluster = await testCluster();
  await cluster.run(onNode("echo 'kind: Service' > /manifests/a.yaml"), { name: "first" });
  assert.equal(await cluster.clock.settle(), true);
  assert.equal(cluster.reports.length, 1);
  assert.match(cluster.reports[0], /node01: Error: etc\/kubernetes\/manifests\/a\.yaml: there is no Pod in it/);
  await cluster.run(onNode(write("nginx:1.27")), { name: "second" });
  assert.equal(await cluster.clock.settle(), true);
  assert.equal((await cluster.pod("web-node01")).status?.phase, "Running");
  cluster.reports.length = 0;
  cluster.stop();
});
