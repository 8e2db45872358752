/**
 * The question that every request asks before it is served, and the answer to those who may not.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/filters/authorization.go`, `handlers/responsewriters/errors.go`.
 */
import type { Authorizer } from "./authz/authorizer.ts";
import { failure, forbidden, type StatusError } from "./status.ts";
import type { User } from "./user.ts";

/** What a request asks to do with a resource. */
export interface ResourceRequest {
  /** "get", "list", "create", "deletecollection"… */
  readonly verb: string;
  readonly group: string;
  /** The plural, "pods". */
  readonly resource: string;
  /** "" unless the request is for one. */
  readonly subresource: string;
  /** "" for cluster-wide objects and for all namespaces. */
  readonly namespace: string;
  /** "" when it is about all of them. */
  readonly name: string;
}

/** What a request asks to do with a path that is no resource: `{ verb: "get", path: "/version" }`. */
export interface PathRequest {
  readonly verb: string;
  readonly path: string;
}

/** @throws {StatusError} 403 when the authorizer does not allow it */
export function authorize(authorizer: Authorizer, user: User, request: ResourceRequest | PathRequest): void {
  if ("path" in request) {
    const { allowed, reason } = authorizer.authorize({ user, action: request, namespace: "" });
    if (!allowed) throw refusal(user, request, reason);
    return;
  }
  const { verb, group, name, namespace } = request;
  const action = { verb, group, resource: withSubresource(request), name };
  const { allowed, reason } = authorizer.authorize({ user, action, namespace });
  if (!allowed) throw refusal(user, request, reason);
}

const withSubresource = ({ resource, subresource }: ResourceRequest) =>
  subresource === "" ? resource : `${resource}/${subresource}`;

/** `pods is forbidden: User "alice" cannot list resource "pods" in API group "" in the namespace "default"` */
function refusal(user: User, request: ResourceRequest | PathRequest, reason: string): StatusError {
  const who = `User ${JSON.stringify(user.name)}`;
  const because = reason === "" ? "" : `: ${reason}`;
  if ("path" in request) {
    const { verb, path } = request;
    return failure(403, "Forbidden", `forbidden: ${who} cannot ${verb} path ${JSON.stringify(path)}${because}`, {});
  }
  const { verb, group, resource, namespace, name } = request;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  const asked = `cannot ${verb} resource ${JSON.stringify(withSubresource(request))} in API group ${
    JSON.stringify(group)
  } ${where}`;
  return forbidden({ group, name: resource }, name, `${who} ${asked}${because}`);
}
