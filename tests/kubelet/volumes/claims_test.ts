/** Volumes that are claimed, and what is said where there are none. */
import assert from "node:assert/strict";
import * as refs from "../../../cluster/memory/api/kind_refs.ts";
import type { TestCluster } from "../cluster.ts";
import { failedMounts, fileOf, volumes, withVolume } from "./pod_volumes.ts";

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
