/** ingress-nginx on a whole cluster: what a client in a pod is answered, and what the API says. */
import assert from "node:assert/strict";
import * as refs from "../../../cluster/memory/api/kind_refs.ts";
import type { Ingress, IngressSpec, Pod, Service } from "../../../cluster/memory/kinds/schema/types.ts";
import { startCluster } from "../../network/running_cluster.ts";

const NAMESPACE = "ingress-nginx";

async function startIngress(options: Parameters<typeof startCluster>[0] = {}) {
  const cluster = await startCluster({ addons: ["ingress-nginx"], ...options });
  const { client, clock, run, pod } = cluster;
  await pod("client", "curlimages/curl:8.14.1");
  for (const name of ["shop", "cart"]) {
    await client.create<Pod>(refs.pods, {
      metadata: { name, namespace: "default", labels: { app: name } },
      spec: { containers: [{ name: "app", image: "hashicorp/http-echo:1.0", args: [`-text=${name}`] }] },
    });
    await client.create<Service>(refs.services, {
      metadata: { name, namespace: "default" },
      spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: 5678 }] },
    });
  }
  await clock.settle();
  const service = await client.get<Service>(refs.services, NAMESPACE, "ingress-nginx-controller");
  return {
    ...cluster,
    [Symbol.dispose]: cluster[Symbol.dispose],
    service,
    ip: service.spec.clusterIP!,
    async ingress(name: string, spec: IngressSpec, annotations: Readonly<Record<string, string>> = {}) {
      await client.create<Ingress>(refs.ingresses, {
        metadata: {
          name,
          namespace: "default",
          annotations: Object.fromEntries(
            Object.entries(annotations).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
          ),
        },
        spec,
      });
      await clock.settle();
    },
    /** What is answered, and its status: "shop 200". */
    curl: (host: string, path: string, at = service.spec.clusterIP!, ...more: string[]) =>
      run("client", "curl", "-s", "-w", " %{http_code}", "-H", `Host: ${host}`, ...more, `http://${at}${path}`),
  };
}

const backend = (name: string, port: number | string = 80) => ({
  service: { name, port: typeof port === "number" ? { number: port } : { name: port } },
});
const rule = (host: string | undefined, path: string, name: string, pathType = "Prefix") => ({
  host,
  http: { paths: [{ path, pathType, backend: backend(name) }] },
});

Deno.test("ingress: requests go where hosts and paths lead, and the status says where they come in", async () => {
  using cluster = await startIngress();
  const { client, ip, ingress, curl, events } = cluster;
  assert.match(await curl("shop.example", "/"), /404 Not Found.*<center>nginx<\/center>.* 404 \[0\]$/s);
  await ingress("shop", {
    ingressClassName: "nginx",
    rules: [
      rule("shop.example", "/", "shop"),
      rule("shop.example", "/cart", "cart"),
      rule("*.wild.example", "/", "shop"),
    ],
  });
  assert.equal(await curl("shop.example", "/"), "shop\n 200 [0]");
  assert.equal(await curl("shop.example", "/cart/7"), "cart\n 200 [0]");
  assert.equal(await curl("a.wild.example", "/"), "shop\n 200 [0]");
  assert.match(await curl("a.b.wild.example", "/"), / 404 \[0\]$/);
  assert.match(await curl("other.example", "/"), / 404 \[0\]$/);
  const { status } = await client.get<Ingress>(refs.ingresses, "default", "shop");
  assert.deepEqual(status, { loadBalancer: { ingress: [{ ip }] } });
  assert.ok((await events("shop")).includes("Normal Sync: Scheduled for sync (x2)"), String(await events("shop")));
  assert.deepEqual(cluster.reports, []);
});

Deno.test("ingress: it is reached by the node's port too", async () => {
  using cluster = await startIngress();
  const { ingress, curl, service } = cluster;
  await ingress("shop", { ingressClassName: "nginx", rules: [rule(undefined, "/", "shop")] });
  const { nodePort } = service.spec.ports!.find(({ name }) => name === "http")!;
  assert.equal(await curl("any", "/", `172.30.1.4:${nodePort}`), "shop\n 200 [0]");
});

Deno.test("ingress: without endpoints it is 503, and of another class nobody cares", async () => {
  using cluster = await startIngress();
  const { client, ingress, curl, events } = cluster;
  await ingress("none", { ingressClassName: "nginx", rules: [rule("none.example", "/", "nobody")] });
  assert.match(await curl("none.example", "/"), /503 Service Temporarily Unavailable.* 503 \[0\]$/s);
  await ingress("other", { ingressClassName: "ngnix", rules: [rule("other.example", "/", "shop")] });
  assert.match(await curl("other.example", "/"), / 404 \[0\]$/);
  const { status } = await client.get<Ingress>(refs.ingresses, "default", "other");
  assert.deepEqual(status.loadBalancer, {});
  assert.deepEqual(await events("other"), []);
});

