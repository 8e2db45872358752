/** Node ports opened on this machine: a client outside of the cluster reaches what runs inside. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import type { Service } from "../../cluster/memory/kinds/schema/types.ts";
import { startCluster } from "./running_cluster.ts";

const nodePortService = (name: string, nodePort?: number) => ({
  metadata: { name, namespace: "default" },
  spec: { type: "NodePort", selector: { app: "web" }, ports: [{ port: 80, nodePort }] },
});

/** A port of the range of node ports that nobody has, with somebody who listens there. */
async function takePort() {
  for (let port = 32_000; port < 32_700; port++) {
    const server = createServer();
    const [name] = await Promise.race([
      once(server.listen(port, "127.0.0.1"), "listening").then(() => ["listening"]),
      once(server, "error").then(() => ["error"]),
    ]);
    if (name === "listening") return { port, server };
  }
  throw new Error("no port is free");
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

Deno.test("a node port is open on loopback while its service is there, and leads to the container", async () => {
  using cluster = await startCluster({ nodePorts: true });
  const { client, clock, pod, events } = cluster;
  await pod("web", "nginx:1.27", { app: "web" });
  const created = await client.create<Service>(refs.services, nodePortService("web"));
  await clock.settle();
  const { nodePort } = created.spec.ports![0];
  const url = `http://127.0.0.1:${nodePort}`;
  while (!await isOpen(nodePort!)) await clock.quiet();
  const answer = await fetch(url);
  assert.match(await answer.text(), /Welcome to nginx!/);
  assert.equal(answer.headers.get("server"), "nginx/1.27.5");
  assert.equal((await (await fetch(`${url}/nothing`)).text()).includes("404 Not Found"), true);
  await clock.settle();
  assert.deepEqual(await events("web").then((all) => all.filter((text) => text.includes("NodePort"))), [
    `Normal NodePortOpened: Open on this machine: ${url}`,
  ]);
  await client.delete(refs.services, "default", "web");
  await clock.settle();
  assert.equal(await isOpen(nodePort!), false);
  assert.deepEqual(cluster.reports, []);
});

Deno.test("without endpoints the connection is reset, and traffic stays on its node where it has to", async () => {
  using cluster = await startCluster({ nodePorts: true });
  const { client, clock, pod } = cluster;
  const created = await client.create<Service>(refs.services, nodePortService("web"));
  await clock.settle();
  const { nodePort } = created.spec.ports![0];
  while (!await isOpen(nodePort!)) await clock.quiet();
  await assert.rejects(fetch(`http://127.0.0.1:${nodePort}`));
  const body = { spec: { externalTrafficPolicy: "Local" } };
  await client.patch(refs.services, "default", "web", { type: "merge", body });
  await pod("web", "nginx:1.27", { app: "web" });
  await clock.settle();
  assert.match(await (await fetch(`http://127.0.0.1:${nodePort}`)).text(), /Welcome to nginx!/);
});

Deno.test("a port that another program has is told of", async () => {
  const { port, server } = await takePort();
  try {
    using cluster = await startCluster({ nodePorts: true });
    const { client, clock, events } = cluster;
    await client.create<Service>(refs.services, nodePortService("web", port));
    const told = async () => (await events("web")).filter((text) => text.includes("NodePort"));
    while ((await told()).length === 0) await clock.settle();
    assert.deepEqual(await told(), [
      `Warning NodePortNotOpened: Port ${port} of this machine is in use by another program`,
    ]);
  } finally {
    server.close();
  }
});
