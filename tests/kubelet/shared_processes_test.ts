/** Containers of a pod that see each other's processes. */
import assert from "node:assert/strict";
import { execute } from "../../cluster/memory/kubelet/lifecycle_hook.ts";
import { type TestCluster, testCluster, twoNodes } from "./cluster.ts";

/** That of the only pod. */
const theWorker = ({ kubelets }: TestCluster) =>
  twoNodes.flatMap(({ name }) => [...kubelets.kubelet(name)!.workers])[0];

Deno.test("shared processes: they are seen, looked into and ended across containers", async () => {
  const cluster = await testCluster();
  await cluster.run({
    shareProcessNamespace: true,
    containers: [
      { name: "web", image: "nginx:1.27" },
      {
        name: "shell",
        image: "busybox:1.36",
        command: ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 5; done"],
      },
    ],
  });
  await cluster.advance(30);
  const worker = () => theWorker(cluster);
  const container = (name: string) => worker().runtime.containers.find((one) => one.name === name)!;
  const run = async (script: string) => {
    const done = execute(container("shell"), ["sh", "-c", script], cluster.clock);
    await cluster.advance(1);
    return (await done).output;
  };
  const lines = (await run("ps")).split("\n");
  assert.equal(lines[1], "    1 root      0:00 /pause");
  const web = lines.find((line) => line.includes("nginx: master process"));
  assert.match(web ?? "", /^ {3,4}\d+ root {6}0:00 nginx: master process nginx -g daemon off;$/);
  assert.match(lines.join("\n"), /\d+ 101 +0:00 nginx: worker process/);
  const pid = Number(web!.trim().split(" ")[0]);
  assert.match(await run(`head -n 3 /proc/${pid}/root/etc/nginx/nginx.conf`), /^user {2}nginx;$/m);
  assert.equal(await run("cat /proc/1/comm; cat /proc/self/comm"), "pause\ncat\n");
  const before = container("web").id;
  await run(`kill ${pid}`);
  await cluster.advance(30);
  assert.notEqual(container("web").id, before);
  assert.equal(container("shell").restarts, 0);
  cluster.stop();
});

Deno.test("processes of its own are all that a container sees otherwise", async () => {
  const cluster = await testCluster();
  await cluster.run({
    containers: [
      { name: "web", image: "nginx:1.27" },
      { name: "shell", image: "busybox:1.36", command: ["sleep", "infinity"] },
    ],
  });
  await cluster.advance(30);
  const shell = theWorker(cluster).runtime.containers.find(({ name }) => name === "shell")!;
  const done = execute(shell, ["ps"], cluster.clock);
  await cluster.advance(1);
  assert.match(
    (await done).output,
    /^PID {3}USER {5}TIME {2}COMMAND\n {4}1 root {6}0:00 sleep infinity\n +\d+ root {6}0:00 ps\n$/,
  );
  cluster.stop();
});
