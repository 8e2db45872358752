/** `chroot` into a node's own files, as from a pod that `kubectl debug node/…` makes. */
import assert from "node:assert/strict";
import * as refs from "../../../cluster/memory/api/kind_refs.ts";
import type { Pod } from "../../../cluster/memory/kinds/schema/types.ts";
import { startCluster } from "../../network/running_cluster.ts";

async function startDebugger(more: object = {}) {
  const cluster = await startCluster();
  const { client, clock } = cluster;
  await client.create<Pod>(refs.pods, {
    metadata: { name: "debugger", namespace: "default" },
    spec: {
      nodeName: "node01",
      hostNetwork: true,
      hostPID: true,
      containers: [{
        name: "debugger",
        image: "busybox",
        command: ["sleep", "1d"],
        volumeMounts: [{ name: "host-root", mountPath: "/host" }],
        ...more,
      }],
      volumes: [{ name: "host-root", hostPath: { path: "/" } }],
    },
  });
  await clock.settle();
  return cluster;
}

Deno.test("chroot /host: the node's files and programs, and its packet filter", async () => {
  using cluster = await startDebugger();
  const { run } = cluster;
  assert.equal(await run("debugger", "chroot", "/host", "cat", "/etc/hostname"), "node01 [0]");
  assert.match(await run("debugger", "chroot", "/host", "ls", "/etc/kubernetes"), /manifests/);
  assert.match(await run("debugger", "chroot", "/host", "iptables-save"), /KUBE-SVC-NPX46M4PTMTKRN6Y/);
  assert.match(
    await run("debugger", "chroot", "/host", "sh", "-c", "iptables -t nat -nL | grep -c KUBE-SVC"),
    /^\d+ \[0\]$/,
  );
  assert.equal(
    await run("debugger", "chroot", "/host", "sh", "-c", "echo hello > /tmp/note; exit 3"),
    "[3]".padStart(4),
  );
  assert.equal(await run("debugger", "cat", "/host/tmp/note"), "hello [0]");
  assert.deepEqual(cluster.reports, []);
});

Deno.test("chroot: folders without programs, none at all, and who is not root", async () => {
  using cluster = await startDebugger();
  const { run } = cluster;
  await assert.rejects(run("debugger", "iptables-save"), /executable file not found in \$PATH/);
  assert.match(
    await run("debugger", "chroot", "/tmp", "ls"),
    /failed to run command 'ls': No such file or directory \[127\]$/,
  );
  assert.match(await run("debugger", "chroot", "/none", "ls"), /'\/none': No such file or directory \[125\]$/);
  assert.match(await run("debugger", "chroot", "/etc/hostname", "ls"), /Not a directory \[125\]$/);
  assert.match(await run("debugger", "chroot"), /missing operand \[125\]$/);
  using other = await startDebugger({ securityContext: { runAsUser: 1000 } });
  assert.match(await other.run("debugger", "chroot", "/host", "ls"), /Operation not permitted \[125\]$/);
});

Deno.test("chroot: what runs in there ends with its container", async () => {
  using cluster = await startDebugger({ command: ["chroot", "/host", "sleep", "1d"] });
  const { client, clock } = cluster;
  assert.equal((await client.get<Pod>(refs.pods, "default", "debugger")).status?.phase, "Running");
  await client.delete(refs.pods, "default", "debugger");
  await clock.settle();
  await assert.rejects(client.get(refs.pods, "default", "debugger"), /not found/);
  assert.deepEqual(cluster.reports, []);
});
