/**
 * Which backend a request gets: the Ingresses as nginx's servers, one a host, and their locations, one a path.
 *
 * Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types,
 * `kubernetes/ingress-nginx/internal/ingress/controller/{controller,location}.go`, and buildLocation of its template.
 */
import type { Ingress, IngressBackend } from "../../kinds/schema/types.ts";
import { matchesPattern } from "../pattern.ts";
import { hostName, pathOnly } from "../proxy.ts";
import { annotationsOf, type Canary, type NginxAnnotations } from "./annotations.ts";
import { captures } from "./captures.ts";

export interface Location {
  readonly ingress: Ingress;
  readonly annotations: NginxAnnotations;
  /** The host of the rule, "" for any. */
  readonly host: string;
  /** As the Ingress writes it; "/" for a default backend. */
  readonly path: string;
  readonly pathType: string;
  readonly backend: IngressBackend;
  /** Others that get a part of the requests. */
  readonly canaries: readonly {
    readonly canary: Canary;
    readonly ingress: Ingress;
    readonly backend: IngressBackend;
  }[];
}

interface Server {
  readonly host: string;
  /** Where no location matches. */
  fallback?: Location;
  readonly locations: Location[];
}

/** The server of requests that are for no host. */
const ANY = "";

/**
 * The location of a request. A host that an Ingress names is served by the rules for this host alone, whatever the rules
 * without a host say; undefined where the controller's own default backend answers.
 *
 * @param ingresses those of the controller, the oldest first
 * @param host as the request names it, a port may follow
 */
export function locate(ingresses: readonly Ingress[], host: string, path: string): Location | undefined {
  const servers = serversOf(ingresses);
  const server = serverFor(servers, hostName(host));
  return server === undefined ? undefined : locationIn(server, pathOnly(path)) ?? server.fallback;
}

/** Whether some Ingress names the host, itself or by a wildcard. */
export const hasServer = (ingresses: readonly Ingress[], host: string): boolean =>
  serverFor(serversOf(ingresses), hostName(host))?.host !== ANY;

function serversOf(ingresses: readonly Ingress[]): ReadonlyMap<string, Server> {
  const servers = new Map<string, Server>([[ANY, { host: ANY, locations: [] }]]);
  const all = ingresses.map((ingress) => ({ ingress, annotations: annotationsOf(ingress) }));
  for (const { ingress, annotations } of all.filter((one) => one.annotations.canary === undefined)) {
    const { defaultBackend, rules = [] } = ingress.spec;
    const fallback = (host: string): Location | undefined =>
      defaultBackend && { ...base(ingress, annotations, host), path: "/", pathType: "Prefix", backend: defaultBackend };
    if (rules.length === 0) servers.get(ANY)!.fallback ??= fallback(ANY);
    for (const rule of rules) {
      const host = rule.host?.toLowerCase() ?? ANY;
      for (const name of [host, ...host === ANY ? [] : annotations.aliases]) {
        let server = servers.get(name);
        if (server === undefined) servers.set(name, server = { host: name, fallback: fallback(name), locations: [] });
        for (const { path = "/", pathType, backend } of rule.http?.paths ?? []) {
          const known = server.locations.some((one) => one.path === path && one.pathType === pathType);
          if (!known) server.locations.push({ ...base(ingress, annotations, name), path, pathType, backend });
        }
      }
    }
  }
  for (const { ingress, annotations } of all) {
    if (annotations.canary !== undefined) addCanary(servers, ingress, annotations.canary);
  }
  return servers;
}

const base = (ingress: Ingress, annotations: NginxAnnotations, host: string) => ({
  ingress,
  annotations,
  host,
  canaries: [],
});

/** A canary has no locations of its own: it joins those of the same host and path. */
function addCanary(servers: ReadonlyMap<string, Server>, ingress: Ingress, canary: Canary): void {
  for (const { host = ANY, http } of ingress.spec.rules ?? []) {
    const locations = servers.get(host.toLowerCase())?.locations ?? [];
    for (const { path = "/", backend } of http?.paths ?? []) {
      const i = locations.findIndex((one) => one.path === path);
      if (i >= 0) {
        locations[i] = { ...locations[i], canaries: [...locations[i].canaries, { canary, ingress, backend }] };
      }
    }
  }
}

/** A wildcard is one label: "*.foo.com" has "bar.foo.com" and no more. */
function serverFor(servers: ReadonlyMap<string, Server>, host: string): Server | undefined {
  const wildcard = `*.${host.split(".").slice(1).join(".")}`;
  return (host === ANY ? undefined : servers.get(host) ?? servers.get(wildcard)) ?? servers.get(ANY);
}

/** An exact path first, then the longest prefix; where an Ingress of the host wants patterns, all paths are such. */
function locationIn({ locations }: Server, path: string): Location | undefined {
  if (locations.some(({ annotations }) => annotations.useRegex || annotations.rewriteTarget !== undefined)) {
    return longestFirst(locations).find((one) => matchesPattern(`(?i)^(?:${one.path})`, path));
  }
  return locations.find((one) => one.pathType === "Exact" && one.path === path) ??
    locations.find((one) => one.pathType === "Prefix" && trimmed(one.path) === path) ??
    longestFirst(locations).find((one) => hasPrefix(one, path));
}

const longestFirst = (locations: readonly Location[]) => locations.toSorted((a, b) => b.path.length - a.path.length);

const trimmed = (path: string) => path.length > 1 ? path.replace(/\/$/, "") : path;

/** A prefix is one of whole elements: "/foo" has "/foo/bar", not "/foobar". To nginx itself it is one of letters. */
function hasPrefix({ path, pathType }: Location, asked: string): boolean {
  if (pathType === "Exact") return false;
  return asked.startsWith(pathType === "Prefix" ? `${path.replace(/\/$/, "")}/` : path);
}

/** The path that the backend sees, without the query: the target of a rewrite, its groups filled in. */
export function rewritten({ annotations, path: pattern }: Location, path: string): string {
  const { rewriteTarget } = annotations;
  if (rewriteTarget === undefined) return path;
  const groups = captures(pattern, path);
  return rewriteTarget.replaceAll(/\$(\d)/g, (_, group) => groups[Number(group) - 1] ?? "");
}
