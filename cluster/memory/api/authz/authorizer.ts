/**
 * Who may do what: RBAC, and the group system:masters, which may do all.
 *
 * Source: `plugin/pkg/auth/authorizer/rbac/rbac.go`, `k8s.io/apiserver/pkg/authorization`.
 */
import { SYSTEM_MASTERS, type User } from "../user.ts";
import type { RuleResolver } from "./rule_resolver.ts";
import { type Action, ruleAllows } from "./rules.ts";

/** Somebody asks to do something. */
export interface Question {
  readonly user: User;
  readonly action: Action;
  /** "" for what is not in a namespace. */
  readonly namespace: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** `RBAC: allowed by ClusterRoleBinding "…" of …`; "" where there is nothing to say. */
  readonly reason: string;
}

export interface Authorizer {
  authorize(question: Question): Decision;
}

/** Everybody may do everything: for a cluster without authorization. */
export const allowAll: Authorizer = { authorize: () => ({ allowed: true, reason: "" }) };

export function rbac(resolver: RuleResolver): Authorizer {
  return {
    authorize({ user, action, namespace }) {
      if (user.groups.includes(SYSTEM_MASTERS)) return { allowed: true, reason: "" };
      for (const { rule, source } of resolver.rulesFor(user, namespace)) {
        if (ruleAllows(rule, action)) return { allowed: true, reason: `RBAC: allowed by ${source}` };
      }
      return { allowed: false, reason: "" };
    },
  };
}
