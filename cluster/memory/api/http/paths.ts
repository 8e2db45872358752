/**
 * The paths that are no resources: health, version, metrics.
 *
 * Source: `k8s.io/apiserver/pkg/server/healthz`, `server/routes/version.go`.
 */
import type { Core } from "../registry/call.ts";
import type { PathHandler } from "./handler.ts";
import { type ApiRequest, type ApiResponse, json, text } from "./message.ts";
import type { Metrics } from "./metrics.ts";

/** What the server says it is. */
export const VERSION = {
  major: "1",
  minor: "36",
  emulationMajor: "1",
  emulationMinor: "36",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "35",
  gitVersion: "v1.36.0",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "2026-04-22T00:00:00Z",
  goVersion: "go1.26.0",
  compiler: "gc",
  platform: "linux/amd64",
};

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
        return json(200, VERSION);
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
