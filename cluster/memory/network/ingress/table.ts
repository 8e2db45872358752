/**
 * What ingress-nginx does with a request, by the Ingresses that it cares for.
 *
 * Source: `kubernetes/ingress-nginx/rootfs/etc/nginx/template/nginx.tmpl` and its Lua modules.
 */
import type { Ingress, IngressBackend } from "../../kinds/schema/types.ts";
import { backendOf, type BackendView, roundRobin } from "../backend.ts";
import { hostName, pathOnly, type ProxyAnswer, type ProxyRequest, type ProxyTable, queryOf } from "../proxy.ts";
import { type Secrets, tlsOf } from "./certificates.ts";
import { hasServer, locate, type Location, rewritten } from "./locations.ts";
import { overlap } from "./overlap.ts";

export interface IngressTableOptions {
  readonly view: BackendView;
  /** Those of the controller, the oldest first. */
  readonly ingresses: () => readonly Ingress[];
  readonly isOwn: (ingress: Ingress) => boolean;
  readonly secrets: Secrets;
  /** What hosts without a certificate of their own show, PEM. */
  readonly defaultCertificate?: string;
  /** A number from 0 to 1, for canaries. */
  readonly random: () => number;
}

const HTTPS_PORT = 443;
const HEALTH = "/healthz";
const STRICT_TRANSPORT = "max-age=31536000; includeSubDomains";

/** The table of one controller: whoever asks it sees the Ingresses as they are then. */
export function ingressTable(options: IngressTableOptions): ProxyTable {
  const { view, secrets, defaultCertificate } = options;
  const inTurn = roundRobin();
  return {
    ports: [80, HTTPS_PORT],
    decide(request) {
      const ingresses = options.ingresses();
      const { path, host = "" } = request;
      const location = locate(ingresses, host, path);
      if (location === undefined) {
        const healthy = pathOnly(path) === HEALTH && !hasServer(ingresses, host);
        return { to: "client", status: healthy ? 200 : 404, ...healthy ? { body: "" } : {} };
      }
      const elsewhere = redirect(location, request, tlsOf(ingresses, location.host, secrets) !== undefined);
      if (elsewhere !== undefined) return elsewhere;
      const { ingress, backend: { service } } = chosen(location, request, options.random);
      if (service === undefined) return { to: "client", status: 503 };
      const { namespace = "" } = ingress.metadata;
      const port = service.port?.number ?? service.port?.name ?? "";
      const upstream = `${namespace}-${service.name}-${port}`;
      const backend = backendOf(view, namespace, service.name, port);
      const endpoints = inTurn(upstream, backend.found ? backend.endpoints : []);
      if (endpoints === undefined) return { to: "client", status: 503, upstream };
      const { annotations } = location;
      return {
        to: "backend",
        upstream,
        endpoints,
        path: rewritten(location, pathOnly(path)) + queryOf(path),
        host: annotations.upstreamHost ?? host,
        headers: forwardedHeaders(request),
        https: annotations.https,
        ...request.https ? { answer: { set: { "strict-transport-security": STRICT_TRANSPORT } } } : {},
      };
    },
    refusal: (object) => overlap(object as Ingress, options.isOwn, options.ingresses()),
    certificate(port, serverName) {
      if (port !== HTTPS_PORT) return undefined;
      const ingresses = options.ingresses();
      const host = locate(ingresses, serverName, "/")?.host ?? serverName.toLowerCase();
      return tlsOf(ingresses, host, secrets)?.certificate ?? defaultCertificate;
    },
  };
}

function redirect(
  { annotations, host }: Location,
  { path, https, ...request }: ProxyRequest,
  hasTls: boolean,
): ProxyAnswer | undefined {
  const to = (status: number, location: string): ProxyAnswer => ({ to: "client", status, headers: { location } });
  const { redirect, appRoot, sslRedirect, forceSslRedirect } = annotations;
  const name = hostName(request.host);
  if (!https && host !== "" && (forceSslRedirect || (sslRedirect && hasTls))) return to(308, `https://${name}${path}`);
  if (redirect !== undefined) return to(redirect.status, redirect.to);
  if (appRoot === undefined || pathOnly(path) !== "/") return undefined;
  return to(302, `${https ? "https" : "http"}://${name}${appRoot}`);
}

/** The backend of the rule, or a canary of it: by its header first, then by its weight. */
function chosen(
  location: Location,
  { headers }: ProxyRequest,
  random: () => number,
): { readonly ingress: Ingress; readonly backend: IngressBackend } {
  for (const other of location.canaries) {
    const { weight, header, headerValue } = other.canary;
    const value = header === undefined ? undefined : headers[header];
    if (value !== undefined && value === (headerValue ?? "always")) return other;
    if (value === "never" && headerValue === undefined) continue;
    if (random() * 100 < weight) return other;
  }
  return location;
}

/** What the backend is told of the client. */
function forwardedHeaders({ headers, host = "", https, from = "", port }: ProxyRequest): ProxyRequest["headers"] {
  const scheme = https ? "https" : "http";
  return {
    ...headers,
    host,
    "x-real-ip": from,
    "x-forwarded-for": from,
    "x-forwarded-host": host,
    "x-forwarded-port": String(port),
    "x-forwarded-proto": scheme,
    "x-forwarded-scheme": scheme,
    "x-scheme": scheme,
  };
}