Deno.test("ingress: rewrites, redirects, default backends and named ports", async () => {
  using cluster = await startIngress();
  const { client, clock, ingress, curl } = cluster;
  await client.create<Pod>(refs.pods, {
    metadata: { name: "echo", namespace: "default", labels: { app: "echo" } },
    spec: { containers: [{ name: "app", image: "traefik/whoami:v1.11" }] },
  });
  await client.create<Service>(refs.services, {
    metadata: { name: "echo", namespace: "default" },
    spec: { selector: { app: "echo" }, ports: [{ name: "web", port: 80 }] },
  });
  await clock.settle();
  const path = { path: "/api(/|$)(.*)", pathType: "ImplementationSpecific", backend: backend("echo", "web") };
  await ingress("api", { ingressClassName: "nginx", rules: [{ host: "api.example", http: { paths: [path] } }] }, {
    "rewrite-target": "/$2",
  });
  const seen = await curl("api.example", "/api/users?page=2");
  assert.match(seen, /^GET \/users\?page=2 HTTP\/1\.1$/m);
  assert.match(seen, /^Host: api\.example$/m);
  assert.match(seen, /^x-forwarded-host: api\.example$/mi);
  await ingress("fallback", { ingressClassName: "nginx", defaultBackend: backend("cart") });
  assert.equal(await curl("nowhere.example", "/"), "cart\n 200 [0]");
  await ingress("moved", { ingressClassName: "nginx", rules: [rule("moved.example", "/", "shop")] }, {
    "permanent-redirect": "https://example.com/new",
  });
  assert.match(await curl("moved.example", "/", undefined, "-i"), /301.*Location: https:\/\/example\.com\/new/s);
});

Deno.test("ingress: a host with TLS is redirected to it, and shows its certificate", async () => {
  using cluster = await startIngress();
  const { client, clock, run, ingress, curl, ip } = cluster;
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
  await ingress("tls", {
    ingressClassName: "nginx",
    tls: [{ hosts: ["tls.example"], secretName: "tls" }],
    rules: [rule("tls.example", "/", "shop")],
  });
  assert.match(await curl("tls.example", "/a?b=c", undefined, "-i"), /308.*Location: https:\/\/tls\.example\/a\?b=c/s);
  const https = (...more: string[]) =>
    run("client", "curl", "-sv", "--resolve", `tls.example:443:${ip}`, ...more, "https://tls.example/");
  const insecure = await https("-k");
  assert.match(insecure, /CN=tls\.example/);
  assert.match(insecure, /shop/);
  assert.match(await https(), /\[60\]$/);
  const fake = await run("client", "curl", "-skv", "--resolve", `x.example:443:${ip}`, "https://x.example/");
  assert.match(fake, /CN=Kubernetes Ingress Controller Fake Certificate/);
});

Deno.test("ingress: a load balancer's address is the status where there is one", async () => {
  using cluster = await startIngress({ loadBalancerRange: "192.0.2.0/24" });
  const { client, ingress, curl } = cluster;
  await ingress("shop", { ingressClassName: "nginx", rules: [rule(undefined, "/", "shop")] });
  const { status } = await client.get<Ingress>(refs.ingresses, "default", "shop");
  assert.deepEqual(status, { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } });
  assert.equal(await curl("any", "/", "192.0.2.1"), "shop\n 200 [0]");
});

Deno.test("ingress: without a running controller nobody answers, and nothing is said", async () => {
  using cluster = await startIngress();
  const { client, clock, ingress, curl } = cluster;
  await ingress("before", { ingressClassName: "nginx", rules: [rule("before.example", "/", "shop")] });
  const addressOf = async (name: string) =>
    (await client.get<Ingress>(refs.ingresses, "default", name)).status.loadBalancer;
  assert.notDeepEqual(await addressOf("before"), {});
  const scale = (replicas: number) =>
    client.patch(refs.deployments, NAMESPACE, "ingress-nginx-controller", {
      type: "merge",
      body: { spec: { replicas } },
    });
  await scale(0);
  await clock.settle();
  assert.deepEqual(await addressOf("before"), {});
  await ingress("shop", { ingressClassName: "nginx", rules: [rule(undefined, "/", "shop")] });
  assert.match(await curl("any", "/"), /000 \[7\]$/);
  assert.deepEqual((await client.get<Ingress>(refs.ingresses, "default", "shop")).status.loadBalancer, {});
  await scale(2);
  await clock.settle();
  assert.equal(await curl("any", "/"), "shop\n 200 [0]");
  assert.equal((await client.get<Ingress>(refs.ingresses, "default", "shop")).status.loadBalancer.ingress?.length, 1);
  assert.deepEqual(cluster.reports, []);
});

Deno.test("ingress: a circle of controllers ends", async () => {
  using cluster = await startIngress();
  const { client, ingress, curl, clock } = cluster;
  await client.create<Service>(refs.services, {
    metadata: { name: "circle", namespace: "default" },
    spec: { type: "ExternalName", externalName: "ingress-nginx-controller.ingress-nginx.svc.cluster.local" },
  });
  await clock.settle();
  await ingress("circle", { ingressClassName: "nginx", rules: [rule(undefined, "/", "circle")] });
  assert.match(await curl("any", "/"), / 500 \[0\]$/);
});

Deno.test("ingress: canaries get their share, and the access log says who answered", async () => {
  using cluster = await startIngress();
  const { client, ingress, curl, log } = cluster;
  await ingress("stable", { ingressClassName: "nginx", rules: [rule("shop.example", "/", "shop")] });
  await ingress("canary", { ingressClassName: "nginx", rules: [rule("shop.example", "/", "cart")] }, {
    canary: "true",
    "canary-by-header": "X-Canary",
  });
  assert.equal(await curl("shop.example", "/"), "shop\n 200 [0]");
  assert.equal(await curl("shop.example", "/", undefined, "-H", "X-Canary: always"), "cart\n 200 [0]");
  const { items } = await client.list<Pod>(refs.pods, { namespace: NAMESPACE });
  const lines = log(items[0]);
  assert.match(lines, /NGINX Ingress controller/);
  assert.match(
    lines,
    /"GET \/ HTTP\/1\.1" 200 5 "-" "curl\/8\.14\.1" \d+ 0\.001 \[default-shop-80\] \[\] 10\.244\.\d+\.\d+:5678 5 0\.001 200 [0-9a-f]{32}/,
  );
});
