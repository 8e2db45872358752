/** Folders and files of the node. */
import assert from "node:assert/strict";
import { failedMounts, fileOf, volumes, withVolume } from "./pod_volumes.ts";

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
