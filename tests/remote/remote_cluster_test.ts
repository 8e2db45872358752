import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { ApiError, type Cluster } from "../../cluster/cluster.ts";
import { Problem } from "../../cluster/problem.ts";
import { parseKubeconfig } from "../../cluster/remote/kubeconfig.ts";
import { connect } from "../../cluster/remote/remote_cluster.ts";
import { type Answer, type SeenRequest, type TestServer, testServer } from "./api_server.ts";
import { temporaryFolder } from "../temporary_folder.ts";

// The official client's HTTP library keeps a timer for its own purposes.
const options = { sanitizeOps: false, sanitizeResources: false };

async function open(server: TestServer, user?: string): Promise<Cluster> {
  return await connect(await parseKubeconfig(server.kubeconfig(user), "kubeconfig"), { timeout: 300 });
}

function test(
  name: string,
  answer: (request: SeenRequest) => Answer,
  body: (cluster: Cluster, server: TestServer) => Promise<void>,
) {
  Deno.test(name, options, async () => {
    await using server = await testServer(answer);
    await using cluster = await open(server);
    await body(cluster, server);
  });
}

const POD = { apiVersion: "v1", kind: "Pod", name: "web", namespace: "shop" };

test("connections are kept and used again, with the kubeconfig's token", () => ({}), async (cluster, server) => {
  for (let i = 0; i < 20; i++) await cluster.objects.get(POD);
  // A second one opens when a request comes before the one before it is cleared away.
  assert.ok(server.connections() <= 2, `${server.connections()} connections for ${server.requests.length} requests`);
  assert.deepEqual(new Set(server.requests.map(({ authorization }) => authorization)), new Set(["Bearer secret"]));
  assert.equal(server.requests.filter(({ path }) => path === "/api/v1").length, 1);
  assert.equal(server.requests.at(-1)!.path, "/api/v1/namespaces/shop/pods/web");
});

test(
  "what is not there is undefined, as is what has no kind",
  ({ path }) => path.endsWith("/web") ? { status: 404, body: { message: "not found", reason: "NotFound" } } : {},
  async (cluster) => {
    assert.equal(await cluster.objects.get(POD), undefined);
    assert.equal(await cluster.objects.delete(POD), false);
    assert.equal(await cluster.objects.get({ ...POD, kind: "Nothing" }), undefined);
  },
);

test(
  "a refusal carries the server's words",
  ({ method }) =>
    method === "POST" ? { status: 409, body: { message: 'pods "web" already exists', reason: "AlreadyExists" } } : {},
  async (cluster) => {
    const create = cluster.objects.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web", namespace: "shop" },
    });
    await assert.rejects(create, (error) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.code, error.reason, error.message], [409, "AlreadyExists", 'pods "web" already exists']);
      return true;
    });
  },
);

test(
  "an answer that is no Status is told as it is",
  ({ path }) => path.includes("pods") ? { status: 502, body: "<h1>Bad Gateway</h1>" } : {},
  async (cluster) => {
    await assert.rejects(cluster.objects.get(POD), /HTTP 502: <h1>Bad Gateway<\/h1>/);
  },
);

test(
  "apply creates what is not there and merges into what is",
  ({ method, path }) => method === "GET" && path.endsWith("/new") ? { status: 404, body: { message: "" } } : {},
  async (cluster, server) => {
    const pod = (name: string) => ({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "shop" } });
    await cluster.objects.apply(pod("new"));
    await cluster.objects.apply(pod("old"));
    const writes = server.requests.filter(({ method }) => method !== "GET");
    assert.deepEqual(writes.map(({ method, contentType }) => [method, contentType]), [
      ["POST", "application/json"],
      ["PATCH", "application/apply-patch+yaml"],
    ]);
    for (const { path } of writes) assert.match(path, /fieldManager=drydock&fieldValidation=Strict/);
  },
);

test(
  "the Gateway API is a capability where there is a class of gateways",
  ({ path }) => path.endsWith("/gatewayclasses") ? { body: { items: [{ metadata: { name: "nginx" } }] } } : {},
  (cluster) => Promise.resolve(assert.deepEqual([...cluster.capabilities], ["gateway-api"])),
);

