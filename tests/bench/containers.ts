/**
 * What containers cost: 200 shells started and asked, a thousand idle servers, and how the API answers while containers
 * do their worst.
 *
 *     deno run --allow-all --v8-flags=--expose-gc tests/bench/containers.ts
 */
import process from "node:process";
import { pods as podRef } from "../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../cluster/memory/api/mod.ts";
import { startMemoryCluster } from "../../cluster/memory/cluster.ts";
import { realClock } from "../../cluster/memory/clock.ts";
import { findImage } from "../../cluster/memory/kubelet/images/registry.ts";
import { containerRuntime } from "../../cluster/memory/kubelet/runtime/container_runtime.ts";
import type { ContainerProcess } from "../../cluster/memory/kubelet/runtime/runtime.ts";
import { plainConfig } from "../kubelet/runtime/container.ts";

const SHELLS = 200;
const SERVERS = 1_000;

const collect = () => (globalThis as unknown as { readonly gc?: () => void }).gc?.();
const resident = () => process.memoryUsage().rss / 1e6;
const heap = () => (collect(), process.memoryUsage().heapUsed);

using clock = realClock();
const ignore = () => {};
function start(image: string, command: readonly string[] | undefined, name: string, memoryLimit?: number) {
  const config = { ...plainConfig(findImage(image)!.image, "1.27"), command, hostname: name, memoryLimit };
  return containerRuntime.start(config, { stdout: ignore, stderr: ignore }, clock);
}
const exec = (container: ContainerProcess, script: string) =>
  new Promise<number>((resolve) =>
    container.exec(["sh", "-c", script], { stdout: ignore, stderr: ignore }).onExit(({ code }) => resolve(code))
  );

{
  const before = resident();
  const begun = performance.now();
  const shells = Array.from(
    { length: SHELLS },
    (_, i) => start("docker.io/library/busybox:1.36", ["sh", "-c", "while true; do sleep 5; done"], `shell-${i}`),
  );
  await Promise.all(shells.map((shell) => exec(shell, "echo a > /tmp/x; grep a /tmp/x | sed s/a/b/")));
  const took = (performance.now() - begun) / 1000;
  console.log(`${SHELLS} shells started and asked: ${took.toFixed(2)} s, ${Math.round(resident() - before)} MB`);
  for (const shell of shells) shell.signal("SIGKILL");
}

{
  start("docker.io/library/nginx:1.27", undefined, "first");
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = heap();
  const servers = Array.from({ length: SERVERS }, (_, i) => start("docker.io/library/nginx:1.27", undefined, `n-${i}`));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const each = (heap() - before) / SERVERS / 1000;
  console.log(`${SERVERS} idle nginx containers: ${each.toFixed(1)} kB each`);
  for (const server of servers) server.signal("SIGKILL");
}

const LETTERS = "a".repeat(5_000);
const WORST: Readonly<Record<string, string>> = {
  "nothing": "sleep infinity",
  "an endless loop": "while true; do :; done",
  "a fork bomb": "b() { b | b & }; b; sleep infinity",
  "yes into a file": "yes > /file; sleep infinity",
  "a write of 1 GB": "dd if=/dev/zero of=/big bs=1M count=1000; sleep infinity",
  "a line without an end": "read x < /dev/zero",
  "a log without an end": "cat /dev/zero",
  "slow patterns": `while true; do echo ${LETTERS}b | grep -E '(a+)+$'; done`,
  "a file that grows by lines": "while true; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaa >> /f; done",
  "a variable that doubles": "x=a; while true; do x=$x$x; done",
};

await using cluster = await startMemoryCluster({ nodes: ["node01"] });
const client = cluster.api.client(administrator);
const phase = async (name: string) => (await client.get(podRef, "default", name)).status;
for (const [what, script] of Object.entries(WORST)) {
  const name = what.replaceAll(/\W+/g, "-").toLowerCase();
  const resources = { limits: { memory: "128Mi", cpu: "500m" } };
  const containers = [{ name: "c", image: "busybox:1.36", command: ["sh", "-c", script], resources }];
  await client.create(podRef, { metadata: { name, namespace: "default" }, spec: { containers } });
  while ((await phase(name))?.containerStatuses?.[0].started === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const times: number[] = [];
  const end = performance.now() + 5_000;
  while (performance.now() < end) {
    const begun = performance.now();
    // A timer and a socket each need their turn, as any client does.
    await fetchOnce(`${cluster.server}/livez`);
    times.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(0);
  console.log(
    `beside ${what}: the API answers in ${at(0.5)} ms, at most ${at(1)} ms (99 %: ${at(0.99)} ms), ` +
      `${Math.round(resident())} MB`,
  );
  await client.delete(podRef, "default", name, { gracePeriodSeconds: 0 });
}

/** One request on a connection of its own. */
async function fetchOnce(url: string): Promise<void> {
  const { request } = await import("node:https");
  await new Promise<void>((resolve, reject) => {
    request(url, { rejectUnauthorized: false }, (response) => {
      response.resume();
      response.on("end", () => resolve());
    }).on("error", reject).end();
  });
}
