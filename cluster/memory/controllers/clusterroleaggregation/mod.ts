/**
 * Gives ClusterRoles with an aggregation rule the rules of those that they select.
 *
 * Source: `pkg/controller/clusterroleaggregation`.
 */
import { clusterRoles as clusterRoleKind } from "../../api/kind_refs.ts";
import type { ClusterRole, PolicyRule } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import { type Controller, type ControllerContext, reconcileQueue } from "../controller.ts";
import { matches } from "../selectors.ts";

export function startClusterRoleAggregation(context: ControllerContext): Controller {
  const { client, informers } = context;
  const roles = informers.for<ClusterRole>(clusterRoleKind)
    .index("aggregating", ({ aggregationRule }) => aggregationRule === undefined ? [] : [""]);

  const reconcile = async (name: string): Promise<void> => {
    const role = roles.get(undefined, name);
    if (role?.aggregationRule === undefined) return;
    const rules: PolicyRule[] = [];
    const byName = roles.list().sort((a, b) => a.metadata.name! < b.metadata.name! ? -1 : 1);
    for (const selector of role.aggregationRule.clusterRoleSelectors ?? []) {
      for (const other of byName) {
        if (other.metadata.name === name || !matches(selector, other.metadata.labels)) continue;
        for (const rule of other.rules ?? []) if (!rules.some((known) => same(known, rule))) rules.push(rule);
      }
    }
    if (same(rules, role.rules ?? [])) return;
    const body = { metadata: { resourceVersion: role.metadata.resourceVersion }, rules };
    await client.patch(clusterRoleKind, undefined, name, { type: "merge", body });
  };
  const queue = reconcileQueue(context, reconcile);
  const addAll = () => roles.by("aggregating", "").forEach(({ metadata }) => queue.add(metadata.name!));
  roles.on({ added: addAll, updated: addAll, deleted: addAll });
  return queue;
}
