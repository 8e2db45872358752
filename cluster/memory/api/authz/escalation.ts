/**
 * Nobody grants what they do not have: who writes roles and bindings must hold the permissions in them, or be allowed
 * to `escalate` or `bind`.
 *
 * Source: `pkg/registry/rbac/escalation_check.go`, `pkg/registry/rbac/validation/rule.go`.
 */
import type { KubeObject } from "../../kinds/object.ts";
import type { ClusterRole, PolicyRule, RoleBinding } from "../../kinds/schema/types.ts";
import { forbidden, notFound } from "../status.ts";
import { SYSTEM_MASTERS, type User } from "../user.ts";
import type { Authorizer } from "./authorizer.ts";
import type { RuleResolver } from "./rule_resolver.ts";
import { compact, describeRule, notCovered } from "./rules.ts";

const GROUP = "rbac.authorization.k8s.io";

const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

export interface GrantingRequest {
  readonly user: User;
  /** "roles", "clusterroles", "rolebindings" or "clusterrolebindings". */
  readonly resource: string;
  readonly namespace: string;
  readonly object: KubeObject;
  readonly oldObject?: KubeObject;
}

export class EscalationCheck {
  constructor(readonly authorizer: Authorizer, readonly resolver: RuleResolver) {}

  /** @throws {StatusError} Forbidden, with the permissions that the user lacks */
  check(request: GrantingRequest): void {
    if (request.user.groups.includes(SYSTEM_MASTERS)) return;
    if (request.oldObject !== undefined && changesOnlyOwnership(request.object, request.oldObject)) return;
    if (request.resource.endsWith("bindings")) this.#checkBinding(request);
    else this.#checkRole(request);
  }

  #checkRole({ user, resource, namespace, object, oldObject }: GrantingRequest): void {
    const name = object.metadata.name ?? "";
    const action = { verb: "escalate", group: GROUP, resource, name };
    if (this.authorizer.authorize({ user, action, namespace }).allowed) return;
    const role = object as ClusterRole;
    this.#mustHold(user, namespace, role.rules ?? [], resource, name);
    const gathers = [role, oldObject as ClusterRole | undefined]
      .some((one) => (one?.aggregationRule?.clusterRoleSelectors ?? []).length > 0);
    if (gathers && notCovered(this.#held(user, namespace), EVERYTHING).length > 0) {
      const why = "must have cluster-admin privileges to use the aggregationRule";
      throw forbidden({ group: GROUP, name: resource }, name, why);
    }
  }

  #checkBinding({ user, resource, namespace, object }: GrantingRequest): void {
    const { roleRef, metadata } = object as RoleBinding;
    const plural = roleRef.kind === "Role" ? "roles" : "clusterroles";
    const action = { verb: "bind", group: roleRef.apiGroup || GROUP, resource: plural, name: roleRef.name };
    if (this.authorizer.authorize({ user, action, namespace }).allowed) return;
    const rules = this.resolver.rulesOf(roleRef, namespace);
    if (rules === undefined) throw notFound({ group: GROUP, name: resource }, roleRef.name);
    this.#mustHold(user, namespace, rules, resource, metadata.name ?? "");
  }

  #held(user: User, namespace: string): PolicyRule[] {
    return [...this.resolver.rulesFor(user, namespace)].map(({ rule }) => rule);
  }

  #mustHold(user: User, namespace: string, rules: readonly PolicyRule[], resource: string, name: string): void {
    const missing = notCovered(this.#held(user, namespace), rules);
    if (missing.length === 0) return;
    const groups = user.groups.map((group) => JSON.stringify(group)).join(" ");
    const who = `user ${JSON.stringify(user.name)} (groups=[${groups}])`;
    const lines = [...new Set(compact(missing).map(describeRule))].sort().join("\n");
    const why = `${who} is attempting to grant RBAC permissions not currently held:\n${lines}`;
    throw forbidden({ group: GROUP, name: resource }, name, why);
  }
}

/** The garbage collector may take finalizers and owners away from roles that it could not write. */
function changesOnlyOwnership(object: KubeObject, old: KubeObject): boolean {
  const rest = ({ metadata, ...others }: KubeObject) => {
    const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _managed, ...meta } = metadata;
    return JSON.stringify({ ...others, meta });
  };
  return rest(object) === rest(old);
}
