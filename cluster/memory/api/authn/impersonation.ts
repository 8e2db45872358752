/**
 * Acting as somebody else: `kubectl --as alice --as-group dev`.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/filters/impersonation`.
 */
import { authorize } from "../authorize.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import type { ApiRequest } from "../http/message.ts";
import { internalError } from "../status.ts";
import type { User } from "../user.ts";

const EXTRA = "impersonate-extra-";
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;
const [AUTHENTICATED, UNAUTHENTICATED] = ["system:authenticated", "system:unauthenticated"];

/**
 * As whom the request is to be served.
 *
 * @throws {StatusError} 403 for what `user` may not impersonate
 */
export function impersonated(request: ApiRequest, user: User, authorizer: Authorizer): User {
  const { headers } = request;
  const name = headers["impersonate-user"] ?? "";
  const uid = headers["impersonate-uid"] ?? "";
  const groups = headers["impersonate-group"] === undefined ? [] : request.values("impersonate-group");
  const extra = extraOf(request);
  if (name === "") {
    if (groups.length === 0 && uid === "" && extra === undefined) return user;
    throw internalError(
      "requested " + JSON.stringify(groups) + " without impersonating a user",
    );
  }
  const may = (group: string, resource: string, name: string, namespace = "", subresource = "") =>
    authorize(authorizer, user, { verb: "impersonate", group, resource, subresource, namespace, name });
  const account = SERVICE_ACCOUNT.exec(name);
  if (account === null) may("", "users", name);
  else may("", "serviceaccounts", account[2], account[1]);
  for (const group of groups) may("", "groups", group);
  for (const [key, values] of Object.entries(extra ?? {})) {
    for (const value of values) may("authentication.k8s.io", "userextras", value, "", key);
  }
  if (uid !== "") may("authentication.k8s.io", "uids", uid);
  const known = groups.length === 0 && account !== null
    ? ["system:serviceaccounts", `system:serviceaccounts:${account[1]}`]
    : groups;
  return {
    name,
    groups: withAuthentication(name, known),
    ...uid === "" ? {} : { uid },
    ...extra === undefined ? {} : { extra },
  };
}

function withAuthentication(name: string, groups: readonly string[]): readonly string[] {
  if (groups.includes(UNAUTHENTICATED)) return groups;
  if (name === "system:anonymous") return [...groups, UNAUTHENTICATED];
  return groups.includes(AUTHENTICATED) ? groups : [...groups, AUTHENTICATED];
}

function extraOf(request: ApiRequest): Readonly<Record<string, readonly string[]>> | undefined {
  const names = Object.keys(request.headers).filter((name) => name.startsWith(EXTRA));
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [unescaped(name.slice(EXTRA.length)), request.values(name)]));
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
