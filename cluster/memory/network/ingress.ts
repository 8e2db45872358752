/**
 * Which backend an Ingress gives a request, and what its controller says of it.
 *
 * Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types
 */
import type { Ingress, IngressBackend } from "../kinds/schema/types.ts";

export interface IngressRoute {
  readonly ingress: Ingress;
  readonly backend: IngressBackend;
  /** The path that matched; undefined for a default backend. */
  readonly path?: string;
}

interface Candidate extends IngressRoute {
  readonly rank: readonly [host: number, length: number, exact: number];
}

/**
 * The best match: an exact host before a wildcard before none, then the longest path, an exact one before a prefix.
 * Without any, an Ingress' default backend; undefined where there is none either.
 *
 * @param ingresses those of the controller, the oldest first
 * @param host as the request names it, a port may follow
 */
export function route(ingresses: readonly Ingress[], host: string, path: string): IngressRoute | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, "");
  const [location] = path.split(/[?#]/);
  const candidates = ingresses.flatMap((ingress) =>
    (ingress.spec.rules ?? []).flatMap(({ host: wanted = "", http }): Candidate[] => {
      const hostRank = matchHost(wanted.toLowerCase(), name);
      if (hostRank === 0) return [];
      return (http?.paths ?? []).filter((one) => matchesPath(one.pathType, one.path ?? "/", location))
        .map(({ path: matched = "/", pathType, backend }) => ({
          ingress,
          backend,
          path: matched,
          rank: [hostRank, trimmed(matched).length, pathType === "Exact" ? 1 : 0],
        }));
    })
  );
  const best = candidates.toSorted((a, b) => compare(b.rank, a.rank))[0];
  if (best !== undefined) return { ingress: best.ingress, backend: best.backend, path: best.path };
  const fallback = ingresses.find(({ spec }) => spec.defaultBackend !== undefined);
  return fallback && { ingress: fallback, backend: fallback.spec.defaultBackend! };
}

function compare(a: Candidate["rank"], b: Candidate["rank"]): number {
  const i = a.findIndex((value, at) => value !== b[at]);
  return i < 0 ? 0 : a[i] - b[i];
}

/** 3 for the same host, 2 for one below a wildcard, 1 for any, 0 for another. */
function matchHost(wanted: string, host: string): 0 | 1 | 2 | 3 {
  if (wanted === "") return 1;
  if (wanted === host) return 3;
  if (!wanted.startsWith("*.")) return 0;
  // The wildcard is one label.
  return host.split(".").slice(1).join(".") === wanted.slice(2) && !host.startsWith(".") ? 2 : 0;
}

const trimmed = (path: string) => path.length > 1 ? path.replace(/\/$/, "") : path;

/** A prefix is one of whole elements: "/foo" has "/foo/bar", not "/foobar". */
function matchesPath(type: string, wanted: string, path: string): boolean {
  if (type === "Exact") return path === wanted;
  const prefix = trimmed(wanted);
  return prefix === "/" || path === prefix || path.startsWith(`${prefix}/`);
}

/** The secret whose certificate an Ingress has for a host; undefined where it serves it without TLS of its own. */
export function tlsSecret(ingresses: readonly Ingress[], host: string): string | undefined {
  const name = host.toLowerCase();
  for (const { spec, metadata } of ingresses) {
    const tls = spec.tls?.find(({ hosts = [] }) => hosts.some((one) => matchHost(one.toLowerCase(), name) >= 2));
    if (tls?.secretName !== undefined) return `${metadata.namespace}/${tls.secretName}`;
  }
  return undefined;
}

/** Those that a controller cares for: of its classes, and without any where one of these is the default. */
export const ofClasses = (
  ingresses: readonly Ingress[],
  classes: ReadonlySet<string>,
  takesUnclassed = false,
): readonly Ingress[] =>
  ingresses.filter(({ spec, metadata }) => {
    const name = spec.ingressClassName ?? metadata.annotations?.["kubernetes.io/ingress.class"];
    return name === undefined ? takesUnclassed : classes.has(name);
  }).toSorted((a, b) => {
    const [first, second] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
    return first < second ? -1 : first > second ? 1 : 0;
  });
