/** The Gateway API on a whole cluster: what a client in a pod is answered, and what the objects say. */
import assert from "node:assert/strict";
import * as refs from "../../../cluster/memory/api/kind_refs.ts";
import { gatewayDefinitions } from "../../../cluster/memory/bootstrap/addons/gateway_crds.ts";
import { GATEWAY_TEXTS } from "../../../cluster/memory/bootstrap/addons/gateway_texts.ts";
import { StatusError } from "../../../cluster/memory/api/status.ts";
import type { Condition, Pod, Service } from "../../../cluster/memory/kinds/schema/types.ts";
import {
  type Gateway,
  type GatewayClass,
  gatewayClasses,
  gateways,
  type HTTPRoute,
  httpRoutes,
  type Listener,
} from "../../../cluster/memory/network/gateway/types.ts";
import { startCluster } from "../../network/running_cluster.ts";

const API = "gateway.networking.k8s.io/v1";
const HTTP: Listener = { name: "http", port: 80, protocol: "HTTP" };

async function startGateway(options: Parameters<typeof startCluster>[0] = {}) {
  const cluster = await startCluster({ addons: ["gateway-api"], ...options });
  const { client, clock, run, pod, create } = cluster;
  await pod("client", "curlimages/curl:8.14.1");
  const serve = async (name: string, namespace = "default") => {
    await client.create<Pod>(refs.pods, {
      metadata: { name, namespace, labels: { app: name } },
      spec: { containers: [{ name: "app", image: "hashicorp/http-echo:1.0", args: [`-text=${name}`] }] },
    });
    await client.create<Service>(refs.services, {
      metadata: { name, namespace },
      spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 5678 }] },
    });
    await clock.settle();
  };
  await serve("shop");
  await serve("cart");
  return {
    ...cluster,
    [Symbol.dispose]: cluster[Symbol.dispose],
    serve,
    gateway: (name: string, listeners: readonly Listener[], gatewayClassName = "nginx") =>
      create<Gateway>({
        apiVersion: API,
        kind: "Gateway",
        metadata: { name, namespace: "default" },
        spec: { gatewayClassName, listeners },
      }),
    route: (name: string, spec: HTTPRoute["spec"], namespace = "default") =>
      create<HTTPRoute>({
        apiVersion: API,
        kind: "HTTPRoute",
        metadata: { name, namespace },
        spec: { parentRefs: [{ name: "web", namespace: "default" }], ...spec },
      }),
    async address(name = "web") {
      return (await client.get(gateways, "default", name)).status?.addresses?.[0].value ?? "";
    },
    async curl(host: string, path: string, ...more: string[]) {
      const at = (await client.get(gateways, "default", "web")).status?.addresses?.[0].value;
      return await run(
        "client",
        "curl",
        "-s",
        "-w",
        " %{http_code}",
        "-H",
        `Host: ${host}`,
        ...more,
        `http://${at}${path}`,
      );
    },
    /** "Accepted=True Accepted" and so on. */
    async routeConditions(name: string, namespace = "default") {
      const { status } = await client.get(httpRoutes, namespace, name);
      return (status?.parents ?? []).flatMap(({ conditions }) => said(conditions));
    },
  };
}

const said = (conditions: readonly Condition[] | undefined) =>
  (conditions ?? []).map(({ type, status, reason }) => `${type}=${status} ${reason}`);
const backend = (name: string, more: object = {}) => ({ name, port: 80, ...more });
const prefix = (value: string) => ({ path: { type: "PathPrefix", value } });

