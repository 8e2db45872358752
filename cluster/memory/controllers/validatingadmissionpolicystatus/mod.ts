/**
 * Checks the expressions of policies against the kinds that they are about, and notes what it finds in their status.
 *
 * Source: `pkg/controller/validatingadmissionpolicystatus`.
 */
import { validatingAdmissionPolicies } from "../../api/kind_refs.ts";
import { type CheckedKind, typeWarnings } from "../../kinds/admissionregistration/type_checking.ts";
import { loadCel } from "../../kinds/cel/engine.ts";
import { shapeOf } from "../../kinds/schema/shape.ts";
import type { ValidatingAdmissionPolicy } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, isNotFound, reconcileQueue } from "../controller.ts";
import type { ServedResource } from "../options.ts";

/** So many kinds are looked at; a policy may be about all there are. */
const MOST_KINDS = 10;

export function startPolicyStatusController(context: ControllerContext): Controller {
  const { client, informers, options } = context;
  const policies = informers.for<ValidatingAdmissionPolicy>(validatingAdmissionPolicies);

  const queue = reconcileQueue(context, async (name) => {
    const policy = policies.get(undefined, name);
    if (policy === undefined) return;
    const observedGeneration = policy.metadata.generation ?? 0;
    if (observedGeneration <= (policy.status?.observedGeneration ?? 0)) return;
    await loadCel();
    const warnings = typeWarnings(policy, kindsOf(policy, options.resources?.() ?? []));
    const typeChecking = { expressionWarnings: warnings.length === 0 ? null : warnings };
    const body = { status: { observedGeneration, typeChecking } };
    try {
      await client.patch(validatingAdmissionPolicies, undefined, name, { type: "merge", subresource: "status", body });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  });
  const changed = ({ metadata }: ValidatingAdmissionPolicy) => queue.add(metadata.name!);
  policies.on({ added: changed, updated: changed });
  return queue;
}

/** The kinds that a policy's rules name; rules about everything, or about subresources, say nothing of types. */
function kindsOf({ spec }: ValidatingAdmissionPolicy, served: readonly ServedResource[]): CheckedKind[] {
  const named = (items: readonly string[] = []) => items.some((item) => /[*/]/.test(item)) ? [] : items;
  const found = new Set<ServedResource>();
  for (const rule of spec?.matchConstraints?.resourceRules ?? []) {
    for (const resource of served) {
      const { group, version, plural } = resource;
      if (!named(rule.apiGroups).includes(group) || !named(rule.apiVersions).includes(version)) continue;
      if (named(rule.resources).includes(plural)) found.add(resource);
    }
  }
  const text = ({ group, version, kind }: ServedResource) => `${group} ${version} ${kind}`;
  return [...found].sort((a, b) => text(a) < text(b) ? -1 : 1).slice(0, MOST_KINDS)
    .map(({ group, version, kind, type = "", shape }) => ({ group, version, kind, shape: shape ?? shapeOf(type) }));
}
