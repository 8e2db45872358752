/**
 * What nodes may do: what the role system:node says, to the members of system:nodes, without any binding.
 *
 * Source: `plugin/pkg/auth/authorizer/node`. The real one also narrows reading down to what a node's own pods refer to;
 * here kubelets share their view of the cluster, so there is nothing to narrow.
 */
import type { Authorizer } from "./authorizer.ts";
import type { RuleResolver } from "./rule_resolver.ts";
import { ruleAllows } from "./rules.ts";

const ROLE = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:node" };

/** Asks `next` about everybody else, and about what the role does not say. */
export function nodeAuthorizer(resolver: RuleResolver, next: Authorizer): Authorizer {
  return {
    authorize(question) {
      const { user, action } = question;
      if (user.groups.includes("system:nodes") && user.name.startsWith("system:node:")) {
        const rules = resolver.rulesOf(ROLE, "") ?? [];
        if (rules.some((rule) => ruleAllows(rule, action))) return { allowed: true, reason: "" };
      }
      return next.authorize(question);
    },
  };
}
