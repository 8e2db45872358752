/**
 * The paths that are no resources: health, version, metrics.
 *
 * Source: `k8s.io/apiserver/pkg/server/healthz`, `server/routes/version.go`.
 */
import { type Discovery, discovery, versionDocument } from "../discovery/mod.ts";
import type { ServedKinds } from "../registry/served.ts";
import type { Core } from "../registry/call.ts";
import type { PathHandler } from "./handler.ts";
import { type ApiRequest, type ApiResponse, json, readable, text } from "./message.ts";
import type { Metrics } from "./metrics.ts";

/** What the server does once it runs, by the names that a real server's checks have, in its order. */
const STARTED = [
  "poststarthook/start-apiserver-admission-initializer",
  "poststarthook/generic-apiserver-start-informers",
  "poststarthook/priority-and-fairness-config-consumer",
  "poststarthook/priority-and-fairness-filter",
  "poststarthook/storage-object-count-tracker-hook",
  "poststarthook/start-apiextensions-informers",
  "poststarthook/start-apiextensions-controllers",
  "poststarthook/crd-informer-synced",
  "poststarthook/start-system-namespaces-controller",
  "poststarthook/peer-endpoint-reconciler-controller",
  "poststarthook/start-cluster-authentication-info-controller",
  "poststarthook/start-kube-apiserver-identity-lease-controller",
  "poststarthook/start-kube-apiserver-identity-lease-garbage-collector",
  "poststarthook/storage-readiness",
  "poststarthook/start-legacy-token-tracking-controller",
  "poststarthook/start-service-ip-repair-controllers",
  "poststarthook/rbac/bootstrap-roles",
  "poststarthook/scheduling/bootstrap-system-priority-classes",
  "poststarthook/priority-and-fairness-config-producer",
  "poststarthook/bootstrap-controller",
  "poststarthook/start-kubernetes-service-cidr-controller",
  "poststarthook/start-kube-aggregator-informers",
  "poststarthook/apiservice-status-local-available-controller",
  "poststarthook/apiservice-status-remote-available-controller",
  "poststarthook/apiservice-registration-controller",
  "poststarthook/apiservice-wait-for-first-sync",
  "poststarthook/apiservice-discovery-controller",
  "poststarthook/kube-apiserver-autoregistration",
  "autoregister-completion",
  "poststarthook/apiservice-openapi-controller",
  "poststarthook/apiservice-openapiv3-controller",
];

const ALIVE = ["ping", "log", "loopback-serving-certificate", "etcd", ...STARTED];
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  healthz: ALIVE,
  livez: ALIVE,
  readyz: ["ping", "log", "informer-sync", ...STARTED, "shutdown"],
};

/** The other paths that are no resources. */
const OTHERS = [
  "/.well-known/openid-configuration",
  "/metrics",
  "/openapi/v2",
  "/openapi/v3",
  "/openapi/v3/",
  "/openid/v1/jwks",
  "/version",
];

const HEALTH = /^\/(healthz|livez|readyz)(?:\/(.+))?$/;

export function serverPaths(core: Core, metrics: Metrics): PathHandler {
  return (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    const health = HEALTH.exec(request.path.replace(/\/$/, ""));
    if (health !== null) return healthResponse(request, health[1], health[2]);
    switch (request.path) {
      case "/":
        return json(200, { paths: allPaths(core.kinds) });
      case "/version":
      case "/version/":
        return readable(json(200, versionDocument));
      case "/metrics":
        return {
          status: 200,
          headers: { "Content-Type": "text/plain; version=0.0.4; charset=utf-8; escaping=underscores" },
          body: metrics.render(
            core.store,
            core.kinds.all().filter((s) => s.conversion === undefined).map((s) => s.bucket),
          ),
        };
    }
    return undefined;
  };
}

function healthResponse({ query }: ApiRequest, endpoint: string, check: string | undefined): ApiResponse | undefined {
  const checks = CHECKS[endpoint];
  if (check !== undefined) return checks.includes(check) ? text(200, "ok") : undefined;
  if (!query.has("verbose")) return text(200, "ok");
  const excluded = new Set(query.getAll("exclude"));
  const lines = checks.map((name) => `[+]${name} ${excluded.has(name) ? "excluded: ok" : "ok"}`);
  const unknown = [...excluded].filter((name) => !checks.includes(name)).sort();
  if (unknown.length > 0) {
    lines.push(
      `warn: some health checks cannot be excluded: no matches for ${unknown.map((name) => `"${name}"`).join(",")}`,
    );
  }
  return text(200, `${lines.join("\n")}\n${endpoint} check passed\n`);
}

/** All paths that there are, as `kubectl get --raw /` shows them. */
function allPaths(kinds: ServedKinds): readonly string[] {
  const groups = kinds.all().filter(({ group }) => group !== "");
  const health = Object.entries(CHECKS).flatMap((
    [endpoint, checks],
  ) => [`/${endpoint}`, ...checks.map((check) => `/${endpoint}/${check}`)]);
  return [
    ...new Set([
      "/api",
      "/api/v1",
      "/apis",
      "/apis/",
      ...groups.flatMap(({ group, version }) => [`/apis/${group}`, `/apis/${group}/${version}`]),
      ...health,
      ...OTHERS,
    ]),
  ].sort();
}

/** Discovery, made anew when what is served changes. */
export function discoveryPaths(kinds: ServedKinds, address: () => string): PathHandler {
  let current: Discovery | undefined;
  kinds.onChange(() => current = undefined);
  return ({ method, path, headers }) => {
    if (method !== "GET" && method !== "HEAD") return undefined;
    if (!path.startsWith("/api")) return undefined;
    current ??= discovery(kinds.kinds(), { serverAddress: address() });
    const document = current.at(path, headers.accept ?? "application/json");
    if (document === undefined) return undefined;
    const cached: Record<string, string> = document.etag === undefined
      ? {}
      : { "ETag": document.etag, "Vary": "Accept", "Cache-Control": "public" };
    if (document.etag !== undefined && headers["if-none-match"] === document.etag) {
      return { status: 304, headers: cached };
    }
    return { status: 200, headers: { "Content-Type": document.contentType, ...cached }, body: document.body };
  };
}
