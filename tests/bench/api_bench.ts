/**
 * What the API costs: create, get, list, patch and watch of ConfigMaps, in process and over HTTPS with 16 clients.
 *
 *     deno bench --allow-all tests/bench/api_bench.ts
 */
import { Agent, request as httpsRequest } from "node:https";
import process from "node:process";
import { authenticator, staticTokens } from "../../cluster/memory/api/authn/authenticator.ts";
import { apiHandler } from "../../cluster/memory/api/http/handler.ts";
import { listen } from "../../cluster/memory/api/http/server.ts";
import { configMaps } from "../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../cluster/memory/api/mod.ts";
import { loadPki } from "../../cluster/memory/api/tls/pki.ts";
import { completeApi, httpClient, request } from "../api/testing.ts";

const LIST = "/api/v1/namespaces/default/configmaps";
const CLIENTS = 16;
const LISTED = 5_000;
const TOKEN = "bench";

const data = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`key${i}`, "value ".repeat(10)]));
const configMap = (name: string) => ({ metadata: { name, namespace: "default" }, data });

const { api, client } = await completeApi();
for (let i = 0; i < LISTED; i++) await client.create(configMaps, configMap(`listed-${i}`));
const handle = apiHandler({ core: api.core, authenticate: () => administrator, paths: [] });
let next = 0;

Deno.bench("create, in process", { group: "create" }, async () => {
  await client.create(configMaps, configMap(`c-${next++}`));
});

Deno.bench("get", { group: "get" }, async () => {
  await handle(request("GET", `${LIST}/listed-${next++ % LISTED}`));
});

Deno.bench(`list ${LISTED}`, { group: "list" }, async () => {
  await handle(request("GET", `${LIST}?limit=${LISTED}`));
});

Deno.bench("patch, in process", { group: "patch" }, async () => {
  const body = { data: { x: String(next++) } };
  await client.patch(configMaps, "default", `listed-${next % LISTED}`, { type: "merge", body });
});

for (const watchers of [1, 100, 1_000]) {
  const complete = await completeApi();
  await complete.client.create(configMaps, configMap("watched"));
  for (let i = 0; i < watchers; i++) {
    const { stream } = await httpClient(complete)("GET", `${LIST}?watch=true`);
    stream!({ write() {}, end() {}, waiting: 0 });
  }
  Deno.bench(`a change told to ${watchers} watchers`, { group: "watch" }, async () => {
    const body = { data: { x: String(next++) } };
    await complete.client.patch(configMaps, "default", "watched", { type: "merge", body });
  });
}

const pki = await loadPki({ now: Date.now() });
const handler = apiHandler({
  core: api.core,
  authenticate: authenticator(staticTokens({ [TOKEN]: administrator })),
  paths: [],
});
const server = await listen({ handler, ...pki.server, clientAuthority: pki.authority.certificate });
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS, ca: pki.authority.certificate });

function call(method: string, path: string, body?: unknown): Promise<void> {
  const text = body === undefined ? "" : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    "content-type": "application/json",
    "content-length": text.length,
  };
  return new Promise((resolve, reject) => {
    const { port } = server;
    const sent = httpsRequest({ agent, host: "127.0.0.1", port, method, path, headers }, (response) => {
      response.resume();
      response.on("end", resolve);
    });
    sent.on("error", reject);
    sent.end(text);
  });
}

/** Calls per second by 16 clients at a time, each of which goes on as soon as it has its answer. */
async function throughput(count: number, one: (i: number) => Promise<void>): Promise<number> {
  let i = 0;
  const started = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    while (i < count) await one(i++);
  }));
  return Math.round(count / (performance.now() - started) * 1000);
}

// Benchmarks are one call after the other; what clients at a time get is told beside them.
const creates = await throughput(
  4_000,
  (i) => call("POST", LIST, { ...configMap(`h-${i}`), metadata: { name: `h-${i}` } }),
);
const gets = await throughput(8_000, (i) => call("GET", `${LIST}/listed-${i % LISTED}`));
process.stderr.write(`over HTTPS, ${CLIENTS} clients: ${creates} creates/s, ${gets} gets/s\n`);

Deno.bench("get, over HTTPS", { group: "get" }, async () => {
  await call("GET", `${LIST}/listed-${next++ % LISTED}`);
});

Deno.bench(`list ${LISTED}, over HTTPS`, { group: "list" }, async () => {
  await call("GET", `${LIST}?limit=${LISTED}`);
});

globalThis.addEventListener("unload", () => agent.destroy());
