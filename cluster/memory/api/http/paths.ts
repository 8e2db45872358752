/**
 * The paths that are no resources: health, version, metrics.
 *
 * Source: `k8s.io/apiserver/pkg/server/healthz`, `server/routes/version.go`.
 */
import { type Discovery, discovery, versionDocument } from "../discovery/mod.ts";
import type { ServedKinds } from "../registry/served.ts";
import type { Core } from "../registry/call.ts";
import type { PathHandler } from "./handler.ts";
import { type ApiRequest, type ApiResponse, json, text } from "./message.ts";
import type { Metrics } from "./metrics.ts";

/** The checks by the names that a real server's have, in its order. */
const CHECKS = [
  "ping",
  "log",
  "etcd",
  "poststarthook/start-apiserver-admission-initializer",
  "poststarthook/generic-apiserver-start-informers",
  "poststarthook/priority-and-fairness-config-consumer",
  "poststarthook/priority-and-fairness-filter",
  "poststarthook/storage-object-count-tracker-hook",
  "poststarthook/start-apiextensions-informers",
  "poststarthook/start-apiextensions-controllers",
  "poststarthook/crd-informer-synced",
  "poststarthook/start-system-namespaces-controller",
  "poststarthook/start-cluster-authentication-info-controller",
  "poststarthook/start-kube-apiserver-identity-lease-controller",
  "poststarthook/start-kube-apiserver-identity-lease-garbage-collector",
  "poststarthook/start-legacy-token-tracking-controller",
  "poststarthook/start-service-ip-repair-controllers",
  "poststarthook/rbac/bootstrap-roles",
  "poststarthook/scheduling/bootstrap-system-priority-classes",
  "poststarthook/priority-and-fairness-config-producer",
  "poststarthook/bootstrap-controller",
  "poststarthook/aggregator-reload-proxy-client-cert",
  "poststarthook/start-kube-aggregator-informers",
  "poststarthook/apiservice-status-local-available-controller",
  "poststarthook/apiservice-status-remote-available-controller",
  "poststarthook/apiservice-registration-controller",
  "poststarthook/apiservice-discovery-controller",
  "poststarthook/kube-apiserver-autoregistration",
  "autoregister-completion",
  "poststarthook/apiservice-openapi-controller",
  "poststarthook/apiservice-openapiv3-controller",
];

/** Readiness also asks whether the informers have what they need. */
const READY_CHECKS = ["informer-sync"];

const HEALTH = /^\/(healthz|livez|readyz)(?:\/(.+))?$/;

export function serverPaths(core: Core, metrics: Metrics): PathHandler {
  return (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    const health = HEALTH.exec(request.path.replace(/\/$/, ""));
    if (health !== null) return healthResponse(request, health[1], health[2]);
    switch (request.path) {
      case "/version":
      case "/version/":
        return json(200, versionDocument);
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
  const checks = endpoint === "readyz" ? [...CHECKS.slice(0, 3), ...READY_CHECKS, ...CHECKS.slice(3)] : CHECKS;
  if (check !== undefined) return checks.includes(check) ? text(200, "ok") : undefined;
  if (!query.has("verbose")) return text(200, "ok");
  const excluded = new Set(query.getAll("exclude"));
  const lines = checks.map((name) => `[+]${name} ${excluded.has(name) ? "excluded: ok" : "ok"}`);
  return text(200, `${lines.join("\n")}\n${endpoint} check passed\n`);
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
