/**
 * Whether a request is what a rule of an HTTPRoute wants, and which rule goes first where several want it.
 *
 * Source: https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
 */
import { matchesPattern } from "../pattern.ts";
import { pathOnly, type ProxyRequest, queryOf } from "../proxy.ts";
import type { HTTPRouteMatch, NameValue } from "./types.ts";

/** A match that is left out, or that says nothing of the path, is for every path. */
export const pathOf = ({ path = {} }: HTTPRouteMatch) => ({
  type: path.type ?? "PathPrefix",
  value: path.value ?? "/",
});

/** Whether a request has the path, method, headers and parameters that a match wants. */
export function matches(match: HTTPRouteMatch, request: ProxyRequest): boolean {
  const query = new URLSearchParams(queryOf(request.path));
  const { method, headers = [], queryParams = [] } = match;
  return matchesPath(match, pathOnly(request.path)) && (method === undefined || method === (request.method ?? "GET")) &&
    headers.every((one) => matchesValue(one, request.headers[one.name.toLowerCase()])) &&
    queryParams.every((one) => matchesValue(one, query.get(one.name) ?? undefined));
}

function matchesPath(match: HTTPRouteMatch, path: string): boolean {
  const { type, value } = pathOf(match);
  if (type === "Exact") return path === value;
  if (type === "RegularExpression") return matchesPattern(`^(?:${value})`, path);
  // A prefix is one of whole elements: "/foo" has "/foo/bar", not "/foobar".
  const prefix = value.replace(/\/$/, "");
  return prefix === "" || path === prefix || path.startsWith(`${prefix}/`);
}

function matchesValue({ type = "Exact", value }: NameValue, given: string | undefined): boolean {
  return given !== undefined &&
    (type === "RegularExpression" ? matchesPattern(`^(?:${value})$`, given) : given === value);
}

/** The more of these, the sooner: exact path, length of the path, method, headers, parameters of the query. */
export function precedence(match: HTTPRouteMatch): readonly number[] {
  const { type, value } = pathOf(match);
  const kind = { Exact: 2, PathPrefix: 1 }[type] ?? 0;
  const { method, headers = [], queryParams = [] } = match;
  return [kind, value.length, method === undefined ? 0 : 1, headers.length, queryParams.length];
}

/** For sorting: what goes first comes first. */
export function byPrecedence(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, at) => value !== b[at]);
  return i < 0 ? 0 : b[i] - a[i];
}