Deno.test("gateway: a Gateway gets a proxy and an address, and its routes lead to backends", async () => {
  using cluster = await startGateway();
  const { client, gateway, route, curl, address, routeConditions } = cluster;
  const { status: ofClass } = await client.get<GatewayClass>(gatewayClasses, undefined, "nginx");
  assert.deepEqual(said(ofClass?.conditions), ["Accepted=True Accepted", "SupportedVersion=True SupportedVersion"]);
  await gateway("web", [HTTP]);
  await route("shop", {
    hostnames: ["shop.example"],
    rules: [{ backendRefs: [backend("shop")] }, { matches: [prefix("/cart")], backendRefs: [backend("cart")] }],
  });
  const { status } = await client.get(gateways, "default", "web");
  assert.deepEqual(said(status?.conditions), ["Accepted=True Accepted", "Programmed=True Programmed"]);
  assert.deepEqual(status?.listeners?.map(({ name, attachedRoutes }) => [name, attachedRoutes]), [["http", 1]]);
  assert.deepEqual(said(status?.listeners?.[0].conditions), [
    "Accepted=True Accepted",
    "Programmed=True Programmed",
    "ResolvedRefs=True ResolvedRefs",
    "Conflicted=False NoConflicts",
  ]);
  assert.deepEqual(await routeConditions("shop"), ["Accepted=True Accepted", "ResolvedRefs=True ResolvedRefs"]);
  const service = await client.get<Service>(refs.services, "default", "web-nginx");
  assert.equal(await address(), service.spec.clusterIP);
  assert.equal(await curl("shop.example", "/"), "shop\n 200 [0]");
  assert.equal(await curl("shop.example", "/cart/7"), "cart\n 200 [0]");
  assert.equal(await curl("shop.example", "/cartoons"), "shop\n 200 [0]");
  assert.match(await curl("other.example", "/"), /<center>nginx<\/center>.* 404 \[0\]$/s);
  assert.deepEqual(cluster.reports, []);
});

Deno.test("gateway: what belongs to a Gateway goes with it", async () => {
  using cluster = await startGateway();
  const { client, clock, gateway } = cluster;
  await gateway("web", [HTTP]);
  assert.equal((await client.list(refs.deployments, { namespace: "default" })).items.length, 1);
  await client.delete(gateways, "default", "web");
  await clock.settle();
  assert.deepEqual((await client.list(refs.deployments, { namespace: "default" })).items, []);
  await assert.rejects(client.get(refs.services, "default", "web-nginx"), /not found/);
  assert.deepEqual(cluster.reports, []);
});

