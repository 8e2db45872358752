/** Services and pods asked through the API server, and the API asked from within a container. */
import assert from "node:assert/strict";
import { request } from "node:https";
import { pods, services } from "../../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../../cluster/memory/api/mod.ts";
import { virtualClock } from "../../../cluster/memory/clock.ts";
import { startMemoryCluster } from "../../../cluster/memory/cluster.ts";

const get = (url: string) =>
  new Promise<{ readonly status: number; readonly body: string }>((resolve, reject) => {
    request(url, { rejectUnauthorized: false, agent: false, headers: { authorization: "Bearer test" } }, (response) => {
      let body = "";
      response.on("data", (chunk) => body += chunk);
      response.on("end", () => resolve({ status: response.statusCode!, body }));
    }).on("error", reject).end();
  });

Deno.test("what containers serve is reached through the API, and the API from a container", async () => {
  const clock = virtualClock({ start: Date.now() });
  await using cluster = await startMemoryCluster({ clock, nodes: ["node01"], token: "test" });
  const client = cluster.api.client(administrator);
  const metadata = (name: string) => ({ name, namespace: "default", labels: { app: name } });
  const run = (name: string, container: object) =>
    client.create(pods, { metadata: metadata(name), spec: { containers: [{ name: "c", ...container }] } } as never);
  await client.create(
    services,
    { metadata: metadata("web"), spec: { selector: { app: "web" }, ports: [{ port: 80 }] } } as never,
  );
  await client.create(
    services,
    { metadata: metadata("none"), spec: { selector: { app: "none" }, ports: [{ port: 80 }] } } as never,
  );
  await run("web", { image: "nginx:1.27", ports: [{ containerPort: 80 }] });
  const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  await run("asker", {
    image: "curlimages/curl:8.10.1",
    command: [
      "sh",
      "-c",
      `curl -sS --cacert ${folder}/ca.crt -H "Authorization: Bearer $(cat ${folder}/token)" ` +
      "https://kubernetes.default.svc/api/v1/namespaces/default/pods; echo; " +
      `curl -sS --cacert ${folder}/ca.crt https://kubernetes.default.svc/readyz; echo; curl -sS https://kubernetes`,
    ],
  });
  await clock.advance(30_000);
  const api = `${cluster.server}/api/v1/namespaces/default`;
  assert.match((await get(`${api}/services/web/proxy/`)).body, /Welcome to nginx!/);
  assert.match((await get(`${api}/pods/web:80/proxy/index.html`)).body, /Welcome to nginx!/);
  assert.equal((await get(`${api}/services/web/proxy`)).status, 301);
  assert.equal((await get(`${api}/services/web:80/proxy/none`)).status, 404);
  const failed = async (path: string) => {
    const { status, body } = await get(`${api}/${path}`);
    return `${status} ${JSON.parse(body).message}`;
  };
  assert.equal(await failed("services/none/proxy/"), '503 no endpoints available for service "none"');
  assert.equal(await failed("services/web:81/proxy/"), '503 no service port "81" found for service "web"');
  assert.equal(await failed("services/nobody/proxy/"), '404 services "nobody" not found');
  assert.match(
    await failed("pods/web:81/proxy/"),
    /^503 error trying to reach service: dial tcp 10\.244\.\d+\.\d+:81: connect: connection refused$/,
  );
  const said = (await get(`${api}/pods/asker/log`)).body;
  assert.match(said, /User \\"system:serviceaccount:default:default\\" cannot list resource \\"pods\\"/);
  assert.match(said, /\nok\ncurl: \(60\) SSL certificate problem: unable to get local issuer certificate\n/);
});
