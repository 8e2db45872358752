import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { request as httpsRequest } from "node:https";
import { connect } from "node:tls";
import { gunzipSync } from "node:zlib";
import { authenticator, staticTokens } from "../../../cluster/memory/api/authn/authenticator.ts";
import { apiHandler } from "../../../cluster/memory/api/http/handler.ts";
import { listen } from "../../../cluster/memory/api/http/server.ts";
import { clusterRoles, configMaps } from "../../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../../cluster/memory/api/mod.ts";
import { createAuthority, issue } from "../../../cluster/memory/api/tls/certificates.ts";
import { loadPki, type Pki } from "../../../cluster/memory/api/tls/pki.ts";
import { clusterRoleBinding } from "../../../cluster/memory/kinds/rbac/cluster_role_binding.ts";
import { kubeadmRoles } from "../../../cluster/memory/bootstrap/kubeadm_roles.ts";
import { completeApi } from "../testing.ts";

const TOKEN = "secret";
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const pki: Pki = await loadPki({ now: Date.now() });

async function serving() {
  const complete = await completeApi();
  const handler = apiHandler({
    core: complete.api.core,
    authenticate: authenticator(staticTokens({ [TOKEN]: administrator })),
    paths: [],
  });
  const { authority, server } = pki;
  const running = await listen({ handler, ...server, clientAuthority: authority.certificate });
  return { ...complete, ...running, pki, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

interface Options {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly certificate?: Pki["administrator"];
}

function fetchPath(port: number, path: string, { method = "GET", headers = {}, body, certificate }: Options = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Uint8Array }>((resolve, reject) => {
    const request = httpsRequest({
      host: "127.0.0.1",
      port,
      path,
      method,
      ca: pki.authority.certificate,
      cert: certificate?.certificate,
      key: certificate?.key,
      agent: false,
      headers: certificate ? headers : { authorization: `Bearer ${TOKEN}`, ...headers },
    }, (response) => {
      const chunks: Uint8Array[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on(
        "end",
        () => resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

const jsonOf = (body: Uint8Array) => JSON.parse(new TextDecoder().decode(body));

Deno.test("a client certificate says who somebody is, and so does a token", async () => {
  await using server = await serving();
  const path = "/api/v1/namespaces";
  const certificate = server.pki.administrator;
  assert.equal((await fetchPath(server.port, path, { certificate })).status, 403);
  await server.client.create(clusterRoleBinding, kubeadmRoles[0]);
  const role = { metadata: { name: "cluster-admin" }, rules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }] };
  await server.client.create(clusterRoles, role);
  assert.equal((await fetchPath(server.port, path, { certificate })).status, 200);
  const headers = { "content-type": "application/json" };
  const self = await fetchPath(server.port, "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    method: "POST",
    headers,
    body: "{}",
    certificate,
  });
  const { userInfo } = jsonOf(self.body).status;
  assert.deepEqual(userInfo.groups, ["kubeadm:cluster-admins", "system:authenticated"]);
  assert.match(userInfo.extra["authentication.kubernetes.io/credential-id"][0], /^X509SHA256=[0-9a-f]{64}$/);
  assert.equal((await fetchPath(server.port, path)).status, 200);
  const wrong = await fetchPath(server.port, path, { headers: { authorization: "Bearer wrong" } });
  assert.equal(wrong.status, 401);
  assert.equal(jsonOf(wrong.body).message, "Unauthorized");
  const nobody = await fetchPath(server.port, path, { headers: { authorization: "" } });
  assert.equal(nobody.status, 403);
  assert.match(jsonOf(nobody.body).message, /User "system:anonymous" cannot list resource "namespaces"/);
});

Deno.test("a certificate of somebody else's authority is none", async () => {
  await using server = await serving();
  const now = Date.now();
  const subject = { commonName: "kubernetes-admin", organizations: ["system:masters"] };
  const stranger = await issue(await createAuthority("kubernetes", now, 1), { subject, usage: "client", now, days: 1 });
  const answer = await fetchPath(server.port, "/api/v1/namespaces", { certificate: stranger }).catch(() => undefined);
  assert.ok(answer === undefined || answer.status === 403);
});

Deno.test("long answers are compressed for those who take it", async () => {
  await using server = await serving();
  const data = { k: "x".repeat(200_000) };
  await server.client.create(configMaps, { metadata: { name: "big", namespace: "default" }, data });
  const { headers, body } = await fetchPath(server.port, CONFIG_MAPS, { headers: { "accept-encoding": "gzip" } });
  assert.equal(headers["content-encoding"], "gzip");
  assert.equal(jsonOf(gunzipSync(body)).items[0].data.k.length, 200_000);
  const small = await fetchPath(server.port, "/api/v1/namespaces", { headers: { "accept-encoding": "gzip" } });
  assert.equal(small.headers["content-encoding"], undefined);
});

Deno.test("a body beyond three megabytes is not read", async () => {
  await using server = await serving();
  const body = `{"metadata":{"name":"a"},"data":{"k":"${"x".repeat(3 * 1024 * 1024)}"}}`;
  const headers = { "content-type": "application/json" };
  const answer = await fetchPath(server.port, CONFIG_MAPS, { method: "POST", headers, body });
  assert.equal(answer.status, 413);
  assert.equal(jsonOf(answer.body).reason, "RequestEntityTooLarge");
});

Deno.test("rude clients cost no more than their connections", async () => {
  await using server = await serving();
  const { port } = server;
  const rude = (bytes: string, after: "destroy" | "wait") =>
    new Promise<void>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port, ca: pki.authority.certificate }, () => {
        socket.write(bytes, () => after === "destroy" && socket.destroy());
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve());
      socket.on("data", () => {});
    });
  const head = `Host: x\r\nAuthorization: Bearer ${TOKEN}\r\n`;
  await Promise.all([
    rude("nonsense\r\n\r\n", "wait"),
    rude(`GET ${CONFIG_MAPS}?watch=true HTTP/1.1\r\n${head}\r\n`, "destroy"),
    rude(`POST ${CONFIG_MAPS} HTTP/1.1\r\n${head}Content-Length: 1000\r\n\r\n{"met`, "destroy"),
    rude(`GET ${CONFIG_MAPS} HTTP/1.1\r\n${head}`, "destroy"),
    rude(
      `GET /api/v1/namespaces/default/pods/a/exec HTTP/1.1\r\n${head}Connection: Upgrade\r\nUpgrade: x\r\n\r\n`,
      "wait",
    ),
  ]);
  await server.client.create(configMaps, { metadata: { name: "a", namespace: "default" } });
  assert.equal((await fetchPath(port, `${CONFIG_MAPS}/a`)).status, 200);
});

Deno.test("a watch that its client leaves is stopped", async () => {
  await using server = await serving();
  const watched = Promise.withResolvers<void>();
  const request = httpsRequest({
    host: "127.0.0.1",
    port: server.port,
    path: `${CONFIG_MAPS}?watch=true`,
    ca: pki.authority.certificate,
    agent: false,
    headers: { authorization: `Bearer ${TOKEN}` },
  }, (response) => {
    response.on("error", () => {});
    response.once("data", () => watched.resolve());
  });
  request.on("error", () => {});
  request.end();
  await server.client.create(configMaps, { metadata: { name: "a", namespace: "default" } });
  await watched.promise;
  request.destroy();
});

Deno.test("a connection is kept without a word of it", async () => {
  await using server = await serving();
  const { status, headers } = await fetchPath(server.port, CONFIG_MAPS, { headers: { connection: "keep-alive" } });
  assert.deepEqual([status, headers.connection, headers["keep-alive"]], [200, undefined, undefined]);
});