Deno.test("gateway: matches by header, method and query, filters, weights", async () => {
  using cluster = await startGateway();
  const { client, clock, gateway, route, curl } = cluster;
  await client.create<Pod>(refs.pods, {
    metadata: { name: "echo", namespace: "default", labels: { app: "echo" } },
    spec: { containers: [{ name: "app", image: "traefik/whoami:v1.11" }] },
  });
  await client.create<Service>(refs.services, {
    metadata: { name: "echo", namespace: "default" },
    spec: { selector: { app: "echo" }, ports: [{ port: 80 }] },
  });
  await clock.settle();
  await gateway("web", [HTTP]);
  await route("many", {
    rules: [
      { matches: [{ headers: [{ name: "X-Version", value: "2" }] }], backendRefs: [backend("cart")] },
      { matches: [{ method: "POST" }], backendRefs: [backend("cart")] },
      { matches: [{ queryParams: [{ name: "beta", value: "yes" }] }], backendRefs: [backend("cart")] },
      {
        matches: [prefix("/old")],
        filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
      },
      {
        matches: [prefix("/api")],
        filters: [
          {
            type: "URLRewrite",
            urlRewrite: { hostname: "inner", path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/v2" } },
          },
          {
            type: "RequestHeaderModifier",
            requestHeaderModifier: { set: [{ name: "X-By", value: "gateway" }], remove: ["accept"] },
          },
          { type: "ResponseHeaderModifier", responseHeaderModifier: { add: [{ name: "X-Seen", value: "yes" }] } },
        ],
        backendRefs: [backend("echo")],
      },
      { matches: [prefix("/weighed")], backendRefs: [backend("shop", { weight: 0 }), backend("cart", { weight: 5 })] },
      { matches: [{ path: { type: "Exact", value: "/exact" } }], backendRefs: [backend("cart")] },
      { backendRefs: [backend("shop")] },
    ],
  });
  assert.equal(await curl("any", "/"), "shop\n 200 [0]");
  assert.equal(await curl("any", "/", "-H", "x-version: 2"), "cart\n 200 [0]");
  assert.equal(await curl("any", "/", "-X", "POST"), "cart\n 200 [0]");
  assert.equal(await curl("any", "/?beta=yes"), "cart\n 200 [0]");
  assert.equal(await curl("any", "/exact"), "cart\n 200 [0]");
  assert.equal(await curl("any", "/exact/no"), "shop\n 200 [0]");
  for (let i = 0; i < 5; i++) assert.equal(await curl("any", "/weighed"), "cart\n 200 [0]");
  assert.match(await curl("a.example", "/old/x?y=1", "-i"), /301.*Location: https:\/\/a\.example\/old\/x\?y=1/s);
  const echoed = await curl("any", "/api/users?page=2", "-i");
  assert.match(echoed, /^GET \/v2\/users\?page=2 HTTP\/1\.1$/m);
  assert.match(echoed, /^Host: inner$/m);
  assert.match(echoed, /^x-by: gateway$/mi);
  assert.match(echoed, /^X-Seen: yes\r$/m);
  assert.doesNotMatch(echoed, /^accept:/mi);
  assert.deepEqual(cluster.reports, []);
});

Deno.test("gateway: a mirror gets copies, and the client hears nothing of it", async () => {
  using cluster = await startGateway();
  const { client, clock, gateway, route, curl, log, routeConditions } = cluster;
  const mirror = await client.create<Pod>(refs.pods, {
    metadata: { name: "mirror", namespace: "default", labels: { app: "mirror" } },
    spec: { containers: [{ name: "app", image: "nginx:1.27" }] },
  });
  await client.create<Service>(refs.services, {
    metadata: { name: "mirror", namespace: "default" },
    spec: { selector: { app: "mirror" }, ports: [{ port: 80 }] },
  });
  await clock.settle();
  await gateway("web", [HTTP]);
  const copies = (name: string) => [{ type: "RequestMirror", requestMirror: { backendRef: backend(name) } }];
  await route("copied", { rules: [{ filters: copies("mirror"), backendRefs: [backend("shop")] }] });
  assert.equal(await curl("any", "/seen?twice"), "shop\n 200 [0]");
  const { metadata, spec } = await client.get<Pod>(refs.pods, "default", mirror.metadata.name!);
  assert.match(log({ metadata, spec } as Pod), /"GET \/seen\?twice HTTP\/1\.1" 404/);
  await route("broken", { hostnames: ["b"], rules: [{ filters: copies("none"), backendRefs: [backend("shop")] }] });
  assert.deepEqual((await routeConditions("broken"))[1], "ResolvedRefs=False BackendNotFound");
  assert.equal(await curl("b", "/"), "shop\n 200 [0]");
  assert.deepEqual(cluster.reports, []);
});

Deno.test("gateway: routes of other namespaces need the listener's leave, and backends there a grant", async () => {
  using cluster = await startGateway();
  const { client, clock, create, serve, gateway, route, curl, routeConditions } = cluster;
  await client.create(refs.namespaces, { metadata: { name: "team", labels: { gateway: "yes" } } });
  await clock.settle();
  await serve("inner", "team");
  const selector = { matchLabels: { gateway: "yes" } };
  await gateway("web", [
    HTTP,
    { name: "teams", port: 8080, protocol: "HTTP", allowedRoutes: { namespaces: { from: "Selector", selector } } },
  ]);
  await route("refused", {
    parentRefs: [{ name: "web", namespace: "default", sectionName: "http" }],
    rules: [{ backendRefs: [backend("inner")] }],
  }, "team");
  assert.deepEqual((await routeConditions("refused", "team"))[0], "Accepted=False NotAllowedByListeners");
  await route("allowed", { rules: [{ backendRefs: [backend("inner")] }] }, "team");
  assert.deepEqual((await routeConditions("allowed", "team"))[0], "Accepted=True Accepted");
  const { status } = await client.get(gateways, "default", "web");
  assert.deepEqual(status?.listeners?.map(({ attachedRoutes }) => attachedRoutes), [0, 1]);

  await route("across", { hostnames: ["across"], rules: [{ backendRefs: [backend("inner", { namespace: "team" })] }] });
  assert.deepEqual(await routeConditions("across"), ["Accepted=True Accepted", "ResolvedRefs=False RefNotPermitted"]);
  assert.match(await curl("across", "/"), / 500 \[0\]$/);
  await create({
    apiVersion: API,
    kind: "ReferenceGrant",
    metadata: { name: "routes", namespace: "team" },
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "default" }],
      to: [{ group: "", kind: "Service" }],
    },
  } as never);
  assert.deepEqual(await routeConditions("across"), ["Accepted=True Accepted", "ResolvedRefs=True ResolvedRefs"]);
  assert.equal(await curl("across", "/"), "inner\n 200 [0]");
  assert.deepEqual(cluster.reports, []);
});

