/**
 * What the expressions of policies see of a request.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/cel/{activation,condition,composition}.go`.
 */
import { CelAuthorizer } from "../../../kinds/cel/library/authorizer.ts";
import { fromJson } from "../../../kinds/cel/values.ts";
import type { Json, JsonObject } from "../../../kinds/json.ts";
import type { Namespace } from "../../../kinds/schema/types.ts";
import { notFound } from "../../status.ts";
import type { Served } from "../../registry/served.ts";
import { authenticated, type User } from "../../user.ts";
import { type Attributes, stored } from "../plugin.ts";
import type { PolicyContext } from "./context.ts";
import { servedAt, toVersion } from "./versioned.ts";

/** By the names by which expressions call them. */
export type Inputs = Readonly<Record<string, unknown>>;

/**
 * @param version in which the policy asks for the resource
 * @throws {StatusError} when the request's namespace is not there
 */
export function inputsOf(
  attributes: Attributes,
  version: Pick<Served, "group" | "version">,
  context: PolicyContext,
): Inputs {
  const served = servedAt(attributes, version, context);
  const { object, oldObject } = attributes;
  const shown = (value: typeof object | typeof oldObject) =>
    value === undefined ? null : fromJson(toVersion(value, served, attributes));
  return {
    object: shown(object),
    oldObject: shown(oldObject),
    namespaceObject: namespaceOf(attributes, context),
    request: requestOf(attributes, version),
    authorizer: authorizerOf(attributes, context),
  };
}

/** The parts of the request's namespace that policies may see; null for what is in none. */
function namespaceOf({ group, resource, namespace }: Attributes, { store }: PolicyContext): unknown {
  if (namespace === "" || (group === "" && resource === "namespaces")) return null;
  const found = stored<Namespace>(store, "namespaces", namespace);
  if (found === undefined) throw notFound({ group: "", name: "namespaces" }, namespace);
  const { name, generateName, labels, annotations, uid, creationTimestamp, deletionTimestamp, finalizers } =
    found.metadata;
  return fromJson({
    metadata: { name, generateName, labels, annotations, uid, creationTimestamp, deletionTimestamp, finalizers },
    spec: found.spec,
    status: found.status,
  } as unknown as JsonObject);
}

function requestOf(attributes: Attributes, matched: Pick<Served, "group" | "version">): unknown {
  const { group, version, kind, resource, subresource, user, name, namespace, operation, dryRun, options } = attributes;
  const request: Record<string, unknown> = {
    kind: { group: matched.group, version: matched.version, kind },
    resource: { group: matched.group, version: matched.version, resource },
    subResource: subresource,
    requestKind: { group, version, kind },
    requestResource: { group, version, resource },
    requestSubResource: subresource,
    name,
    namespace,
    operation,
    userInfo: { username: user.name, uid: user.uid ?? "", groups: user.groups, extra: user.extra ?? {} },
    dryRun,
    options,
  };
  return fromJson(request as Record<string, Json>);
}

function authorizerOf(attributes: Attributes, { authorizer }: PolicyContext): CelAuthorizer {
  const { group, resource, subresource, namespace, name, user: requester } = attributes;
  return new CelAuthorizer(({ serviceAccount, path, verb, ...asked }) => {
    const user: User = serviceAccount === undefined
      ? requester
      : serviceAccountUser(serviceAccount.namespace, serviceAccount.name);
    if (path !== undefined) return authorizer.authorize({ user, action: { verb, path }, namespace: "" });
    const whole = asked.subresource === "" ? asked.resource : `${asked.resource}/${asked.subresource}`;
    const action = { verb, group: asked.group, resource: whole, name: asked.name };
    return authorizer.authorize({ user, action, namespace: asked.namespace });
  }, { group, resource, subresource, namespace, name });
}

const serviceAccountUser = (namespace: string, name: string): User =>
  authenticated(`system:serviceaccount:${namespace}:${name}`, [
    "system:serviceaccounts",
    `system:serviceaccounts:${namespace}`,
  ]);
