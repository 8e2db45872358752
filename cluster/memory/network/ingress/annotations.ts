/**
 * The annotations of an Ingress by which ingress-nginx is told more than its rules say.
 *
 * Source: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
 */
import type { Ingress } from "../../kinds/schema/types.ts";

const PREFIX = "nginx.ingress.kubernetes.io/";

export interface Canary {
  /** Of a hundred requests. */
  readonly weight: number;
  readonly header?: string;
  /** The value with which the header chooses the canary; "always" where it is not said. */
  readonly headerValue?: string;
}

export interface NginxAnnotations {
  /** What the path of a request becomes; `$1` is the first group of the Ingress' path. */
  readonly rewriteTarget?: string;
  readonly useRegex: boolean;
  readonly sslRedirect: boolean;
  readonly forceSslRedirect: boolean;
  /** Where the root leads. */
  readonly appRoot?: string;
  /** Where everything leads, and by which status. */
  readonly redirect?: { readonly to: string; readonly status: number };
  /** Whether the backend is spoken to in TLS. */
  readonly https: boolean;
  /** The host that the backend sees. */
  readonly upstreamHost?: string;
  /** Other hosts that are served alike. */
  readonly aliases: readonly string[];
  readonly canary?: Canary;
}

/** Reads those that are known here; others say nothing. */
export function annotationsOf({ metadata: { annotations = {} } }: Ingress): NginxAnnotations {
  const text = (name: string) => annotations[PREFIX + name] || undefined;
  const yes = (name: string, otherwise = false) => {
    const value = text(name);
    return value === "true" || (value !== "false" && otherwise);
  };
  const [permanent, temporal] = [text("permanent-redirect"), text("temporal-redirect")];
  return {
    rewriteTarget: text("rewrite-target"),
    useRegex: yes("use-regex"),
    sslRedirect: yes("ssl-redirect", true),
    forceSslRedirect: yes("force-ssl-redirect"),
    appRoot: text("app-root"),
    redirect: permanent !== undefined
      ? { to: permanent, status: Number(text("permanent-redirect-code") ?? 301) }
      : temporal === undefined
      ? undefined
      : { to: temporal, status: Number(text("temporal-redirect-code") ?? 302) },
    https: ["HTTPS", "GRPCS"].includes(text("backend-protocol")?.toUpperCase() ?? ""),
    upstreamHost: text("upstream-vhost"),
    aliases: text("server-alias")?.split(",").map((alias) => alias.trim()).filter((alias) => alias !== "") ?? [],
    canary: yes("canary")
      ? {
        weight: Number(text("canary-weight") ?? 0),
        header: text("canary-by-header")?.toLowerCase(),
        headerValue: text("canary-by-header-value"),
      }
      : undefined,
  };
}