Deno.test("gateway: what is wrong with routes and listeners is said", async () => {
  using cluster = await startGateway();
  const { client, gateway, route, curl, routeConditions } = cluster;
  await gateway("web", [
    { ...HTTP, hostname: "*.example" },
    { name: "https", port: 443, protocol: "HTTPS", tls: { mode: "Terminate", certificateRefs: [{ name: "none" }] } },
    { name: "udp", port: 53, protocol: "UDP" },
  ]);
  const { status } = await client.get(gateways, "default", "web");
  assert.deepEqual(said(status?.conditions), ["Accepted=True ListenersNotValid", "Programmed=True Programmed"]);
  const [, https, udp] = status?.listeners ?? [];
  assert.ok(
    said(https.conditions).includes("ResolvedRefs=False InvalidCertificateRef"),
    String(said(https.conditions)),
  );
  assert.ok(said(udp.conditions).includes("Accepted=False UnsupportedProtocol"), String(said(udp.conditions)));

  await route("missing", { hostnames: ["a.example"], rules: [{ backendRefs: [backend("nobody")] }] });
  assert.deepEqual(await routeConditions("missing"), ["Accepted=True Accepted", "ResolvedRefs=False BackendNotFound"]);
  const [parent] = (await client.get(httpRoutes, "default", "missing")).status!.parents!;
  assert.equal(parent.conditions[1].message, 'spec.rules[0].backendRefs[0].name: Not found: "nobody"');
  assert.match(await curl("a.example", "/"), / 500 \[0\]$/);
  await route("hosts", { parentRefs: [{ name: "web", sectionName: "http" }], hostnames: ["b.test"] });
  assert.deepEqual((await routeConditions("hosts"))[0], "Accepted=False NoMatchingListenerHostname");
  await route("section", { parentRefs: [{ name: "web", sectionName: "htp" }] });
  assert.deepEqual((await routeConditions("section"))[0], "Accepted=False NoMatchingParent");
  await route("elsewhere", { parentRefs: [{ name: "wbe" }] });
  assert.deepEqual(await routeConditions("elsewhere"), []);
  await client.create<Service>(refs.services, {
    metadata: { name: "empty", namespace: "default" },
    spec: { selector: { app: "none" }, ports: [{ port: 80 }] },
  });
  await route("empty", { hostnames: ["e.example"], rules: [{ backendRefs: [backend("empty")] }] });
  assert.match(await curl("e.example", "/"), / 503 \[0\]$/);
  assert.deepEqual(cluster.reports, []);
});

Deno.test("gateway: another's class is left alone", async () => {
  using cluster = await startGateway();
  const { client, gateway } = cluster;
  await gateway("web", [HTTP], "other");
  const { status } = await client.get(gateways, "default", "web");
  assert.deepEqual(said(status?.conditions), ["Accepted=Unknown Pending", "Programmed=Unknown Pending"]);
  assert.deepEqual((await client.list(refs.deployments, { namespace: "default" })).items, []);
});

