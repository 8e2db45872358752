/** What the filters of a rule make of a request. Source: https://gateway-api.sigs.k8s.io/reference/spec/#httproutefilter */
import { type HeaderChanges, hostName, pathOnly, type ProxyAnswer, type ProxyRequest, queryOf } from "../proxy.ts";
import { pathOf } from "./matching.ts";
import type { HeaderModifier, HTTPRouteFilter, HTTPRouteMatch, NameValue, PathModifier } from "./types.ts";

/** The answer of a filter that sends the client elsewhere. */
export function redirection(
  filters: readonly HTTPRouteFilter[],
  match: HTTPRouteMatch,
  request: ProxyRequest,
): ProxyAnswer | undefined {
  const redirect = filters.find(({ requestRedirect }) => requestRedirect !== undefined)?.requestRedirect;
  if (redirect === undefined) return undefined;
  const own = request.https ? "https" : "http";
  const { scheme = own, hostname = hostName(request.host), statusCode = 302 } = redirect;
  // A port goes with its scheme: it is kept where neither changes, and left out where it is the usual one.
  const port = redirect.port ?? (redirect.scheme === undefined ? request.port : usualPort(scheme));
  const path = redirect.path === undefined
    ? pathOnly(request.path)
    : modified(redirect.path, match, pathOnly(request.path));
  const authority = port === usualPort(scheme) ? hostname : `${hostname}:${port}`;
  const location = `${scheme}://${authority}${path}${queryOf(request.path)}`;
  return { to: "client", status: statusCode, headers: { location } };
}

const usualPort = (scheme: string) => scheme === "https" ? 443 : 80;

/** The path, query and host that the backend sees. */
export function rewritten(
  filters: readonly HTTPRouteFilter[],
  match: HTTPRouteMatch,
  { path, host = "" }: ProxyRequest,
): { readonly path: string; readonly host: string } {
  const rewrite = filters.find(({ urlRewrite }) => urlRewrite !== undefined)?.urlRewrite;
  const changed = rewrite?.path === undefined ? path : modified(rewrite.path, match, pathOnly(path)) + queryOf(path);
  return { path: changed, host: rewrite?.hostname ?? host };
}

function modified(modifier: PathModifier, match: HTTPRouteMatch, path: string): string {
  const { type, replaceFullPath = "/", replacePrefixMatch = "/" } = modifier;
  if (type === "ReplaceFullPath") return replaceFullPath;
  const rest = path.slice(pathOf(match).value.replace(/\/$/, "").length);
  const whole = replacePrefixMatch.replace(/\/$/, "") + rest;
  return whole.startsWith("/") ? whole : `/${whole}`;
}

/** Of a kind of filter, all changes as one. */
export function headerChanges(
  filters: readonly HTTPRouteFilter[],
  kind: "requestHeaderModifier" | "responseHeaderModifier",
): HeaderChanges {
  const modifiers = filters.flatMap((filter): HeaderModifier | readonly HeaderModifier[] => filter[kind] ?? []);
  return {
    set: pairs(modifiers.flatMap((one) => one.set ?? [])),
    add: pairs(modifiers.flatMap((one) => one.add ?? [])),
    remove: modifiers.flatMap((one) => one.remove ?? []),
  };
}

const pairs = (values: readonly NameValue[]) => Object.fromEntries(values.map(({ name, value }) => [name, value]));
