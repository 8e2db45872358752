/**
 * Roles and bindings: nobody grants what they do not have.
 *
 * Source: `pkg/registry/rbac/{role,clusterrole,rolebinding,clusterrolebinding}/policybased`.
 */
import type { Authorizer } from "../authz/authorizer.ts";
import { EscalationCheck } from "../authz/escalation.ts";
import type { RuleResolver } from "../authz/rule_resolver.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { Call } from "../registry/call.ts";
import type { StorageHooks } from "../registry/storage_hooks.ts";

const nothing = () => {};

export function roleStorage(authorizer: Authorizer, resolver: RuleResolver): StorageHooks {
  const escalation = new EscalationCheck(authorizer, resolver);
  const check = ({ user, served, namespace }: Call, object: unknown, oldObject?: KubeObject) => {
    const resource = served.kind.plural;
    escalation.check({ user, resource, namespace, object: object as KubeObject, oldObject });
    return nothing;
  };
  return {
    beginCreate: (object, call) => check(call, object),
    beginUpdate: (object, old, call) => check(call, object, old),
  };
}