for (const status of [200, 403, 404]) {
  test(
    `a cluster that answers ${status} and no class has no Gateway API`,
    ({ path }) => path.endsWith("/gatewayclasses") ? { status, body: { items: [] } } : {},
    (cluster) => Promise.resolve(assert.deepEqual([...cluster.capabilities], [])),
  );
}

test("cluster-wide kinds have no namespace in their path", () => ({ body: undefined }), async (cluster, server) => {
  await cluster.objects.get({ apiVersion: "v1", kind: "Namespace", name: "shop", namespace: "ignored" });
  assert.equal(server.requests.at(-1)!.path, "/api/v1/namespaces/shop");
  assert.equal(await cluster.objects.namespaced({ apiVersion: "v1", kind: "Namespace" }), false);
  assert.equal(await cluster.objects.namespaced({ apiVersion: "v1", kind: "Pod" }), true);
  assert.equal(await cluster.objects.namespaced({ apiVersion: "v1", kind: "Nothing" }), undefined);
});

test(
  "listed objects say what they are, as single ones do",
  ({ path }) => path.includes("/pods") ? { body: { items: [{ metadata: { name: "a" } }] } } : {},
  async (cluster, server) => {
    const query = { apiVersion: "v1", kind: "Pod", namespace: "shop", labelSelector: "app=web", fieldSelector: "a!=b" };
    assert.deepEqual(await cluster.objects.list(query), [{ apiVersion: "v1", kind: "Pod", metadata: { name: "a" } }]);
    assert.equal(
      server.requests.at(-1)!.path,
      "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb&fieldSelector=a%21%3Db",
    );
  },
);

test(
  "a server that stops answering is trouble, not a failure",
  ({ path }) => ({ hang: path.includes("pods") }),
  async (cluster) => {
    await assert.rejects(cluster.objects.get(POD), (error) => {
      assert.ok(error instanceof Problem);
      assert.equal(error.kind, "unavailable");
      assert.match(error.text.en, /does not answer \(UND_ERR_HEADERS_TIMEOUT\)/);
      return true;
    });
  },
);

Deno.test("a token that has run out is fetched anew from the exec plugin", options, async () => {
  const folder = await temporaryFolder();
  const plugin = join(folder, "plugin.ts");
  const counter = join(folder, "counter");
  await writeFile(counter, "0");
  // Each call gives another token, which is said to be good for long.
  await writeFile(
    plugin,
    `
    const n = Number(Deno.readTextFileSync(${JSON.stringify(counter)})) + 1;
    Deno.writeTextFileSync(${JSON.stringify(counter)}, String(n));
    console.log(JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential",
      status: { token: "token-" + n, expirationTimestamp: new Date(Date.now() - 1000).toISOString() } }));
  `,
  );
  const user = JSON.stringify({
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: ["run", "--quiet", "--allow-all", plugin],
      interactiveMode: "Never",
    },
  });
  let revoked = "";
  await using server = await testServer(({ authorization }) =>
    authorization === revoked ? { status: 401, body: {} } : {}
  );
  await using cluster = await connect(await parseKubeconfig(server.kubeconfig(user), "kubeconfig"));
  revoked = server.requests[0].authorization!;
  await cluster.objects.get(POD);
  const tokens = new Set(server.requests.map(({ authorization }) => authorization));
  assert.ok(tokens.has("Bearer token-1") && tokens.has("Bearer token-2"), [...tokens].join());
});

Deno.test("credentials that cannot be worked out are trouble with a name", options, async () => {
  await using server = await testServer();
  const user = JSON.stringify({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: "/no/such/plugin" } });
  await assert.rejects(
    open(server, user),
    (error) => error instanceof Problem && /credentials of context test/.test(error.text.en),
  );
});

Deno.test("a dead server is told with its address", options, async () => {
  const server = await testServer();
  await server[Symbol.asyncDispose]();
  await assert.rejects(open(server), (error) => {
    assert.ok(error instanceof Problem);
    assert.equal(error.kind, "unavailable");
    assert.match(error.text.en, new RegExp(`The cluster at ${server.url} does not answer \\(ECONNREFUSED\\)`));
    return true;
  });
});

Deno.test("a context that is not there is refused with those that are", options, async () => {
  await using server = await testServer();
  const config = await parseKubeconfig(server.kubeconfig(), "kubeconfig");
  await assert.rejects(connect(config, { context: "tset" }), /There is no context tset. The kubeconfig has: test/);
});