Deno.test("gateway: TLS is ended by the listener's certificate", async () => {
  using cluster = await startGateway({ loadBalancerRange: "192.0.2.0/24" });
  const { client, clock, run, gateway, route, address } = cluster;
  const { createAuthority, issue } = await import("../../../cluster/memory/api/tls/certificates.ts");
  const authority = await createAuthority("test authority", clock.now(), 10);
  const pair = await issue(authority, {
    subject: { commonName: "tls.example" },
    usage: "server",
    names: { dns: ["tls.example"] },
    now: clock.now(),
    days: 5,
  });
  await client.create(refs.secrets, {
    metadata: { name: "tls", namespace: "default" },
    type: "kubernetes.io/tls",
    data: { "tls.crt": btoa(pair.certificate), "tls.key": btoa(pair.key) },
  });
  await gateway("web", [
    { name: "https", port: 443, protocol: "HTTPS", tls: { mode: "Terminate", certificateRefs: [{ name: "tls" }] } },
  ]);
  await route("shop", { rules: [{ backendRefs: [backend("shop")] }] });
  const ip = await address();
  assert.equal(ip, "192.0.2.1");
  const said = await run("client", "curl", "-skv", "--resolve", `tls.example:443:${ip}`, "https://tls.example/");
  assert.match(said, /CN=tls\.example/);
  assert.match(said, /shop/);
});

Deno.test("gateway: a load balancer without an address keeps the Gateway from being programmed", async () => {
  using cluster = await startGateway();
  const { client, clock, gateway } = cluster;
  const body = { spec: { kubernetes: { service: { type: "LoadBalancer" } } } };
  const proxies = { group: "gateway.nginx.org", version: "v1alpha2", plural: "nginxproxies", kind: "NginxProxy" };
  await client.patch(proxies, "nginx-gateway", "nginx-gateway-proxy-config", { type: "merge", body });
  await clock.settle();
  await gateway("web", [HTTP]);
  const { status } = await client.get(gateways, "default", "web");
  assert.deepEqual(said(status?.conditions), ["Accepted=True Accepted", "Programmed=False AddressNotAssigned"]);
  assert.equal(status?.addresses, undefined);
});

/** Objects that the definitions refuse, and a part of what is said. */
const REFUSED: readonly (readonly [string, string, object, RegExp])[] = [
  ["no listeners", "Gateway", { gatewayClassName: "nginx", listeners: [] }, /should have at least 1 items/],
  ["TLS for HTTP", "Gateway", {
    gatewayClassName: "nginx",
    listeners: [{ ...HTTP, tls: { certificateRefs: [{ name: "a" }] } }],
  }, /tls must not be specified for protocols/],
  ["two listeners alike", "Gateway", {
    gatewayClassName: "nginx",
    listeners: [HTTP, { ...HTTP, name: "again" }],
  }, /Combination of port, protocol and hostname must be unique/],
  ["a path without a slash", "HTTPRoute", {
    rules: [{ matches: [{ path: { type: "Exact", value: "cart" } }] }],
  }, /value must be an absolute path/],
  [
    "a Service without a port",
    "HTTPRoute",
    { rules: [{ backendRefs: [{ name: "shop" }] }] },
    /Must have port for Service/,
  ],
  ["a redirect with a backend", "HTTPRoute", {
    rules: [{
      filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }],
      backendRefs: [backend("shop")],
    }],
  }, /must not be used together with backendRefs/],
  ["a filter that is another", "HTTPRoute", {
    rules: [{ filters: [{ type: "URLRewrite", requestRedirect: { scheme: "https" } }] }],
  }, /filter\.requestRedirect must be nil/],
  [
    "an unknown kind of path",
    "HTTPRoute",
    { rules: [{ matches: [{ path: { type: "Prefix" } }] }] },
    /Unsupported value: "Prefix"/,
  ],
];

Deno.test("gateway: the definitions refuse what the Gateway API does", async () => {
  using cluster = await startGateway();
  for (const [what, kind, spec, message] of REFUSED) {
    const object = { apiVersion: API, kind, metadata: { name: "wrong", namespace: "default" }, spec };
    await assert.rejects(cluster.create(object as never), (error) => {
      assert.ok(error instanceof StatusError, `${what}: ${error}`);
      assert.match(error.message, message, what);
      return true;
    });
  }
});

Deno.test("gateway: each text is about a field that is there", () => {
  for (const { spec } of gatewayDefinitions) {
    const { names: { kind }, versions } = spec as {
      readonly names: { readonly kind: string };
      readonly versions: readonly { readonly schema: object }[];
    };
    const told = JSON.stringify(versions[0].schema);
    for (const [path, text] of Object.entries(GATEWAY_TEXTS[kind])) {
      assert.ok(told.includes(JSON.stringify(text)), `${kind} ${path}`);
    }
  }
});
